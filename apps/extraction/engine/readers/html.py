"""HTML: the visible text, its headings, lists, tables and links."""

import re

from apps.extraction.engine.readers.base import BlockDocument, Source
from apps.extraction.engine.readers.decoding import decode
from apps.extraction.engine.readers.markup import Markup, read_markup
from apps.extraction.engine.readers.paging import paged
from apps.extraction.engine.types import Link

_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]+?(?:charset|encoding)\s*=\s*["']?\s*([\w-]{3,20})""", re.IGNORECASE)
_HEAD_BYTES = 4_096  # four times what the HTML standard has browsers look at


def open_document(source: Source) -> BlockDocument:
    """Read the page; the title and language become metadata."""
    return document_of(source, read_markup(decoded(source.path.read_bytes())), {})


def decoded(data: bytes) -> str:
    """Return the text of an HTML file in the encoding it names."""
    found = _CHARSET.search(data[:_HEAD_BYTES])
    return decode(data, found[1].decode("ascii") if found else None)


def document_of(source: Source, page: Markup, metadata: dict[str, object]) -> BlockDocument:
    """Return what was read as a document of as many logical pages as its length asks for."""
    cut = paged(page.blocks, page.tables, text=page.text)
    return BlockDocument(source, cut.pages, {**page.metadata, **metadata}, links=links_of(page, cut.page_of))


def links_of(page: Markup, page_of: list[int], *, before: int = 0) -> list[Link]:
    """Return links with the pages they stand on; `before` pages come before the first."""
    last = len(page_of) - 1
    return [
        Link(page=before + (page_of[min(block, last)] if page_of else 1), box=None, target=target)
        for block, target in page.links
    ]
