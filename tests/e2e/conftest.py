"""A real browser, and what every page must be: accessible, quiet, within the policy, no wider than the screen."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import User

# Playwright's synchronous interface runs an event loop in this thread, where Django would refuse to touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE, PHONE = ViewportSize(width=1280, height=860), ViewportSize(width=360, height=740)
NewPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder."""
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's browser where there is one, else Playwright's own."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    system = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **system, "args": ["--no-sandbox"]}


class Watch:
    """Collects what a page complains about while it is used."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer) -> Iterator[NewPage]:
    """Open pages of any size and theme, signed in or not; whatever they complained about fails the test in the end."""
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def opened(user: User | None = None, *, viewport: ViewportSize = WIDE, theme: str = "light") -> Page:
        context = browser.new_context(viewport=viewport, base_url=live_server.url)
        contexts.append(context)
        cookies = {"docintel_theme": theme}
        if user is not None:
            client = Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        page = context.new_page()
        watches.append(Watch(page))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [complaint for watch in watches for complaint in watch.complaints] == []


@pytest.fixture(scope="session")
def looks_right() -> Callable[[Page], None]:
    """Check a page as it stands: no accessibility violation, nothing wider than the screen."""
    axe = Axe()

    def check(page: Page) -> None:
        found = axe.run(page).response["violations"]
        named = [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
        assert named == [], page.url
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), f"{page.url} scrolls sideways"

    return check
