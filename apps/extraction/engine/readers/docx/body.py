"""Walks the body of a DOCX part and makes blocks and tables of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree
from msgspec import structs

from apps.extraction.engine.readers.base import text_of
from apps.extraction.engine.readers.docx.inline import Inline, read_inline
from apps.extraction.engine.readers.docx.styles import Style, outline_level
from apps.extraction.engine.readers.docx.tables import rows_of
from apps.extraction.engine.readers.grids import RawCell
from apps.extraction.engine.readers.office.graphics import graphic_texts
from apps.extraction.engine.readers.office.numbering import BULLET, Numbering
from apps.extraction.engine.readers.office.opc import Parts, child_value, local_name, whole
from apps.extraction.engine.readers.office.tables import add_table
from apps.extraction.engine.types import Block, TableReading

_HOLDERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "body", "smartTag"})


@dataclass
class Flow:
    """What has been read so far."""

    blocks: list[Block] = field(default_factory=list)
    tables: list[TableReading] = field(default_factory=list)


class BodyReader:
    """Reads the elements of one part; lists count on and notes are numbered through the whole document."""

    def __init__(
        self,
        parts: Parts,
        part: str,
        *,
        styles: dict[str, Style],
        numbering: Numbering,
        comments: dict[str, str],
    ) -> None:
        self._parts = parts
        self._part = part
        self._styles = styles
        self._numbering = numbering
        self._comments = comments
        self._notes: dict[tuple[str, str], int] = {}

    def read(self, root: etree._Element) -> Flow:
        """Return the blocks of a part's root, a table cell or a text box."""
        flow = Flow()
        self._children(root, flow)
        return flow

    def notes(self) -> list[tuple[str, str]]:
        """Return the kinds and ids of the notes referred to so far, in the order of their numbers."""
        return list(self._notes)

    def label(self, kind: str, identifier: str) -> str:
        """Return what stands in the text for a foot- or endnote: its number in brackets."""
        return f"[{self._notes.setdefault((kind, identifier), len(self._notes) + 1)}]"

    def _children(self, element: etree._Element, flow: Flow) -> None:
        for child in element:
            name = local_name(child)
            if name == "p":
                self._paragraph(child, flow)
            elif name == "tbl":
                self._table(child, flow)
            elif name in _HOLDERS:
                self._children(child, flow)
            elif name == "AlternateContent":
                chosen = child.find("{*}Choice")
                if chosen is not None:
                    self._children(chosen, flow)

    def _paragraph(self, paragraph: etree._Element, flow: Flow) -> None:
        inline = read_inline(paragraph, self.label)
        if inline.text:
            flow.blocks.append(self._block(paragraph, inline))
        if hidden := "".join(inline.hidden).strip():
            flow.blocks.append(Block(kind="paragraph", text=hidden, note="hidden"))
        for box in inline.boxes:
            self._box(box, flow)
        for identifier in inline.comments:
            if text := self._comments.get(identifier):
                flow.blocks.append(Block(kind="paragraph", text=text, note="comment"))

    def _block(self, paragraph: etree._Element, inline: Inline) -> Block:
        properties = paragraph.find("{*}pPr")
        style = self._styles.get(child_value(properties, "pStyle") or "", Style())
        level = outline_level(properties)
        if level is not None and style.kind in {"paragraph", "heading"}:
            style = Style(kind="heading" if level else "paragraph", level=level, list_id=style.list_id)
        marker, depth = self._marker(properties, style)
        block = Block(kind=style.kind, text=inline.text, level=style.level, marker=marker or "")
        if marker is not None and style.kind == "paragraph":
            block = structs.replace(block, kind="list_item", level=depth)
        elif marker == BULLET:
            block = structs.replace(block, marker="")
        return structs.replace(block, note="inserted") if inline.is_inserted else block

    def _marker(self, properties: etree._Element | None, style: Style) -> tuple[str | None, int]:
        """Count a paragraph in its list; return what it begins with, None outside of lists, and its depth."""
        numbering = None if properties is None else properties.find("{*}numPr")
        list_id = child_value(numbering, "numId")
        depth = whole(child_value(numbering, "ilvl"), style.list_level)
        list_id = style.list_id if list_id is None else list_id
        if list_id in {None, "", "0"} or depth > 8:
            return None, 0
        return self._numbering.marker(list_id or "", depth), depth

    def _table(self, table: etree._Element, flow: Flow) -> None:
        rows, header_rows = rows_of(table)
        if len(rows) == 1 and len(rows[0]) == 1:  # a frame around text
            self._children(rows[0][0].element, flow)
            return
        grid = [[self._cell(cell.element, cell.row_span, cell.column_span, flow) for cell in row] for row in rows]
        add_table(flow.blocks, flow.tables, grid, header_rows=header_rows)

    def _cell(self, element: etree._Element | None, row_span: int, column_span: int, flow: Flow) -> RawCell:
        inside = Flow()
        if element is not None:
            self._children(element, inside)
        flow.blocks.extend(block for block in inside.blocks if block.note == "comment")
        return RawCell(text=text_of(inside.blocks), row_span=row_span, column_span=column_span)

    def _box(self, box: etree._Element, flow: Flow) -> None:
        """Take in what is drawn: text boxes with all they hold, then charts and diagrams."""
        for content in _outermost(box, "txbxContent"):
            self._children(content, flow)
        for text in graphic_texts(self._parts, self._part, box):
            flow.blocks.append(Block(kind="figure", text=text))


def _outermost(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Give the elements of a name that lie in no other of it, of alternatives the first only."""
    for child in element:
        name = local_name(child)
        if name == wanted:
            yield child
        elif name == "AlternateContent":
            yield from _outermost_of(child[:1], wanted)
        elif name:
            yield from _outermost(child, wanted)


def _outermost_of(elements: Iterable[etree._Element], wanted: str) -> Iterator[etree._Element]:
    for element in elements:
        yield from _outermost(element, wanted)
