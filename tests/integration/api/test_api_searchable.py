"""`documents/{id}/searchable/`: scans as PDFs whose words pdfium finds, turned pages among them."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from apps.accounts.models import User, Workspace
from apps.documents.models import Document, PageContent, Source
from apps.pipeline.services.ingest import ingest_upload
from tests.integration.web.documents.processing import process_everything
from tests.unit.extraction import makers

Call = Callable[..., Any]
pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(alice: User, workspace: Workspace) -> Callable[[str, bytes], Document]:
    def send(name: str, content: bytes) -> Document:
        ingested = ingest_upload(
            workspace_id=workspace.pk, chunks=[content], file_name=name, source=Source.API, by=alice
        )
        return ingested.document

    return send


def test_a_turned_scan(api: Any, sent: Callable[[str, bytes], Document], tmp_path: Path) -> None:
    picture = makers.written_picture([f"The agreement of the tedious letter, part {n}" for n in range(12)])
    buffer = BytesIO()
    picture.rotate(90, expand=True).save(buffer, "PNG")
    document = sent("turned.png", buffer.getvalue())
    assert api("GET", f"documents/{document.pk}/searchable/").status_code == 409
    process_everything()
    (recognition,) = PageContent.objects.values_list("recognition", flat=True)
    assert recognition is not None
    assert recognition["turned"] == 90
    answer = api("GET", f"documents/{document.pk}/searchable/", Accept="text/html")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="turned.png searchable.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    with pypdfium2.PdfDocument(answer.content) as pdf:
        text = pdf[0].get_textpage()
        found = text.search("tedious").get_next()
        assert found is not None
        first, last = (text.get_charbox(found[0] + place) for place in (0, len("tedious") - 1))
    assert last[1] > first[3]  # the word goes up the page, as it does on the picture


def test_a_text_has_none(api: Any, sent: Callable[[str, bytes], Document]) -> None:
    document = sent("note.txt", b"A note")
    process_everything()
    answer = api("GET", f"documents/{document.pk}/searchable/")
    assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "unsupported_type")
