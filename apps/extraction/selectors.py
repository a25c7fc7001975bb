"""Reading pages as the engine knows them, tables, and proposals for bundles."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from apps.core.prepared import Given, Prepared
from apps.documents.blocks import unpack as unpack_blocks
from apps.documents.models import Page, PageContent, Reading, TextSource
from apps.documents.words import unpack
from apps.extraction.engine.types import Block, Box, CellReading, PageReading, Recognition, TableReading, Word
from apps.extraction.engine.types import TextSource as EngineTextSource
from apps.extraction.models import BundleProposal, Table

_SOURCES: Final[dict[TextSource, EngineTextSource]] = {
    TextSource.NATIVE: "native",
    TextSource.OCR: "ocr",
    TextSource.MIXED: "mixed",
    TextSource.NONE: "none",
}


def _pages_but(*left_out: str) -> Prepared[Page]:
    """Prepare the pages of a range with what is on them, some columns of it left out."""
    asked = {"reading_id": Given("reading_id"), "number__range": (Given("first"), Given("last"))}
    pages = Page.objects.select_related("content").defer(*(f"content__{name}" for name in left_out))
    return Prepared(lambda: pages.filter(**asked).order_by("number"))


_WHOLE, _WITH_WORDS, _WITH_BLOCKS = _pages_but(), _pages_but("blocks"), _pages_but("words")
_TABLES = Prepared(
    lambda: Table.objects.filter(
        reading_id=Given("reading_id"), page_number__range=(Given("first"), Given("last"))
    ).order_by("page_number", "position")
)


def tables_of(*, reading_id: UUID) -> QuerySet[Table]:
    """Return a reading's tables by page and place."""
    return Table.objects.filter(reading_id=reading_id).order_by("page_number", "position")


def bundle_proposal_of(*, reading_id: UUID) -> BundleProposal | None:
    """Return where documents could begin in a reading's file; None where nobody looked."""
    return BundleProposal.objects.filter(reading_id=reading_id).first()


def recognised_pages(*, reading_id: UUID, first: int, last: int) -> list[PageReading]:
    """Return those pages of a range whose text was recognised, with their words, as the engine knows them."""
    pages = Page.objects.filter(reading_id=reading_id, number__range=(first, last))
    recognised = pages.filter(text_source__in=[TextSource.OCR, TextSource.MIXED])
    return _readings(recognised.select_related("content").order_by("number"))


def page_readings(*, reading_id: UUID, first: int, last: int) -> list[PageReading]:
    """Return the pages of a range with words and blocks, as the engine knows them."""
    return _readings(_WHOLE.rows(reading_id=reading_id, first=first, last=last))


def page_words(*, reading_id: UUID, first: int, last: int) -> list[PageReading]:
    """Return the pages of a range with words but without blocks, as the engine knows them."""
    return _readings(_WITH_WORDS.rows(reading_id=reading_id, first=first, last=last), with_blocks=False)


def page_blocks(*, reading_id: UUID, first: int, last: int) -> list[PageReading]:
    """Return the pages of a range with blocks but without words, as the engine knows them."""
    return _readings(_WITH_BLOCKS.rows(reading_id=reading_id, first=first, last=last), with_words=False)


def is_recognised(*, reading: Reading) -> bool:
    """Tell whether any page of a PDF or picture has recognised text."""
    if reading.media_type != "application/pdf" and not reading.media_type.startswith("image/"):
        return False
    return reading.pages.filter(text_source__in=[TextSource.OCR, TextSource.MIXED]).exists()


def _readings(pages: Iterable[Page], *, with_words: bool = True, with_blocks: bool = True) -> list[PageReading]:
    return [_reading(page, with_words=with_words, with_blocks=with_blocks) for page in pages]


def _reading(page: Page, *, with_words: bool, with_blocks: bool) -> PageReading:
    content: PageContent | None = getattr(page, "content", None)
    words = unpack(bytes(content.words)) if content and with_words else []
    blocks = unpack_blocks(bytes(content.blocks)) if content and with_blocks and content.blocks else []
    return PageReading(
        number=page.number,
        width=page.width,
        height=page.height,
        rotation=page.rotation,
        text=page.text,
        text_source=_SOURCES[TextSource(page.text_source)],
        words=[Word(*word) for word in words],
        language=page.language or None,
        blocks=msgspec.convert(blocks, list[Block]),
        recognition=msgspec.convert(content.recognition, Recognition | None) if content else None,
    )


def table_readings(*, reading_id: UUID, first: int, last: int) -> list[TableReading]:
    """Return the tables of a range of pages as the engine knows them."""
    return [
        TableReading(
            page=table.page_number,
            box=msgspec.convert(table.box, Box | None),
            row_count=table.row_count,
            column_count=table.column_count,
            cells=msgspec.convert(table.cells, list[CellReading]),
            confidence=table.confidence,
            header_rows=table.header_rows,
            continues=table.continues,
        )
        for table in _TABLES.rows(reading_id=reading_id, first=first, last=last)
    ]
