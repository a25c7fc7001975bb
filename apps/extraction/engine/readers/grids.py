"""Tables of formats that mark their cells: spans that fit together, and the text of a table."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.extraction.engine.types import CellReading, TableReading

MOST_COLUMNS = 2_000  # more are no table for a person but an export; they stay text


@dataclass(frozen=True)
class RawCell:
    """A cell as a format writes it: its text and how far it claims to reach."""

    text: str
    row_span: int = 1
    column_span: int = 1


def grid_of(rows: Sequence[Sequence[RawCell]], *, header_rows: int = 0) -> TableReading | None:
    """Return the table that rows of cells make, each cell in the first free column of its row, as browsers do it.

    Spans end where another cell or the table ends, so that no two cells overlap. None for more than MOST_COLUMNS.
    """
    grid = _Grid(len(rows))
    if all(grid.add_row(row, cells) for row, cells in enumerate(rows)):
        return grid.reading(header_rows)
    return None


class _Grid:
    """The places of a table that are taken, and the cells that took them."""

    def __init__(self, height: int) -> None:
        self._height = height
        self._taken_until: list[int] = []  # by column: the first row in which it is free
        self._cells: list[CellReading] = []

    def add_row(self, row: int, cells: Sequence[RawCell]) -> bool:
        """Place the cells of a row; False if some had no place."""
        column = 0
        for raw in cells:
            while column < len(self._taken_until) and self._taken_until[column] > row:
                column += 1
            if column >= MOST_COLUMNS:
                return False
            width = _free_width(self._taken_until, row, column, max(1, raw.column_span))
            height = min(max(1, raw.row_span), self._height - row)
            self._taken_until.extend([0] * (column + width - len(self._taken_until)))
            self._taken_until[column : column + width] = [row + height] * width
            self._cells.append(CellReading(row=row, column=column, row_span=height, column_span=width, text=raw.text))
            column += width
        return True

    def reading(self, header_rows: int) -> TableReading:
        """Return the table."""
        return TableReading(
            page=1,
            box=None,
            row_count=max(1, self._height),
            column_count=max(1, len(self._taken_until)),
            cells=self._cells,
            header_rows=min(header_rows, self._height),
        )


def _free_width(taken_until: Sequence[int], row: int, column: int, wanted: int) -> int:
    """Return how many of the wanted columns are free."""
    end = min(column + wanted, MOST_COLUMNS)
    for at in range(column + 1, min(end, len(taken_until))):
        if taken_until[at] > row:
            return at - column
    return end - column


def text_of_table(table: TableReading) -> str:
    """Return a table's text: a line a row, cells parted by tabs."""
    return text_of_rows(_rows_of(table))


def text_of_rows(rows: Iterable[Iterable[str]]) -> str:
    """Return the text of rows of texts: a line a row, cells parted by tabs, without what is empty at the end."""
    return "\n".join(filter(None, ("\t".join(" ".join(cell.split()) for cell in row).rstrip() for row in rows)))


def _rows_of(table: TableReading) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(table.row_count)]
    for cell in table.cells:
        rows[cell.row].append(cell.text)
    return rows


def _first_of(table: TableReading, row: int) -> int:
    """Return where the cells of a row begin; cells are in the order of their rows."""
    return bisect_left(table.cells, row, key=lambda cell: cell.row)


def cut_rows(table: TableReading, first: int, end: int) -> TableReading:
    """Return the rows from `first` up to `end` as a table; spans stop at its borders."""
    reaching_in = [cell for cell in table.cells[: _first_of(table, first)] if cell.row_span > 1]
    cells = [
        CellReading(
            row=max(cell.row, first) - first,
            column=cell.column,
            row_span=min(cell.row + cell.row_span, end) - max(cell.row, first),
            column_span=cell.column_span,
            text=cell.text if cell.row >= first else "",
        )
        for cell in [*reaching_in, *table.cells[_first_of(table, first) : _first_of(table, end)]]
        if cell.row + cell.row_span > first
    ]
    return TableReading(
        page=1,
        box=None,
        row_count=end - first,
        column_count=table.column_count,
        cells=cells,
        header_rows=min(table.header_rows, end - first) if first == 0 else 0,
        continues=first > 0,
    )
