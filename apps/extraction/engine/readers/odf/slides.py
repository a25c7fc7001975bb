"""Makes a logical page of each slide of an ODP."""

from collections.abc import Iterator
from typing import Final

from lxml import etree
from msgspec import structs

from apps.extraction.engine.readers.base import LogicalPage
from apps.extraction.engine.readers.odf.body import BodyReader
from apps.extraction.engine.readers.office.opc import attribute, local_name
from apps.extraction.engine.types import Block, BlockKind, TableReading

_APART: Final[dict[str, BlockKind]] = {
    "header": "header",
    "footer": "footer",
    "date-time": "footer",
    "page-number": "page_number",
}


def slide_pages(root: etree._Element, reader: BodyReader) -> list[LogicalPage]:
    """Return the slides in their order: titles first, then the shapes in the file's order, then notes."""
    return [_page(slide, reader) for slide in root.iterfind("{*}page")]


def _page(slide: etree._Element, reader: BodyReader) -> LogicalPage:
    shapes = [child for child in slide if local_name(child) != "notes"]
    blocks: list[Block] = []
    tables: list[TableReading] = []
    for shape in sorted(shapes, key=lambda shape: attribute(shape, "class") != "title"):
        flow = reader.read([shape])
        kind = attribute(shape, "class") or ""
        for block in flow.blocks:
            if block.table is not None:
                blocks.append(structs.replace(block, table=len(tables) + block.table))
            elif kind == "title" and not block.note:
                blocks.append(Block(kind="heading", text=block.text, level=1))
            else:
                blocks.append(structs.replace(block, kind=_APART[kind]) if kind in _APART else block)
        tables.extend(flow.tables)
    spoken = (block for notes in slide.iterfind("{*}notes") for block in _notes(notes, reader))
    return LogicalPage(blocks=[*blocks, *spoken], tables=tables)


def _notes(notes: etree._Element, reader: BodyReader) -> Iterator[Block]:
    for shape in notes:
        if attribute(shape, "class") == "notes":
            for block in reader.read([shape]).blocks:
                yield Block(kind="paragraph", text=block.text, note="speaker")
