"""What people do with their account, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import Membership, User
from apps.accounts.services import user_create, workspace_create

PASSWORD = "quiet-river-88"
NewPage = Callable[..., Page]
Check = Callable[[Page], None]


@pytest.fixture
def dora(db: None) -> User:
    """Give somebody with a password and a workspace."""
    dora = user_create(email="dora@example.org", password=PASSWORD, name="Dora Diaz")
    workspace_create(owner=dora, name="Delta")
    return dora


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/?next=/profile/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_sign_in_by_email_whatever_its_case(new_page: NewPage, dora: User) -> None:
    page = new_page()
    sign_in(page, "Dora@Example.org")
    expect(page.get_by_role("heading", name="Profile")).to_be_visible()


def test_wrong_password_is_said_and_tied_to_the_form(new_page: NewPage, looks_right: Check, dora: User) -> None:
    page = new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(dora.email)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("not correct")
    looks_right(page)


def test_passkey_from_adding_to_signing_in(new_page: NewPage, looks_right: Check, dora: User) -> None:
    page = new_page()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, dora.email)
    expect(page.get_by_role("heading", name="Profile")).to_be_visible()
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    looks_right(page)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Passwordless").check()
    looks_right(page)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert page.locator("#recovery-codes li").count() == 10
    looks_right(page)
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("Laptop")).to_be_visible()
    looks_right(page)
    page.context.clear_cookies()
    page.goto("/accounts/login/?next=/profile/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Profile")).to_be_visible()
    page.context.clear_cookies()
    sign_in(page, dora.email)
    expect(page.get_by_role("heading", name="Two-Factor Authentication")).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Use a security key").click()
    expect(page.get_by_role("heading", name="Profile")).to_be_visible()


def test_token_is_shown_copied_and_revoked(new_page: NewPage, looks_right: Check, dora: User) -> None:
    page = new_page(dora)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/workspace/tokens/")
    page.get_by_label("Name").fill("scanner")
    page.get_by_role("button", name="Create token").click()
    secret = page.get_by_label("New API token").input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#toasts .notice")).to_contain_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == secret
    looks_right(page)
    page.get_by_role("button", name="Revoke scanner").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    looks_right(page)
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Revoke scanner").click()
    dialog.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("No tokens yet")).to_be_visible()


def test_invited_person_signs_up_and_lands_inside(new_page: NewPage, dora: User) -> None:
    owner = new_page(dora)
    owner.goto("/workspace/members/")
    owner.get_by_label("Email address").fill("eve@example.org")
    owner.get_by_role("button", name="Send invitation").click()
    guest = new_page()
    guest.goto(owner.get_by_label("Invitation link").input_value())
    guest.get_by_role("link", name="Create an account").click()
    guest.goto(f"{guest.url}&next=/profile/")
    expect(guest.get_by_label("Email")).to_have_value("eve@example.org")
    guest.get_by_label("Password", exact=True).fill(PASSWORD)
    guest.get_by_label("Password (again)").fill(PASSWORD)
    guest.get_by_role("button", name="Create account").click()
    expect(guest.get_by_role("heading", name="Profile")).to_be_visible()
    assert Membership.objects.get(user__email="eve@example.org").workspace.name == "Delta"


def test_menus_by_keyboard_and_theme_that_lasts(new_page: NewPage, looks_right: Check, dora: User) -> None:
    page = new_page(dora, theme="auto")
    page.goto("/profile/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    menu = page.locator("details.menu", has=page.get_by_text("Signed in as"))
    summary = menu.locator("summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    looks_right(page)
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_navigation_on_a_phone(new_page: NewPage, looks_right: Check, dora: User) -> None:
    workspace_create(owner=dora, name="Second desk")
    page = new_page(dora, viewport={"width": 360, "height": 740})
    page.goto("/workspace/members/")
    sidebar = page.get_by_role("navigation", name="Main")
    expect(sidebar).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(sidebar).to_be_visible()
    looks_right(page)
    page.keyboard.press("Escape")
    expect(sidebar).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    sidebar.get_by_label("Workspace Delta: switch").click()
    expect(sidebar.get_by_role("button", name="Second desk")).to_be_visible()
    looks_right(page)


def test_without_script_the_pages_still_work(new_page: NewPage, dora: User) -> None:
    page = new_page(dora)
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/workspace/tokens/")
    page.get_by_label("Name").fill("scanner")
    page.get_by_role("button", name="Create token").click()
    expect(page.get_by_label("New API token")).to_be_visible()
    page.get_by_role("button", name="Revoke scanner").click()
    expect(page.get_by_text("No tokens yet")).to_be_visible()
