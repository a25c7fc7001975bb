"""Reading pages as the engine knows them, tables, and proposals for bundles."""

from typing import Final
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from apps.documents.models import Page, Reading, TextSource
from apps.documents.selectors import blocks_of, recognitions_of, words_of
from apps.extraction.engine.types import Block, Box, CellReading, PageReading, Recognition, TableReading, Word
from apps.extraction.engine.types import TextSource as EngineTextSource
from apps.extraction.models import BundleProposal, Table

_SOURCES: Final[dict[TextSource, EngineTextSource]] = {
    TextSource.NATIVE: "native",
    TextSource.OCR: "ocr",
    TextSource.MIXED: "mixed",
    TextSource.NONE: "none",
}


def tables_of(*, reading_id: UUID) -> QuerySet[Table]:
    """Return a reading's tables by page and place."""
    return Table.objects.filter(reading_id=reading_id).order_by("page_number", "position")


def bundle_proposal_of(*, reading_id: UUID) -> BundleProposal | None:
    """Return where documents could begin in a reading's file; None where nobody looked."""
    return BundleProposal.objects.filter(reading_id=reading_id).first()


def recognised_pages(*, reading_id: UUID, first: int, last: int) -> list[PageReading]:
    """Return those pages of a range whose text was recognised, with their words, as the engine knows them."""
    pages = Page.objects.filter(reading_id=reading_id, number__range=(first, last))
    return _readings(pages.filter(text_source__in=[TextSource.OCR, TextSource.MIXED]))


def page_readings(*, reading_id: UUID, first: int, last: int) -> list[PageReading]:
    """Return the pages of a range with words and blocks, as the engine knows them."""
    return _readings(Page.objects.filter(reading_id=reading_id, number__range=(first, last)))


def page_words(*, reading_id: UUID, first: int, last: int) -> list[PageReading]:
    """Return the pages of a range with words but without blocks, as the engine knows them."""
    pages = Page.objects.filter(reading_id=reading_id, number__range=(first, last))
    return _readings(pages, with_blocks=False)


def page_blocks(*, reading_id: UUID, first: int, last: int) -> list[PageReading]:
    """Return the pages of a range with blocks but without words, as the engine knows them."""
    return _readings(Page.objects.filter(reading_id=reading_id, number__range=(first, last)), with_words=False)


def is_recognised(*, reading: Reading) -> bool:
    """Tell whether any page of a PDF or picture has recognised text."""
    if reading.media_type != "application/pdf" and not reading.media_type.startswith("image/"):
        return False
    return reading.pages.filter(text_source__in=[TextSource.OCR, TextSource.MIXED]).exists()


def _readings(pages: QuerySet[Page], *, with_words: bool = True, with_blocks: bool = True) -> list[PageReading]:
    rows = list(pages.order_by("number"))
    ids = [page.pk for page in rows]
    words = words_of(page_ids=ids) if with_words else {}
    blocks = blocks_of(page_ids=ids) if with_blocks else {}
    recognised = [page.pk for page in rows if page.text_source in {TextSource.OCR, TextSource.MIXED}]
    recognitions = recognitions_of(page_ids=recognised) if recognised else {}
    return [
        PageReading(
            number=page.number,
            width=page.width,
            height=page.height,
            rotation=page.rotation,
            text=page.text,
            text_source=_SOURCES[TextSource(page.text_source)],
            words=[Word(*word) for word in words.get(page.pk, [])],
            language=page.language or None,
            blocks=msgspec.convert(blocks.get(page.pk, []), list[Block]),
            recognition=msgspec.convert(recognitions.get(page.pk), Recognition | None),
        )
        for page in rows
    ]


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
        for table in tables_of(reading_id=reading_id).filter(page_number__range=(first, last))
    ]
