"""Walks the content of an OpenDocument and makes blocks and tables of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree
from msgspec import structs

from apps.extraction.engine.readers.base import text_of
from apps.extraction.engine.readers.grids import RawCell
from apps.extraction.engine.readers.odf.inline import InlineReader
from apps.extraction.engine.readers.odf.objects import object_text
from apps.extraction.engine.readers.odf.styles import Styles
from apps.extraction.engine.readers.office.opc import Parts, attribute, local_name, whole
from apps.extraction.engine.readers.office.tables import add_table
from apps.extraction.engine.types import Block, TableReading

_LEFT_OUT: Final = frozenset(
    {"tracked-changes", "sequence-decls", "variable-decls", "user-field-decls", "forms", "title", "desc"}
    | {"event-listeners", "notes", "settings", "image", "table-of-content-source", "enhanced-geometry"}
)
_MOST_REPEATS: Final = 100  # of a cell or a row; sheets repeat to their borders, tables of texts hardly at all
_MOST_REPEATED_CELLS: Final = 100_000  # of a document
_MOST_HEADING_LEVELS: Final = 9


@dataclass
class Flow:
    """What has been read so far."""

    blocks: list[Block] = field(default_factory=list)
    tables: list[TableReading] = field(default_factory=list)


@dataclass
class _List:
    """A list being read: its style, its depth from 0, how far its levels have counted, the mark to be set next."""

    style: str
    level: int
    counts: dict[int, int]
    marker: str | None = None


class BodyReader:
    """Reads the elements of a document; notes are collected until `notes` gives them."""

    def __init__(self, parts: Parts, styles: Styles, inserted: frozenset[str]) -> None:
        self._parts = parts
        self._styles = styles
        self._inline = InlineReader(inserted, self._take_note)
        self._notes: list[tuple[str, etree._Element]] = []
        self._last_counts: dict[str, dict[int, int]] = {}
        self._repeats_left = _MOST_REPEATED_CELLS

    def read(self, elements: Iterable[etree._Element]) -> Flow:
        """Return the blocks of elements in their order."""
        flow = Flow()
        for element in elements:
            self._visit(element, flow, None)
        return flow

    def notes(self) -> list[Block]:
        """Return the foot- and endnotes met since the last call, those inside of them too."""
        blocks = []
        while self._notes:
            label, element = self._notes.pop(0)
            body = element.find("{*}note-body")
            text = text_of(self.read(body if body is not None else ()).blocks)
            if text:
                blocks.append(Block(kind="paragraph", text=text, marker=label))
        return blocks

    def _take_note(self, element: etree._Element) -> str:
        citation = element.find("{*}note-citation")
        label = f"[{''.join(citation.itertext()).strip() if citation is not None else len(self._notes) + 1}]"
        self._notes.append((label, element))
        return label

    def _visit(self, element: etree._Element, flow: Flow, around: _List | None) -> None:
        name = local_name(element)
        if name in {"p", "h"}:
            self._paragraph(element, flow, around)
        elif name == "list":
            self._list(element, flow, around)
        elif name == "table":
            self._table(element, flow)
        elif name in {"object", "object-ole"}:
            if text := object_text(self._parts, element):
                flow.blocks.append(Block(kind="figure", text=text))
        elif name and name not in _LEFT_OUT:
            for child in element:
                self._visit(child, flow, around)

    def _paragraph(self, element: etree._Element, flow: Flow, around: _List | None) -> None:
        found = self._inline.read(element)
        if found.text:
            block = Block(kind=self._styles.kind(attribute(element, "style-name")), text=found.text)
            if local_name(element) == "h":
                level = min(max(1, whole(attribute(element, "outline-level"), 1)), _MOST_HEADING_LEVELS)
                block = structs.replace(block, kind="heading", level=level)
            if around is not None:
                block = _in_list(block, around)
            flow.blocks.append(structs.replace(block, note="inserted") if found.is_inserted else block)
        for drawn in found.drawn:
            self._visit(drawn, flow, None)
        flow.blocks.extend(Block(kind="paragraph", text=text, note="comment") for text in found.comments if text)

    def _list(self, element: etree._Element, flow: Flow, around: _List | None) -> None:
        style = attribute(element, "style-name") or (around.style if around else "")
        goes_on = attribute(element, "continue-numbering") == "true" or attribute(element, "continue-list")
        counts = around.counts if around else dict(self._last_counts.get(style, {}) if goes_on else {})
        here = _List(style, around.level + 1 if around else 0, counts)
        at = here.level + 1
        for deeper in [level for level in counts if level > at or (level == at and around)]:
            del counts[deeper]
        for item in element:
            if local_name(item) == "list-item":
                begin = attribute(item, "start-value")
                following = counts[at] + 1 if at in counts else self._styles.start(style, at)
                counts[at] = whole(begin, following)
                here.marker = self._styles.marker(style, counts, at)
            for child in item:
                self._visit(child, flow, here)
        self._last_counts[style] = counts

    def _table(self, element: etree._Element, flow: Flow) -> None:
        rows: list[list[RawCell]] = []
        header_rows = 0
        for row, is_header in _rows(element):
            header_rows += is_header
            cells = [cell for raw in row for cell in self._cells(raw, flow)]
            while len(cells) > 1 and not cells[-1].text and cells[-1].column_span == 1:
                cells.pop()
            repeats = whole(attribute(row, "number-rows-repeated"), 1)
            rows.extend([cells] * (self._repeats(repeats, len(cells)) if any(cell.text for cell in cells) else 1))
        if not header_rows and attribute(element, "use-first-row-styles") == "true" and len(rows) > 1:
            header_rows = 1
        add_table(flow.blocks, flow.tables, rows, header_rows=header_rows)

    def _cells(self, element: etree._Element, flow: Flow) -> Iterator[RawCell]:
        if local_name(element) != "table-cell":
            return
        inside = self.read(element)
        flow.blocks.extend(block for block in inside.blocks if block.note == "comment")
        cell = RawCell(
            text=_cell_text(inside.blocks),
            row_span=whole(attribute(element, "number-rows-spanned"), 1),
            column_span=whole(attribute(element, "number-columns-spanned"), 1),
        )
        yield from [cell] * self._repeats(whole(attribute(element, "number-columns-repeated"), 1), 1)

    def _repeats(self, wanted: int, cells: int) -> int:
        """Return how often a row of cells, or a cell, is repeated within the bounds."""
        times = max(1, min(wanted, _MOST_REPEATS, self._repeats_left // max(1, cells)))
        self._repeats_left -= (times - 1) * cells
        return times


def _in_list(block: Block, around: _List) -> Block:
    """Return a block with the mark of its list's item, which stands before the item's first block."""
    marker, around.marker = around.marker, None
    if marker is None:
        return block
    if block.kind == "paragraph":
        return structs.replace(block, kind="list_item", level=around.level, marker=marker)
    return structs.replace(block, marker="" if marker == "-" else marker)


def _cell_text(blocks: list[Block]) -> str:
    """Return a cell's text; an only item of a list, which presentations write for every cell, has no mark."""
    shown = [block for block in blocks if not block.note]
    return shown[0].text if len(shown) == 1 else text_of(blocks)


def _rows(element: etree._Element, *, is_header: bool = False) -> Iterator[tuple[etree._Element, bool]]:
    """Give the rows of a table, and whether they are its head."""
    for child in element:
        name = local_name(child)
        if name == "table-row":
            yield child, is_header
        elif name in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(child, is_header=is_header or name == "table-header-rows")
