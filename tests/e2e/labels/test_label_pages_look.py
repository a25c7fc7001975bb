"""The pages of types and tags, light and dark, wide and narrow, under axe-core; adding one by keyboard and mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User, Workspace
from apps.classification.models import TagSuggestion
from apps.classification.services import LabelDraft, label_create
from apps.documents.models import Document
from tests.e2e.documents.conftest import own_places
from tests.integration.web.tags.conftest import version, wanting

__all__ = ["own_places", "version", "wanting"]
SHAPES = [
    pytest.param({"width": width, "height": 800}, theme, id=f"{theme}-{width}")
    for theme in ("light", "dark")
    for width in (1280, 360)
]


@pytest.mark.parametrize(("viewport", "theme"), SHAPES)
def test_type_and_tag_pages(
    new_page: Callable[..., Page],
    looks_right: Callable[[Page], None],
    workspace: Workspace,
    alice: User,
    bob: User,
    wanting: Document,
    viewport: dict[str, int],
    theme: str,
) -> None:
    paths = (
        "/types/",
        "/types/delivery_note/",
        "/tags/",
        f"/tags/versions/{TagSuggestion.objects.get().model_version_id}/",
        f"/documents/{wanting.pk}/text/",
    )
    draft = LabelDraft("Delivery note", "A delivery note: goods handed over, without prices, signed.")
    label_create(workspace_id=workspace.pk, draft=draft, by=alice)
    for person in (alice, bob):
        page = new_page(person, viewport=viewport, theme=theme)
        for path in (*paths, "/documents/?suggested=acme"):
            page.goto(path)
            page.locator("html.has-js").wait_for()
            looks_right(page)


def test_adding_a_type(
    new_page: Callable[..., Page], looks_right: Callable[[Page], None], workspace: Workspace, alice: User
) -> None:
    page = new_page(alice)
    page.goto("/types/")
    page.get_by_label("Name").fill("Delivery note")
    page.get_by_label("What it is, in one sentence").fill("Goods handed over, without prices.")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("link", name="Delivery note").click()
    page.get_by_role("button", name="Retire").click()
    looks_right(page)
    page.get_by_role("dialog").get_by_role("button", name="Retire").click()
    expect(page.get_by_role("button", name="Propose again")).to_be_visible()
