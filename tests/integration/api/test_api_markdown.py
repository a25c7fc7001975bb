"""A document as Markdown over the API."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.documents.blocks import BlockRow, pack
from apps.documents.models import Document, PageContent

Call = Callable[..., Any]
pytestmark = pytest.mark.django_db


@pytest.fixture
def markdown(api: Any) -> Call:
    """Give a way to get a document's Markdown."""

    def get(document: Document, query: str = "") -> str:
        answer = api("GET", f"documents/{document.pk}/markdown/{query}")
        assert answer.status_code == 200, answer.content
        assert answer["Content-Type"] == "text/markdown; charset=utf-8"
        return b"".join(answer.streaming_content).decode()

    return get


def test_pages_that_were_laid_out_have_headings_and_tables(markdown: Call, finished: Call) -> None:
    document = finished()
    blocks: list[BlockRow] = [
        {"kind": "header", "text": "ACME"},
        {"kind": "heading", "text": "Totals", "level": 1},
        {"kind": "table", "text": "Total\t99.50", "table": 0},
    ]
    second = PageContent.objects.filter(page__reading=document.current_reading, page__number=2)
    assert second.update(blocks=pack(blocks)) == 1
    assert markdown(document, "?pages=2") == "## Totals\n\n| Total | 99.50 |\n| --- | --- |\n"


def test_pages_are_parted_by_rules(markdown: Call, finished: Call) -> None:
    document = finished(texts=("One", "Two", "Three"))
    assert markdown(document) == "One\n\n---\n\nTwo\n\n---\n\nThree\n"
    assert markdown(document, "?pages=2-") == "Two\n\n---\n\nThree\n"
    assert markdown(document, "?pages=9") == ""


def test_bad_ranges_and_unfinished_documents_are_refused(api: Any, finished: Call, queued: Call) -> None:
    assert api("GET", f"documents/{finished().pk}/markdown/?pages=3-1").status_code == 400
    answer = api("GET", f"documents/{queued('other').pk}/markdown/")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_finished")
