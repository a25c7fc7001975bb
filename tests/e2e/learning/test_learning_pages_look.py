"""The pages of what was learned and of what is accepted automatically, under axe-core; taking learning back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.classification.models import Refit
from apps.documents.models import Document
from apps.review.models import Certificate
from tests.e2e.documents.conftest import own_places
from tests.integration.web.acceptance.conftest import certificate
from tests.integration.web.learning.conftest import corrected, refit

__all__ = ["certificate", "corrected", "own_places", "refit"]
SHAPES = [
    pytest.param({"width": width, "height": 800}, theme, id=f"{theme}-{width}")
    for theme in ("light", "dark")
    for width in (1280, 360)
]


@pytest.mark.parametrize(("viewport", "theme"), SHAPES)
def test_learning_pages(
    new_page: Callable[..., Page],
    looks_right: Callable[[Page], None],
    alice: User,
    refit: Refit,
    certificate: Certificate,
    viewport: dict[str, int],
    theme: str,
) -> None:
    page = new_page(alice, viewport=viewport, theme=theme)
    for path in ("/learning/", f"/learning/{refit.pk}/", "/auto-accept/", f"/auto-accept/{certificate.pk}/"):
        page.goto(path)
        page.locator("html.has-js").wait_for()
        looks_right(page)


def test_from_a_document_to_its_receipt_and_back(
    new_page: Callable[..., Page], looks_right: Callable[[Page], None], alice: User, refit: Refit, corrected: Document
) -> None:
    page = new_page(alice)
    page.goto(f"/documents/{corrected.pk}/text/")
    line = page.locator(".type-learned")
    expect(line).to_contain_text("Changed 1 other: see it")
    looks_right(page)
    line.get_by_role("link").click()
    page.get_by_role("button", name="Take back").click()
    page.get_by_role("dialog").get_by_role("button", name="Take back").click()
    expect(page.get_by_text("Taken back: 2 documents as before.")).to_be_visible()
