"""One document's page: tabs, viewer, picture, original, CSV, live status, hostile text."""

import csv
from collections.abc import Callable
from io import StringIO

import pytest
from django.test import Client

from apps.classification.models import Prediction
from apps.core.models import OutboxEvent
from apps.documents.models import Document, DocumentStatus, Page
from apps.documents.selectors import original_of
from apps.documents.storage import derived_path
from apps.extraction.models import Table
from apps.pipeline.models import StepRun
from tests.integration.web.documents.processing import process_everything, read_everything

Upload = Callable[..., Document]


def test_pages_tab(owner: Client, invoice: Document) -> None:
    page = owner.get(f"/documents/{invoice.pk}/").content.decode()
    assert 'viewBox="0 0 1 1"' in page
    assert "data-word=" in page
    assert 'data-anchor="table-1-1"' in page
    assert f"/documents/{invoice.pk}/pages/1.webp" in page
    assert "Confirm type" in page
    assert "80" in page
    assert "Receipt" in page


def test_shown_table_is_marked_without_script(owner: Client, invoice: Document) -> None:
    page = " ".join(owner.get(f"/documents/{invoice.pk}/?show=table-1-1").content.decode().split())
    assert 'data-anchor="table-1-1" class="is-shown"' in page


@pytest.mark.parametrize("number", ["0", "99", "-1", "x", "²", "9" * 40])
def test_page_numbers_out_of_range_give_a_page(owner: Client, invoice: Document, number: str) -> None:
    answer = owner.get(f"/documents/{invoice.pk}/?page={number}")
    assert answer.status_code == 200
    assert answer.context["viewer"].page.number == 1


def test_viewer_alone_for_htmx(owner: Client, invoice: Document) -> None:
    part = owner.get(f"/documents/{invoice.pk}/?page=1", headers={"HX-Request": "true", "HX-Target": "viewer"})
    assert part.content.decode().count('id="viewer"') == 1
    assert "<h1" not in part.content.decode()


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("text", "Text in the file"),
        ("tables", "Show on page"),
        ("values", "Document date"),
        ("type", "Model test-1"),
        ("problems", "No problems"),
        ("timeline", "First reading"),
    ],
)
def test_tabs(owner: Client, invoice: Document, tab: str, words: str) -> None:
    assert words in owner.get(f"/documents/{invoice.pk}/{tab}/").content.decode()


def test_flags_are_explained(owner: Client, invoice: Document) -> None:
    assert "documents of one source only" in owner.get(f"/documents/{invoice.pk}/type/").content.decode()


def test_the_type_tab_tells_what_spoke_for_the_type(owner: Client, invoice: Document) -> None:
    assert "Why it looks like this" not in owner.get(f"/documents/{invoice.pk}/type/").content.decode()
    passage = {"page": 1, "start": 0, "end": 12, "weight": 0.8}
    why = {"words": [["kitesurf", 1.2], ["lagoon", 0.3], ["#4", 0.2]], "passages": [passage]}
    Prediction.objects.filter(reading=invoice.current_reading_id).update(explanation=why)
    page = owner.get(f"/documents/{invoice.pk}/type/").content.decode()
    assert page.index("kitesurf") < page.index("lagoon")
    assert 'value="25"' in page[page.index("lagoon") : page.index('aria-label="Strength of lagoon"')]
    assert "a number of 4 digits" in page
    assert f'href="/documents/{invoice.pk}/?page=1"' in page
    text = Page.objects.get(reading=invoice.current_reading_id, number=1).text
    assert text[:12].split()[0] in page
    hardly = {"words": [["lagoon", 0.0]], "passages": [passage | {"weight": 0.0}]}  # as little as rounds to nought
    Prediction.objects.filter(reading=invoice.current_reading_id).update(explanation=hardly)
    assert "lagoon" in owner.get(f"/documents/{invoice.pk}/type/").content.decode()


def test_unknown_tab(owner: Client, invoice: Document) -> None:
    assert owner.get(f"/documents/{invoice.pk}/secrets/").status_code == 404


def test_page_picture_is_drawn_once_and_cached(owner: Client, invoice: Document) -> None:
    path = f"/documents/{invoice.pk}/pages/1.webp?width=160"
    first = owner.get(path)
    assert first["Content-Type"] == "image/webp"
    assert first.content[8:12] == b"WEBP"
    assert first["Cache-Control"].startswith("private")
    kept = derived_path(original_of(document=invoice), "1-160.webp")
    assert kept.read_bytes() == first.content
    again = owner.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("query", ["0.webp", "2000.webp", "1.webp?width=161", "1.webp?width=x"])
