"""Tables of HTML: which of them hold data, and their cells."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from apps.extraction.engine.readers.grids import RawCell, grid_of, text_of_rows
from apps.extraction.engine.readers.markup.lines import Lines
from apps.extraction.engine.readers.markup.walk import walk
from apps.extraction.engine.types import TableReading

CELLS = frozenset({"td", "th"})
_NUMBER = re.compile(r"\s*(\d{1,5})")
_MOST_SPANNED = 1_000_000  # places that spans may add to a table; browsers' own limits are of this kind


@dataclass
class _Seen:
    """What is known of a table before it is read."""

    mem_id: int
    is_layout: bool = False
    has_header: bool = False
    cells_in_row: int = 0
    widest: int = 0
    cells: int = 0


def layout_tables(root: LexborNode) -> frozenset[int]:
    """Return the nodes of tables that only arrange a page: those around others, of one cell, or of one column."""
    found = set()
    open_tables: list[_Seen] = []
    for begins, tag, node in walk(root):
        if tag == "table":
            if not begins:
                table = open_tables.pop()
                if table.is_layout or table.cells < 2 or (table.widest < 2 and not table.has_header):
                    found.add(table.mem_id)
                continue
            if open_tables:
                open_tables[-1].is_layout = True
            is_layout = node.attributes.get("role") in {"presentation", "none"}
            open_tables.append(_Seen(node.mem_id, is_layout=is_layout))
        elif begins and open_tables:
            table = open_tables[-1]
            if tag == "tr":
                table.cells_in_row = 0
            elif tag in CELLS:
                table.cells += 1
                table.cells_in_row += 1
                table.widest = max(table.widest, table.cells_in_row)
                table.has_header |= tag == "th"
    return frozenset(found)


@dataclass
class _Row:
    cells: list[RawCell] = field(default_factory=list)
    is_header: bool = False


class TableInTheMaking:
    """Collects the rows of a table that holds no other table."""

    def __init__(self) -> None:
        self._rows: list[_Row] = []
        self._in_head = False
        self._spans = (1, 1)
        self._spanned = 0
        self.cell: Lines | None = None
        self.caption: Lines | None = None

    def begin(self, tag: str, node: LexborNode) -> None:
        """Take note of an element of the table itself."""
        if tag == "thead":
            self._in_head = True
        elif tag == "tr":
            self._rows.append(_Row(is_header=self._in_head))
        elif tag in CELLS:
            if not self._rows:
                self._rows.append(_Row())
            if not self._rows[-1].cells and tag == "th" and len(self._rows) == 1 + self._headers():
                self._rows[-1].is_header = True
            elif tag == "td" and not self._in_head:
                self._rows[-1].is_header = False
            self._spans = self._spans_of(node)
            self.cell = Lines()
        elif tag == "caption":
            self.caption = Lines()

    def end(self, tag: str) -> None:
        """Take note of the end of an element."""
        if tag == "thead":
            self._in_head = False
        elif tag in CELLS and self.cell is not None:
            self._rows[-1].cells.append(RawCell(self.cell.text(), *self._spans))
            self.cell = None

    def reading(self) -> TableReading | None:
        """Return the table; None for one that is wider than any for a person."""
        return grid_of([row.cells for row in self._rows], header_rows=self._headers())

    def text(self) -> str:
        """Return the text of the cells, a line a row."""
        return text_of_rows([cell.text for cell in row.cells] for row in self._rows)

    def _headers(self) -> int:
        """Return how many rows at the top are headers."""
        return next((at for at, row in enumerate(self._rows) if not row.is_header), len(self._rows))

    def _spans_of(self, node: LexborNode) -> tuple[int, int]:
        rows, columns = (_number(node.attributes.get(name)) for name in ("rowspan", "colspan"))
        columns = min(columns, 1_000)
        self._spanned += columns - 1
        return (rows, columns) if self._spanned <= _MOST_SPANNED else (rows, 1)


def _number(value: str | None) -> int:
    found = _NUMBER.match(value or "")
    return max(1, int(found[1])) if found else 1
