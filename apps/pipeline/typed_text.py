"""The text by which documents are typed: one function for training, `analyze` and the encoder worker."""

from collections.abc import Iterable

from apps.classification.engine.document_text import DocumentText, PageText
from apps.extraction.engine.layout.whole import with_edges
from apps.extraction.engine.types import PageReading


def typed_text(pages: Iterable[PageReading]) -> DocumentText:
    """Return what a type is read from; the pages are laid out."""
    return DocumentText.of(PageText(body=page.text, whole=with_edges(page)) for page in pages)