def test_pictures_that_do_not_exist(owner: Client, invoice: Document, query: str) -> None:
    assert owner.get(f"/documents/{invoice.pk}/pages/{query}").status_code == 404


def test_original_is_handed_out(owner: Client, invoice: Document) -> None:
    answer = owner.get(f"/documents/{invoice.pk}/original/")
    assert answer["Content-Disposition"] == 'attachment; filename="invoice.pdf"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer.getvalue().startswith(b"%PDF")
    shown = owner.get(f"/documents/{invoice.pk}/original/?inline=1")
    assert shown["Content-Type"] == "application/pdf"
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Content-Security-Policy"].startswith("default-src 'none'")
    assert shown["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", "<html><body><script>alert(1)</script>words</body></html>"),
        ("drawing.svg", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("fake.pdf", "<html><body><script>alert(1)</script>words</body></html>"),
    ],
)
def test_what_could_run_is_never_shown_inline(owner: Client, upload: Upload, name: str, content: str) -> None:
    document = upload(name, content)
    process_everything()
    answer = owner.get(f"/documents/{document.pk}/original/?inline=1")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_table_as_csv(owner: Client, invoice: Document) -> None:
    table = Table.objects.filter(reading=invoice.current_reading).first()
    assert table is not None
    table.cells = [{**cell, "text": "=HYPERLINK(1)"} if n == 0 else cell for n, cell in enumerate(table.cells)]
    table.save()
    answer = owner.get(f"/documents/{invoice.pk}/tables/{table.pk}.csv")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == table.row_count
    assert all(len(row) == table.column_count for row in rows)
    assert "'=HYPERLINK(1)" in rows[0]
    assert answer["Content-Disposition"].startswith("attachment")


def test_tables_of_other_documents_are_not_there(owner: Client, invoice: Document, upload: Upload) -> None:
    table = Table.objects.filter(reading=invoice.current_reading).first()
    assert table is not None
    other = upload("other.txt")
    read_everything()
    assert owner.get(f"/documents/{other.pk}/tables/{table.pk}.csv").status_code == 404


def test_text_formats_show_their_text(owner: Client, upload: Upload) -> None:
    document = upload("note.txt", "The lighthouse <b>stands</b>.")
    process_everything()
    page = owner.get(f"/documents/{document.pk}/").content.decode()
    assert "The lighthouse &lt;b&gt;stands&lt;/b&gt;." in page
    assert "pages/1.webp" not in page


def test_status_line_stops_asking(owner: Client, upload: Upload) -> None:
    document = upload("note.txt")
    page = owner.get(f"/documents/{document.pk}/")
    assert 'hx-trigger="every 2s"' in page.content.decode()
    seen = page.context["seen"]
    answer = owner.get(f"/documents/{document.pk}/status/", {"seen": seen})
    assert "HX-Trigger-After-Settle" not in answer
    process_everything()
    answer = owner.get(f"/documents/{document.pk}/status/", {"seen": seen})
    assert answer["HX-Trigger-After-Settle"] == "document-changed"
    assert 'hx-trigger="every 2s"' not in answer.content.decode()


def test_failures_are_explained_and_can_be_tried_again(owner: Client, upload: Upload) -> None:
    document = upload("broken.pdf", b"%PDF-1.7 broken")
    process_everything()
    page = owner.get(f"/documents/{document.pk}/problems/").content.decode()
    assert "The file is damaged or incomplete and cannot be read." in page
    assert "Try again" in page
    owner.post(f"/documents/{document.pk}/retry/")
    document.refresh_from_db()
    assert document.status == DocumentStatus.PROCESSING
    assert StepRun.objects.filter(run__document=document, state="READY").count() == 1


def test_hostile_words_stay_words(owner: Client, upload: Upload) -> None:
    evil = "</pre><script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    document = upload("note.txt", evil, title=evil, tags=[evil])
    process_everything()
    for tab in ("", "text/", "tables/", "values/", "type/", "timeline/"):
        page = owner.get(f"/documents/{document.pk}/{tab}").content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_purged_documents_leave_nothing(owner: Client, invoice: Document) -> None:
    owner.get(f"/documents/{invoice.pk}/pages/1.webp?width=160")
    kept = derived_path(original_of(document=invoice), "1-160.webp")
    assert kept.exists()
    owner.post(f"/documents/{invoice.pk}/trash/")
    assert owner.get(f"/documents/{invoice.pk}/").status_code == 404
    owner.post("/trash/delete/", {"ids": str(invoice.pk)})
    assert not Document.objects.filter(pk=invoice.pk).exists()
    assert OutboxEvent.objects.filter(kind="document.purged", subject_id=invoice.pk).exists()
