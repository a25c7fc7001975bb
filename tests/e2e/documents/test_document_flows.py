"""From dropping a file to reading its text and tables, with and without script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import User
from apps.documents.models import Document

NewPage = Callable[..., Page]
SOON = 30_000

DROP = """async (bytes) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], "dropped.pdf", { type: "application/pdf" }));
  for (const kind of ["dragenter", "dragover", "drop"])
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""

DROP_MANY = """(count) => {
  const transfer = new DataTransfer();
  for (let number = 0; number < count; number++)
    transfer.items.add(new File([`Note number ${number}`], `${number}.txt`, { type: "text/plain" }));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


def test_drop_on_the_list_and_read(new_page: NewPage, alice: User, worker: None, invoice_file: Path) -> None:
    page = new_page(alice)
    page.goto("/documents/")
    expect(page.get_by_text("No documents yet")).to_be_visible()
    page.locator("html[data-uploads=ready]").wait_for()
    page.evaluate(DROP, list(invoice_file.read_bytes()))
    expect(page.locator(".upload-tray .is-new")).to_be_visible(timeout=SOON)
    row = page.locator("#document-rows tr")
    expect(row).to_have_count(1)
    expect(row).to_have_attribute("data-status", "succeeded", timeout=SOON)
    # The same bytes once more: said to be known, linked, and no second row.
    page.evaluate(DROP, list(invoice_file.read_bytes()))
    expect(page.locator(".upload-tray .is-known")).to_contain_text("Already here as “dropped.pdf”", timeout=SOON)
    expect(row).to_have_count(1)
    row.get_by_role("link").click()
    expect(page.locator(".page-picture")).to_have_js_property("complete", value=True)
    assert page.locator(".page-picture").evaluate("image => image.naturalWidth") == 1200
    expect(page.locator(".viewer-side .page-text")).to_contain_text("108834")
    page.get_by_role("navigation", name="Parts of the document").get_by_role("link", name="Tables").click()
    expect(page.locator(".cell-table").first).to_be_visible()


def test_every_dropped_file_gets_its_row(new_page: NewPage, alice: User) -> None:
    page = new_page(alice)
    page.goto("/documents/")
    page.locator("html[data-uploads=ready]").wait_for()
    page.evaluate(DROP_MANY, 12)
    expect(page.locator(".upload-tray .is-new")).to_have_count(12, timeout=SOON)
    expect(page.locator("#document-rows tr")).to_have_count(12)
    expect(page.locator("[data-upload-summary]")).to_have_text("12 of 12 uploaded")


def test_choose_files_and_watch_the_document_page(
    new_page: NewPage, alice: User, invoice_file: Path, request: pytest.FixtureRequest
) -> None:
    page = new_page(alice)
    page.goto("/documents/upload/")
    page.locator("html[data-uploads=ready]").wait_for()
    page.get_by_label("Tags").fill("office, 2026")
    empty: FilePayload = {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""}
    named: FilePayload = {"name": invoice_file.name, "mimeType": "application/pdf", "buffer": invoice_file.read_bytes()}
    page.locator("#files").set_input_files([named, empty])
    expect(page.locator(".is-refused")).to_contain_text("Not taken: The file is empty.", timeout=SOON)
    page.locator(".is-new").get_by_role("link").click()
    expect(page.locator("#status-line")).to_have_attribute("data-status", "queued")
    expect(page.get_by_text("2026", exact=True)).to_be_visible()
    request.getfixturevalue("worker")
    expect(page.locator("#status-line")).to_have_attribute("data-status", "succeeded", timeout=SOON)
    expect(page.locator(".page-picture")).to_be_visible(timeout=SOON)
    assert page.locator("#status-line").get_attribute("hx-trigger") is None


def test_without_script(
    browser: Browser, live_server: LiveServer, new_page: NewPage, alice: User, worker: None, invoice_file: Path
) -> None:
    signed_in = new_page(alice)
    kept = signed_in.context.storage_state()
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url, storage_state=kept)
    page = context.new_page()
    page.goto("/documents/upload/")
    page.locator("#files").set_input_files(invoice_file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("1 file received")).to_be_visible()
    page.locator(".upload-item").get_by_role("link").click()
    for _ in range(60):
        if page.locator("#status-line").get_attribute("data-status") == "succeeded":
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator(".viewer-side .page-text")).to_contain_text("108834")
    page.locator(".found-list a").first.click()
    expect(page.locator(".page-boxes rect.is-shown")).to_have_count(1)
    page.goto("/documents/")
    page.locator('input[name="ids"]').check()
    page.get_by_role("button", name="Trash").click()
    expect(page.get_by_text("Moved 1 document to the trash.")).to_be_visible()
    context.close()


def test_words_tables_and_keys(new_page: NewPage, alice: User, pile: dict[str, Document]) -> None:
    page = new_page(alice)
    page.goto(f"/documents/{pile['invoice.pdf'].pk}/")
    word = page.locator(".word-boxes rect[data-word='108834']").first
    word.dispatch_event("click")
    expect(page.locator("[data-picked-text]")).to_have_text("108834 from the file's own text")
    page.locator("[data-show=table-1-1]").click()
    expect(page.locator(".table-boxes rect.is-shown")).to_have_count(1)
    assert "show=table-1-1" in page.url
    page.locator("body").press("w")
    expect(page.locator(".page-boxes")).to_have_class("page-boxes show-words")
    page.locator("body").press("+")
    expect(page.locator(".page-picture")).to_have_attribute(
        "src", page.locator(".page-picture").get_attribute("data-large") or ""
    )


def test_bulk_with_questions(new_page: NewPage, alice: User, pile: dict[str, Document]) -> None:
    page = new_page(alice)
    page.goto("/documents/")
    expect(page.locator("#bulk-form")).to_be_hidden()
    page.get_by_label("Select all on this page").check()
    expect(page.locator("[data-bulk-count]")).to_have_text("6 documents ticked")
    page.get_by_label("Select waiting.txt").uncheck()
    page.locator("#bulk-form").get_by_role("button", name="Trash").click()
    page.locator("#bulk-trash").get_by_role("button", name="Cancel").click()
    expect(page.locator("#document-rows tr")).to_have_count(6)
    page.locator("#bulk-form").get_by_role("button", name="Trash").click()
    page.locator("#bulk-trash").get_by_role("button", name="Move to trash").click()
    expect(page.get_by_text("Moved 5 documents to the trash.")).to_be_visible()
    expect(page.locator("#document-rows tr")).to_have_count(1)
    page.goto("/trash/")
    page.get_by_role("button", name="Empty trash").click()
    page.locator("#empty-trash").get_by_role("button", name="Empty trash").click()
    expect(page.get_by_text("5 documents deleted for good")).to_be_visible()


def test_typing_filters_the_list(new_page: NewPage, alice: User, pile: dict[str, Document]) -> None:
    page = new_page(alice)
    page.goto("/documents/")
    page.locator("#id_q").press_sequentially("lighthouse")
    expect(page.locator("#document-rows tr")).to_have_count(1)
    expect(page.locator("#document-rows")).to_contain_text("note.txt")
    assert "q=lighthouse" in page.url


def test_decide_the_type(new_page: NewPage, alice: User, pile: dict[str, Document]) -> None:
    page = new_page(alice)
    page.goto(f"/documents/{pile['invoice.pdf'].pk}/")
    page.get_by_role("button", name="Confirm type").click()
    expect(page.locator(".type-strip .confirmed")).to_be_visible()
    page.get_by_label("Rename").click()
    page.get_by_label("Title").fill("Renamed")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("Renamed")
