"""The pages of fields, lists, exports, schemas and organisations: light and dark, wide and narrow, under axe-core."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from apps.accounts.models import User
from apps.documents.models import Document
from apps.extraction.fields.services.schemas import FieldDraft, field_add
from apps.extraction.models import FieldValue
from apps.pipeline.models import Export
from apps.review.models import ReviewTask

SHAPES = [
    pytest.param({"width": width, "height": 800}, theme, id=f"{theme}-{width}")
    for theme in ("light", "dark")
    for width in (1280, 360)
]
Desk = dict[str, Document]


def _paths(desk: Desk) -> list[str]:
    invoice, contract = f"/documents/{desk['invoice'].pk}/", f"/documents/{desk['contract'].pk}/"
    task = ReviewTask.objects.filter(document=desk["contract"], kind="FIELDS").get()
    seller = FieldValue.objects.get(document=desk["invoice"], key="seller_name").organisation_id
    return [
        *(
            invoice + rest
            for rest in ("", "?edit=buyer_name", "?edit=grand_total", "?edit=line_items", "?edit=due_date")
        ),
        *(invoice + rest for rest in ("?edit=%2B", "values/")),
        *(contract + rest for rest in ("?page=2", "?edit=party", f"?review={task.pk}")),
        "/attention/",
        "/documents/?missing=due_date&field=grand_total&at_least=1",
        "/exports/",
        *(f"/exports/{export.pk}/" for export in Export.objects.all()),
        "/schemas/",
        "/schemas/invoice/",
        "/schemas/invoice/?version=1",
        "/organisations/",
        f"/organisations/{seller}/?with=a",
        "/fields/contract/party/",
        "/fields/invoice/own/",
    ]


@pytest.mark.parametrize(("viewport", "theme"), SHAPES)
def test_pages(
    new_page: Callable[..., Page],
    looks_right: Callable[[Page], None],
    alice: User,
    bob: User,
    desk: Desk,
    exported: None,
    viewport: dict[str, int],
    theme: str,
) -> None:
    for label in ("Own", "Another"):
        draft = FieldDraft(label.lower(), "text", label)
        field_add(workspace_id=desk["invoice"].workspace_id, document_type="invoice", draft=draft, by=alice)
    page = new_page(alice, viewport=viewport, theme=theme)
    for path in _paths(desk):
        page.goto(path)
        page.locator("html.has-js").wait_for()
        assert page.locator("h1").count() == 1, path
        looks_right(page)
    viewer = new_page(bob, viewport=viewport, theme=theme)
    for path in (f"/documents/{desk['invoice'].pk}/", "/schemas/invoice/", "/exports/", "/fields/contract/party/"):
        viewer.goto(path)
        looks_right(viewer)
