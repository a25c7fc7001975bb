"""Paragraphs, cells and rows become blocks and tables: what the text of an RTF file, of a note or of a box fills."""

import re
from dataclasses import dataclass, field
from typing import Literal

from apps.extraction.engine.readers.office.tables import add_table
from apps.extraction.engine.readers.rtf.tables import MOST_CELLS_OF_A_ROW, CellPlan, Row, cells_of
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Block, TableReading

# A mark that a program wrote as text, before a tab, in a paragraph whose first line hangs.
_HANGING = re.compile(r"([\u2022\u25e6\u25aa\u2013\u00b7-]|\(?\w{1,4}[.)])\t+(\S.*)", re.DOTALL)


@dataclass
class Paragraph:
    """The properties of the paragraph that is being read, and its text so far."""

    style: int = 0
    outline_level: int | None = None
    list_level: int = 0
    first_indent: int = 0  # of the first line, in twips; less than none where a mark hangs in front
    is_in_table: bool = False
    parts: list[str] = field(default_factory=list)
    marker: list[str] = field(default_factory=list)
    is_inserted: bool = False

    def reset(self) -> None:
        """Go back to a plain paragraph; text already read stays."""
        self.style, self.outline_level, self.list_level, self.first_indent, self.is_in_table = 0, None, 0, 0, False


@dataclass
class Flow:
    """Blocks and tables read so far, and the paragraph, the cell and the row that are open."""

    headings: dict[int, int]  # by the number of a style
    blocks: list[Block] = field(default_factory=list)
    tables: list[TableReading] = field(default_factory=list)
    paragraph: Paragraph = field(default_factory=Paragraph)
    row: Row = field(default_factory=Row)
    waiting: list[Block] = field(default_factory=list)  # what is anchored in the open paragraph
    _rows: list[Row] = field(default_factory=list)
    _cell: list[str] = field(default_factory=list)

    def end_paragraph(self) -> None:
        """Take in the open paragraph, into the cell where it stands in a table."""
        now = self.paragraph
        text = clean(_joined(now.parts)).strip()
        marker = " ".join(clean(_joined(now.marker)).split())
        now.parts, now.marker = [], []
        inserted, now.is_inserted = now.is_inserted, False
        if now.is_in_table:
            if text:
                self._cell.append(f"{marker} {text}" if marker else text)
            return
        self._end_table()
        if text:
            self.blocks.append(self._block(text, marker, is_inserted=inserted))
        self._release()

    def end_cell(self) -> None:
        """Close the open cell."""
        self.paragraph.is_in_table = True
        self.end_paragraph()
        if len(self.row.texts) < MOST_CELLS_OF_A_ROW:
            self.row.texts.append("\n".join(self._cell))
        self._cell = []

    def end_row(self) -> None:
        """Close the open row; the next one is like it unless it says otherwise."""
        self._rows.append(Row(self.row.texts, list(self.row.plans), self.row.is_header))
        self.row.texts = []

    def begin_row(self) -> None:
        """Forget what rows before were like."""
        self.row = Row(texts=self.row.texts)

    def plan_cell(self, plan: CellPlan) -> None:
        """Announce the next cell of the row."""
        if len(self.row.plans) < MOST_CELLS_OF_A_ROW:
            self.row.plans.append(plan)

    def end(self) -> None:
        """Take in whatever is open."""
        self.end_paragraph()
        if self._cell or any(self.row.texts):
            self.end_cell()
            self.end_row()
        self._end_table()
        self._release()

    def _block(self, text: str, marker: str, *, is_inserted: bool) -> Block:
        level = self.paragraph.outline_level
        level = self.headings.get(self.paragraph.style, 0) if level is None else level + 1
        hanging = _HANGING.match(text) if self.paragraph.first_indent < 0 and not marker else None
        if hanging:
            marker, text = hanging[1], hanging[2]
        note: Literal["", "inserted"] = "inserted" if is_inserted else ""
        if 1 <= level <= 9:
            return Block(kind="heading", text=text, level=level, marker=_bullet(marker, ""), note=note)
        if marker:
            depth = min(max(self.paragraph.list_level, 0), 8)
            return Block(kind="list_item", text=text, level=depth, marker=_bullet(marker, "-"), note=note)
        return Block(kind="paragraph", text=text, note=note)

    def _end_table(self) -> None:
        rows, self._rows = self._rows, []
        if rows:
            header_rows = next((at for at, row in enumerate(rows) if not row.is_header), len(rows))
            add_table(self.blocks, self.tables, cells_of(rows), header_rows=header_rows)

    def _release(self) -> None:
        self.blocks.extend(self.waiting)
        self.waiting = []


def _bullet(marker: str, instead: str) -> str:
    """Return a list's number as it is; signs, which come from fonts of symbols, as one sign."""
    return marker if any(character.isalnum() for character in marker) else instead


def _joined(parts: list[str]) -> str:
    """Return text whose letters outside the first plane came in halves."""
    text = "".join(parts)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\ufffd", "")
