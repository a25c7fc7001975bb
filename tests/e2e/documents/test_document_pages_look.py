"""Every page about documents, light and dark, wide and narrow, under axe-core, with dialogs and menus open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from apps.accounts.models import User
from apps.documents.models import Document
from apps.documents.services import documents_trash

SHAPES = [
    pytest.param({"width": width, "height": 800}, theme, id=f"{theme}-{width}")
    for theme in ("light", "dark")
    for width in (1280, 360)
]
TABS = ("", "text/", "tables/", "values/", "type/", "problems/", "timeline/")


@pytest.mark.parametrize(("viewport", "theme"), SHAPES)
def test_document_pages(
    new_page: Callable[..., Page],
    looks_right: Callable[[Page], None],
    alice: User,
    bob: User,
    pile: dict[str, Document],
    viewport: dict[str, int],
    theme: str,
) -> None:
    page = new_page(alice, viewport=viewport, theme=theme)
    paths = ["/documents/", "/documents/?status=failed&type=invoice", "/documents/upload/", "/trash/"]
    paths += [f"/documents/{pile['invoice.pdf'].pk}/{tab}" for tab in TABS]
    paths += [f"/documents/{pile[name].pk}/" for name in ("receipt.jpg", "note.txt", "waiting.txt")]
    paths += [f"/documents/{pile['broken.pdf'].pk}/problems/"]
    documents_trash(documents=[pile["trashed.txt"]], by=alice)
    for path in paths:
        page.goto(path)
        page.locator("html.has-js").wait_for()
        assert page.locator("h1").count() == 1, path
        looks_right(page)
    viewer = new_page(bob, viewport=viewport, theme=theme)
    for path in ("/documents/", f"/documents/{pile['invoice.pdf'].pk}/", "/trash/"):
        viewer.goto(path)
        looks_right(viewer)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_with_everything_open(
    new_page: Callable[..., Page],
    looks_right: Callable[[Page], None],
    alice: User,
    pile: dict[str, Document],
    theme: str,
) -> None:
    page = new_page(alice, theme=theme)
    page.goto("/documents/")
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Select all on this page").check()
    looks_right(page)
    page.locator("#bulk-form").get_by_role("button", name="Trash").click()
    looks_right(page)
    page.goto(f"/documents/{pile['invoice.pdf'].pk}/")
    for menu in ("Rename", "More actions"):
        page.get_by_label(menu).click()
        looks_right(page)
    page.get_by_role("button", name="Move to trash").first.click()
    looks_right(page)
