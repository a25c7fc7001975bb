"""A document as Markdown: on its tab, and as a file."""

from collections.abc import Callable

from django.test import Client

from apps.documents.models import Document

Upload = Callable[..., Document]


def test_the_tab_shows_markdown_and_offers_the_file(owner: Client, invoice: Document) -> None:
    page = owner.get(f"/documents/{invoice.pk}/markdown/").content.decode()
    assert "| --- |" in page
    assert f"/documents/{invoice.pk}/markdown.md" in page


def test_a_document_that_was_not_read_says_so(owner: Client, upload: Upload) -> None:
    assert "No text yet" in owner.get(f"/documents/{upload().pk}/markdown/").content.decode()


def test_the_file_is_a_download_with_headings_and_tables(owner: Client, invoice: Document) -> None:
    answer = owner.get(f"/documents/{invoice.pk}/markdown.md")
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")
    text = b"".join(answer).decode()
    assert "\n# INVOICE\n" in text
    assert "\n| --- |" in text
