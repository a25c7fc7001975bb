"""Tables for spreadsheets: CSV and XLSX with every cell as text, tables that go on over pages as one."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from apps.core.errors import ConflictError
from apps.extraction.models import Table

# What Excel can hold: cells of a longer text and sheets of more rows are refused by it as damaged.
_LONGEST_TEXT = 32_767
_MOST_ROWS = 1_048_576
_MOST_COLUMNS = 16_384
MOST_CELLS = 300_000  # of an XLSX: 150 MB while it is written
_WIDEST_COLUMN = 60  # in characters
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_NUMBER = re.compile(r"^[+-]?[\d.,\s]+\s?[%€$£]?$")


class TooManyCellsError(ConflictError):
    """A workbook would be larger than this server writes."""

    code = "too_many_cells"
    message = "These tables have more cells than a workbook of ours may have. Download them as CSV."


@dataclass
class Sheet:
    """A table with all its parts: rows of texts, the spans as (row, column, row span, column span), rows of heads."""

    name: str
    rows: list[list[str]]
    spans: list[tuple[int, int, int, int]] = field(default_factory=list)
    header_rows: int = 0


def grid_of(table: Table) -> list[list[str]]:
    """Return a table's texts row by row; cells that span fill their first place only."""
    grid = [[""] * table.column_count for _ in range(table.row_count)]
    for cell in table.cells:
        if cell["row"] < table.row_count and cell["column"] < table.column_count:
            grid[cell["row"]][cell["column"]] = cell["text"]
    return grid


def sheets_of(tables: Iterable[Table]) -> list[Sheet]:
    """Return a reading's tables in order, each that goes on with the one before joined to it.

    A head that is said again on the further page is left out there.
    """
    sheets: list[Sheet] = []
    for table in tables:
        grid = grid_of(table)
        if table.continues and sheets:
            _append(sheets[-1], table, grid)
            continue
        name = f"Page {table.page_number} table {table.position + 1}"
        sheets.append(Sheet(name, grid, _spans(table, 0), table.header_rows))
    return sheets


def chain_of(tables: Sequence[Table], table: Table) -> list[Table]:
    """Return the table with those it goes on with and that go on with it, out of all of its reading."""
    place = next(index for index, each in enumerate(tables) if each.pk == table.pk)
    first = place
    while first > 0 and tables[first].continues:
        first -= 1
    last = place + 1
    while last < len(tables) and tables[last].continues:
        last += 1
    return list(tables[first:last])


def _append(sheet: Sheet, table: Table, grid: list[list[str]]) -> None:
    head = table.header_rows
    is_said_again = 0 < head <= len(sheet.rows) and [_plain(row) for row in grid[:head]] == [
        _plain(row) for row in sheet.rows[:head]
    ]
    skipped = head if is_said_again else 0
    sheet.spans += _spans(table, skipped, below=len(sheet.rows))
    sheet.rows += grid[skipped:]


def _plain(row: list[str]) -> list[str]:
    return ["".join(text.split()).casefold() for text in row]


def _spans(table: Table, skipped: int, below: int = 0) -> list[tuple[int, int, int, int]]:
    """Return the cells over several places that lie in the table, moved below rows that stand there already."""
    return [
        (cell["row"] - skipped + below, cell["column"], cell.get("row_span", 1), cell.get("column_span", 1))
        for cell in table.cells
        if cell.get("row_span", 1) * cell.get("column_span", 1) > 1
        and skipped <= cell["row"] <= table.row_count - cell.get("row_span", 1)
        and cell["column"] + cell.get("column_span", 1) <= table.column_count
    ]


def sheets_csv(sheets: Sequence[Sheet]) -> str:
    """Return tables as CSV with a byte order mark (for Excel), an empty line between two of them."""
    text = StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")
    for number, sheet in enumerate(sheets):
        if number:
            writer.writerow([])
        writer.writerows([_harmless(cell) for cell in row] for row in sheet.rows)
    return text.getvalue()


def _harmless(text: str) -> str:
    """Keep a spreadsheet from running a cell's text as a formula; numbers with a sign stay numbers."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text


def sheets_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook with a sheet a table: text cells only, spans merged, heads bold and kept in view."""
    if sum(len(row) for sheet in sheets for row in sheet.rows) > MOST_CELLS:
        raise TooManyCellsError
    buffer = BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    plain = workbook.add_format({"valign": "top", "text_wrap": True})
    head = workbook.add_format({"valign": "top", "text_wrap": True, "bold": True})
    names: set[str] = set()
    for sheet in sheets or [Sheet("No tables", [])]:
        page = workbook.add_worksheet(_new_name(sheet.name, names))
        page.freeze_panes(sheet.header_rows, 0)
        _fill(page, sheet, plain=plain, head=head)
    workbook.close()
    return buffer.getvalue()


def _new_name(name: str, names: set[str]) -> str:
    """Return a name no other sheet has; tables of one reading have names of their own already."""
    found, number = name, 2
    while found in names:
        found, number = f"{name} ({number})", number + 1
    names.add(found)
    return found


def _fill(page: Any, sheet: Sheet, *, plain: Any, head: Any) -> None:  # noqa: ANN401  (XlsxWriter has no public types)
    spans = {(row, column): (down, right) for row, column, down, right in sheet.spans}
    widths: dict[int, int] = {}
    for row, texts in enumerate(sheet.rows[:_MOST_ROWS]):
        look = head if row < sheet.header_rows else plain
        for column, text in enumerate(texts[:_MOST_COLUMNS]):
            down, right = spans.get((row, column), (1, 1))
            if down * right > 1 and row + down <= _MOST_ROWS and column + right <= _MOST_COLUMNS:
                page.merge_range(row, column, row + down - 1, column + right - 1, "", look)
            if text:
                page.write_string(row, column, text[:_LONGEST_TEXT], look)
            if right == 1:
                longest = max((len(line) for line in text.splitlines()), default=0)
                widths[column] = min(_WIDEST_COLUMN, max(widths.get(column, 8), longest + 1))
    for column, width in widths.items():
        page.set_column(column, column, width)
