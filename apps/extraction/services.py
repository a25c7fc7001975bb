"""Storing what the engine found: pages with words, tables, where documents could begin."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from apps.documents import services as documents
from apps.documents.blocks import pack as pack_blocks
from apps.documents.layout import PageText, contents_describe, pages_describe
from apps.documents.models import Page, PageContent, Reading, TextSource
from apps.documents.words import pack
from apps.extraction.engine.bundles.splitter import Boundary
from apps.extraction.engine.types import PageReading, TableReading
from apps.extraction.models import BundleProposal, Table


def pages_store(*, reading: Reading, pages: Sequence[PageReading]) -> list[Page]:
    """Store pages with their words, in place of those with the same numbers."""
    rows = [
        Page(
            workspace_id=reading.workspace_id,
            reading=reading,
            number=page.number,
            width=page.width,
            height=page.height,
            rotation=page.rotation,
            text=page.text.replace("\x00", ""),
            text_source=TextSource(page.text_source.upper()),
            needs_ocr=page.needs_ocr,
            language=page.language or "",
        )
        for page in pages
    ]
    documents.pages_store(contents=[_content(row, page) for row, page in zip(rows, pages, strict=True)])
    return rows


def _content(row: Page, page: PageReading) -> PageContent:
    words = pack([msgspec.structs.astuple(word) for word in page.words])
    blocks = pack_blocks(msgspec.to_builtins(page.blocks)) if page.blocks else None
    recognition = msgspec.to_builtins(page.recognition) if page.recognition else None
    return PageContent(page=row, words=words, blocks=blocks, recognition=recognition)


def layout_store(*, reading_id: UUID, before: Sequence[PageReading], pages: Sequence[PageReading]) -> list[PageText]:
    """Store the layout of pages, given as they were before and as they are now; returns those whose text changed."""
    texts = [PageText(page.number, page.text.replace("\x00", ""), page.language or "") for page in pages]
    pages_describe(reading_id=reading_id, pages=texts)
    contents_describe(
        reading_id=reading_id,
        blocks={page.number: pack_blocks(msgspec.to_builtins(page.blocks)) for page in pages},
        words={
            page.number: pack([msgspec.structs.astuple(word) for word in page.words])
            for old, page in zip(before, pages, strict=True)
            if page.words is not old.words
        },
    )
    return [text for old, page, text in zip(before, pages, texts, strict=True) if page.text != old.text]


def tables_store(*, reading: Reading, first: int, last: int, tables: Sequence[TableReading]) -> None:
    """Store the tables of a range of pages, in place of those that were there."""
    Table.objects.filter(reading=reading, page_number__gte=first, page_number__lte=last).delete()
    positions: dict[int, int] = {}
    rows = []
    for table in tables:
        position = positions[table.page] = positions.get(table.page, -1) + 1
        rows.append(
            Table(
                workspace_id=reading.workspace_id,
                reading=reading,
                page_number=table.page,
                position=position,
                box=table.box,
                row_count=table.row_count,
                column_count=table.column_count,
                confidence=table.confidence,
                cells=msgspec.to_builtins(table.cells),
                header_rows=table.header_rows,
                continues=table.continues,
            )
        )
    Table.objects.bulk_create(rows)


def bundle_store(*, reading: Reading, boundaries: Sequence[Boundary], dropped: Sequence[int], is_likely: bool) -> None:
    """Store where documents could begin, in place of what was proposed for this reading before."""
    columns: dict[str, Any] = {
        "boundaries": msgspec.to_builtins(boundaries),
        "dropped": list(dropped),
        "is_likely": is_likely,
    }
    row = BundleProposal(reading=reading, workspace_id=reading.workspace_id, **columns)
    BundleProposal.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["reading"], update_fields=list(columns)
    )  # one statement where `update_or_create` takes five
