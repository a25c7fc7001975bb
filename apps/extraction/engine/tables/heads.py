"""How many rows of a table are its head, told by what stands in the cells."""

import re
from collections.abc import Sequence

from apps.extraction.engine.types import CellReading, TableReading

_MOST_HEAD_ROWS = 4
_LEAST_FIGURES = 0.5  # of the filled cells of a column of figures
_LONGEST_HEAD = 40  # characters of a cell
_FIGURE = re.compile(r"[^A-Za-z]*\d[^A-Za-z]*(?:[A-Za-z]{1,3})?")  # an amount may end in a unit or currency
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s*[-/\u2013]\s*\d{2,4})?")  # heads are years as often as figures are


def header_rows_of(table: TableReading) -> int:
    """Return the number of rows at the top that name what stands below them; 0 where none does."""
    if table.header_rows or table.row_count < 2 or table.column_count < 2:
        return table.header_rows
    rows: list[list[CellReading]] = [[] for _ in range(table.row_count)]
    for cell in table.cells:
        if cell.text.strip() and cell.row < table.row_count:
            rows[cell.row].append(cell)
    count = _naming_rows(rows)
    if count and _has_figures(rows[count:]):
        return count
    return 1 if _is_title_row(rows, table.column_count) else 0


def _naming_rows(rows: Sequence[list[CellReading]]) -> int:
    """Return how many rows at the top hold no figure beside the first column; a row of one cell ends a head."""
    count = reach = 0
    for number, row in enumerate(rows[: min(_MOST_HEAD_ROWS, len(rows) - 1)]):
        names = [cell for cell in row if cell.column > 0 or cell.column_span > 1]
        if any(is_figure(cell.text) for cell in names):
            break
        if (not names or len(row) == 1) and count and number >= reach:
            break
        count = number + 1
        reach = max([reach, *(cell.row + cell.row_span for cell in row)])
    return min(max(count, reach if count else 0), len(rows) - 1)


def is_figure(text: str) -> bool:
    """Whether a text is a number, with sign, unit or currency, and no year."""
    text = text.strip()
    return bool(_FIGURE.fullmatch(text)) and not _YEAR.fullmatch(text)


def _has_figures(rows: Sequence[list[CellReading]]) -> bool:
    """Whether any column beside the first holds figures mostly."""
    columns: dict[int, list[bool]] = {}
    for row in rows:
        for cell in row:
            if cell.column > 0:
                columns.setdefault(cell.column, []).append(is_figure(cell.text) or bool(_YEAR.fullmatch(cell.text)))
    return any(sum(figures) >= _LEAST_FIGURES * len(figures) for figures in columns.values())


def _is_title_row(rows: Sequence[list[CellReading]], column_count: int) -> bool:
    """Whether the first row of a table of texts has a short text over every column, shorter than those below."""
    first, below = rows[0], [cell for row in rows[1:] for cell in row]
    covered = sum(cell.column_span for cell in first)
    if not below or covered < column_count - 1 or any(is_figure(cell.text) for cell in first):
        return False
    longest = max(len(cell.text) for cell in first)
    mean = sum(len(cell.text) for cell in below) / len(below)
    return longest <= _LONGEST_HEAD and sum(len(cell.text) for cell in first) / len(first) < mean
