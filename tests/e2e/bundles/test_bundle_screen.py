"""The screen for bundles in a browser: what it looks like everywhere, and splitting with and without JavaScript."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import User, Workspace
from apps.core.broker import redis_client
from apps.documents.models import Document, Source
from apps.extraction.rendering import close_renderers
from apps.pipeline.services.ingest import ingest_upload
from tests.integration.web.documents.processing import process_everything
from tests.unit.extraction.makers_bundles import bundle_pdf, invoice, letter, report

SHAPES = [
    pytest.param({"width": width, "height": 800}, theme, id=f"{theme}-{width}")
    for theme in ("light", "dark")
    for width in (1280, 360)
]
PAGES = [report(1, 2), report(2, 2), ["|PATCHT"], invoice("Acme", "2026-00471"), [], letter("Borealis")]


@pytest.fixture(autouse=True)
def own_places(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Keep drawn pages of every test apart, and end the renderers' children."""
    settings.DATA_DIR = tmp_path
    redis_client().flushdb()
    yield
    close_renderers()


@pytest.fixture
def bundle(workspace: Workspace, alice: User) -> Document:
    """Give a scan of three documents, read."""
    document = ingest_upload(
        workspace_id=workspace.pk, chunks=[bundle_pdf(PAGES)], file_name="scan.pdf", source=Source.WEB, by=alice
    ).document
    process_everything()
    document.refresh_from_db()
    return document


@pytest.mark.parametrize(("viewport", "theme"), SHAPES)
def test_looks(
    new_page: Callable[..., Page],
    looks_right: Callable[[Page], None],
    alice: User,
    bob: User,
    bundle: Document,
    viewport: dict[str, int],
    theme: str,
) -> None:
    page = new_page(alice, viewport=viewport, theme=theme)
    for path in (f"/documents/{bundle.pk}/split/", f"/documents/{bundle.pk}/", "/attention/"):
        page.goto(path)
        page.locator("html.has-js").wait_for()
        assert page.locator("h1").count() == 1, path
        looks_right(page)
        _kept(page, f"{theme}-{viewport['width']}-{path.strip('/').split('/')[-1]}")
    page.goto(f"/documents/{bundle.pk}/split/")
    page.get_by_role("button", name="Split", exact=True).click()
    page.get_by_role("heading", name="scan.pdf").wait_for()
    looks_right(page)
    _kept(page, f"{theme}-{viewport['width']}-parts")
    viewer = new_page(bob, viewport=viewport, theme=theme)
    viewer.goto(f"/documents/{bundle.pk}/split/")
    looks_right(viewer)


def _kept(page: Page, name: str) -> None:
    """Keep a picture where one is asked for."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.wait_for_load_state("networkidle")
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_person_changes_the_cuts(new_page: Callable[..., Page], alice: User, bundle: Document) -> None:
    page = new_page(alice)
    page.goto(f"/documents/{bundle.pk}/split/")
    page.get_by_role("group", name="Page 2").get_by_label("New document").check()
    page.get_by_role("group", name="Page 6").get_by_label("New document").uncheck()
    page.get_by_label("Turn page 6").select_option("90")
    page.get_by_role("button", name="Split", exact=True).click()
    expect(page.get_by_text("Made 3 documents of “scan.pdf”.")).to_be_visible()
    assert [part.part_key for part in bundle.children.order_by("pk")] == ["pages 1", "pages 2", "pages 4,6@90"]


def test_without_javascript(browser: Browser, live_server: LiveServer, alice: User, bundle: Document) -> None:
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"/documents/{bundle.pk}/split/")
    page.get_by_role("group", name="Page 4").get_by_label("New document").uncheck()
    page.get_by_role("button", name="Count anew").click()
    expect(page.get_by_text("2 documents as shown")).to_be_visible()
    page.get_by_role("button", name="Split", exact=True).click()
    expect(page.get_by_text("Made 2 documents")).to_be_visible()
    context.close()
    assert bundle.children.count() == 2
