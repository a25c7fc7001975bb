"""Every account and workspace page, light and dark, wide and narrow, under axe-core."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from apps.accounts.models import Role, User, Workspace
from apps.accounts.services import invitation_create, token_create

PUBLIC = ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/")
OWN = (
    "/profile/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
    "/accounts/sessions/",
    "/accounts/2fa/totp/activate/",
    "/accounts/logout/",
    "/workspaces/new/",
    "/workspace/settings/",
    "/workspace/members/",
    "/workspace/tokens/",
)
SHAPES = [
    pytest.param({"width": width, "height": 800}, theme, id=f"{theme}-{width}")
    for theme in ("light", "dark")
    for width in (1280, 360)
]


@pytest.mark.parametrize(("viewport", "theme"), SHAPES)
def test_account_pages(
    new_page: Callable[..., Page],
    looks_right: Callable[[Page], None],
    alice: User,
    bob: User,
    workspace: Workspace,
    viewport: dict[str, int],
    theme: str,
) -> None:
    _, secret = invitation_create(workspace=workspace, email="dora@example.org", role=Role.EDITOR, by=alice)
    token_create(workspace=workspace, user=alice, name="scanner in the office", scopes=["read", "write"])
    visitor, owner = new_page(viewport=viewport, theme=theme), new_page(alice, viewport=viewport, theme=theme)
    for page, paths in ((visitor, (*PUBLIC, f"/invitations/{secret}/")), (owner, OWN)):
        for path in paths:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            assert page.locator("html").get_attribute("data-bs-theme") == theme
            assert page.locator("h1").count() == 1, path
            looks_right(page)


def test_error_pages(new_page: Callable[..., Page], looks_right: Callable[[Page], None], bob: User) -> None:
    page = new_page(bob, theme="dark")
    for path, words in (("/no/such/page/", "Nothing here"), ("/workspace/settings/", "You may not do that")):
        # As 200, since the browser logs every page that failed as an error of its own.
        page.route(f"**{path}", lambda route: route.fulfill(response=route.fetch(), status=200))
        page.goto(path)
        assert page.locator("h1").inner_text() == words
        looks_right(page)
