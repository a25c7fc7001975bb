"""The Markdown of a document that was read, built from the database piece by piece."""

from collections.abc import Iterator

from django.db.models import Max

from apps.documents.models import Document
from apps.documents.selectors import pages_of
from apps.extraction.engine.markdown import PAGE_BREAK, markdown_of
from apps.extraction.selectors import page_blocks, table_readings

PAGES_AT_ONCE = 50


def markdown_pieces(*, document: Document, first: int = 1, last: int | None = None) -> Iterator[str]:
    """Yield the Markdown of the current reading's pages from `first` to `last` (None: to the end), some at a time."""
    reading_id = document.current_reading_id
    end = pages_of(document=document, first=first, last=last).aggregate(last=Max("number"))["last"]
    if reading_id is None or end is None:
        return
    for start in range(first, end + 1, PAGES_AT_ONCE):
        stop = min(start + PAGES_AT_ONCE - 1, end)
        pages = page_blocks(reading_id=reading_id, first=start, last=stop)
        piece = markdown_of(pages, table_readings(reading_id=reading_id, first=start, last=stop))
        yield piece + (PAGE_BREAK if stop < end else "\n")
