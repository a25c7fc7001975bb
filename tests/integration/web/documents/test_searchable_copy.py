"""The searchable copy of a scan: a PDF whose words pdfium finds."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from django.test import Client

from apps.documents.models import Document
from tests.integration.web.documents.processing import process_everything
from tests.unit.extraction import makers

pytestmark = pytest.mark.django_db


def test_the_words_of_a_scan_can_be_searched(owner: Client, upload: Callable[..., Document], tmp_path: Path) -> None:
    path = makers.scanned_pdf(tmp_path / "scan.pdf", ["Agreement of the tedious letter", "signed in Hamburg"])
    document = upload("scan.pdf", path.read_bytes(), title="The scan")
    process_everything()
    assert "Searchable PDF" in owner.get(f"/documents/{document.pk}/").content.decode()
    answer = owner.get(f"/documents/{document.pk}/searchable.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="The scan searchable.pdf"'
    with pypdfium2.PdfDocument(answer.content) as pdf:
        page = pdf[0].get_textpage()
        assert "Hamburg" in page.get_text_range()
        assert page.search("tedious").get_next() is not None


def test_a_text_has_none(owner: Client, upload: Callable[..., Document]) -> None:
    document = upload("note.txt")
    process_everything()
    assert "Searchable PDF" not in owner.get(f"/documents/{document.pk}/").content.decode()
    answer = owner.get(f"/documents/{document.pk}/searchable.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (422, "text/plain; charset=utf-8")
