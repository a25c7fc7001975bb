"""Dashboard, attention and search in a real browser: what people see and do, in both themes and on a phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from apps.accounts.models import User, Workspace
from apps.accounts.services import user_create, workspace_create
from apps.classification.models import ModelVersion, Prediction
from apps.core.clock import now
from apps.documents.models import Document, DocumentStatus, TypeSource
from apps.pipeline.models import PipelineRun, RunState
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.services.runs import run_advance, run_lock
from apps.review.services import task_open
from tests.library import shelve

NewPage = Callable[..., Page]
Check = Callable[[Page], None]
WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 360, "height": 740}
BROKEN = {"code": "corrupt", "message": "The file is damaged or incomplete and cannot be read.", "step": "read"}
TYPES = ("invoice", "contract", "receipt", "email", "letter", "")


@pytest.fixture
def dora(db: None) -> User:
    """Give somebody with an empty workspace."""
    dora = user_create(email="dora@example.org", password="quiet-river-88", name="Dora Diaz")
    workspace_create(owner=dora, name="Delta")
    return dora


@pytest.fixture
def delta(dora: User) -> Workspace:
    """Give that workspace, filled."""
    delta = Workspace.objects.get(name="Delta")
    for number in range(10):
        moment = now() - timedelta(hours=7 * number)
        text = f"The copper kettle number {number} and its very long story. " * 3
        title = f"A paper with a rather long title, number {number}"
        shelve(delta, "cover", text, title=title, type_label=TYPES[number % 6], confidence=0.95, received_at=moment)
    shelve(delta, title="Bad scan", status=DocumentStatus.FAILED, errors=[BROKEN])
    shelve(delta, "half", title="Torn scan", status=DocumentStatus.PARTIAL, errors=[BROKEN])
    for title in ("First odd paper", "Second odd paper"):
        ask(delta, title)
    return delta


def ask(workspace: Workspace, title: str) -> Document:
    document = shelve(workspace, "odd", title=title, type_label="invoice", confidence=0.6, media_type="text/plain")
    model, _ = ModelVersion.objects.get_or_create(family="document_type", version="1", artifact_sha256="0" * 64)
    assert document.current_reading is not None
    Prediction.objects.create(
        workspace=workspace,
        reading=document.current_reading,
        model_version=model,
        label="invoice",
        probability=0.6,
        alternatives=[{"label": "receipt", "confidence": 0.3}],
    )
    task_open(document=document, kind="TYPE", reason="The model is 60 % sure of the type.")
    return document


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.usefixtures("delta")
def test_pages_look_right(
    new_page: NewPage, looks_right: Check, dora: User, theme: str, viewport: dict[str, int]
) -> None:
    page = new_page(dora, viewport=viewport, theme=theme)
    page.goto("/")
    expect(page.locator("canvas[data-drawn]")).to_have_count(3)
    for summary in page.get_by_text("Show as a table").all():
        summary.click()
    looks_right(page)
    for path in ("/attention/", "/search/", "/search/?q=kettle&mode=text&type=invoice", "/search/?q=kettle"):
        page.goto(path)
        expect(page.locator("main h1")).to_be_visible()
        looks_right(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_first_steps_look_right(new_page: NewPage, looks_right: Check, dora: User, theme: str) -> None:
    for viewport in (WIDE, PHONE):
        page = new_page(dora, viewport=viewport, theme=theme)
        page.goto("/")
        expect(page.get_by_role("button", name="Load sample documents")).to_be_visible()
        looks_right(page)


@pytest.mark.usefixtures("delta")
def test_charts_follow_the_theme(new_page: NewPage, dora: User) -> None:
    page = new_page(dora)
    page.goto("/")
    canvas = page.locator('canvas[data-chart="received"]')
    expect(canvas).to_have_attribute("data-drawn", "yes")
    light = canvas.evaluate("canvas => canvas.toDataURL()")
    page.locator("summary[aria-label^='Your account']").click()
    page.get_by_role("button", name="Dark").click()
    page.wait_for_timeout(100)
    assert canvas.evaluate("canvas => canvas.toDataURL()") != light


@pytest.mark.usefixtures("delta")
def test_the_page_follows_a_run_to_its_end_and_then_is_quiet(
    new_page: NewPage, looks_right: Check, dora: User, delta: Workspace
) -> None:
    document = ingest_upload(
        workspace_id=delta.pk, chunks=[b"new"], file_name="new.txt", title="Just in", source="WEB", by=dora
    ).document
    page = new_page(dora)
    page.goto("/")
    expect(page.locator("#live")).to_have_attribute("data-busy", "yes")
    expect(page.locator("#recent li", has_text="Just in")).to_have_attribute("data-status", "queued")
    looks_right(page)
    end(document)
    expect(page.locator("#live")).to_have_attribute("data-busy", "no")
    expect(page.locator("#recent li", has_text="Just in")).to_have_attribute("data-status", "failed")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2_500)
    assert asked == []


def end(document: Document) -> None:
    """Let a run end without any page, as the pipeline does it."""
    with transaction.atomic():
        run = run_lock(run_id=PipelineRun.objects.get(document=document).pk)
        run.steps.all().delete()
        run_advance(run=run)
    assert run.state == RunState.FAILED


@pytest.mark.usefixtures("delta")
def test_one_click_confirms_a_type(new_page: NewPage, dora: User) -> None:
    page = new_page(dora)
    page.goto("/")
    page.get_by_role("button", name="Yes First odd paper").click()
    expect(page.get_by_text("Noted")).to_be_visible()
    assert Document.objects.get(title="First odd paper").type_source == TypeSource.HUMAN


@pytest.mark.usefixtures("delta")
def test_questions_are_answered_by_keyboard(new_page: NewPage, looks_right: Check, dora: User) -> None:
    page = new_page(dora)
    page.goto("/attention/")
    page.keyboard.press("j")
    expect(page.locator(":focus")).to_contain_text("First odd paper")
    page.keyboard.press("1")
    expect(page.locator("[data-question]")).to_have_count(1)
    expect(page.locator(":focus")).to_contain_text("Second odd paper")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No question is open.")).to_be_visible()
    looks_right(page)
    decided = dict(Document.objects.filter(type_source=TypeSource.HUMAN).values_list("title", "type_label"))
    assert decided == {"First odd paper": "receipt", "Second odd paper": "invoice"}


@pytest.mark.usefixtures("delta")
def test_searching_without_leaving_the_page(new_page: NewPage, looks_right: Check, dora: User) -> None:
    page = new_page(dora)
    page.goto("/search/?mode=text")
    page.get_by_label("Search for").fill('"copper kettle" number')
    page.keyboard.press("Enter")
    expect(page.locator(".hit")).to_have_count(10)
    assert "copper%20kettle" in page.url
    page.locator(".facets").get_by_role("link", name="Contract").click()
    expect(page.locator(".hit")).to_have_count(2)
    page.get_by_role("radio", name="Words and meaning").check()
    expect(page.get_by_text("by words only")).to_be_visible()
    looks_right(page)
    hit = page.locator(".hit h2 a").first
    assert (hit.get_attribute("href") or "").endswith("?page=2")
