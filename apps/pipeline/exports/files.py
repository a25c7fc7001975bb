"""Export files: CSV with a column that tells documents from lines, XLSX with a sheet for each."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Protocol

import xlsxwriter

from apps.core.errors import UserError
from apps.pipeline.exports.rows import FIXED, Cell, DocumentRows

ITEM_COLUMNS: Final = ("description", "quantity", "unit_price", "amount", "tax_rate")
LINE_START: Final = ("document_id", "title", "field", "line")
LONGEST_TEXT: Final = 32_767  # Excel's own limit for a cell
MOST_SHEET_ROWS: Final = 1_048_576  # and for a sheet: XlsxWriter leaves out what is below it and says nothing
_FIRST_DAY: Final = date(1900, 3, 1)  # Excel knows no day before 1900, and one too many in its February
# A number as somebody may sum it up; with zeros before it it is somebody's number for something.
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?")
# What a spreadsheet would take for a formula; numbers stay numbers.
_FORMULA: Final = re.compile(r"[=+\-@\t\r\n](?!\d+(\.\d+)?\Z)")


class TooManyRowsError(UserError):
    """A workbook cannot hold an export."""

    code = "too_many_rows"
    message = f"A sheet of a workbook has at most {MOST_SHEET_ROWS:,} rows. Filter the list further, or export CSV."


class ExportFile(Protocol):
    """A file that takes documents one after the other."""

    @property
    def row_count(self) -> int:
        """How many rows there are without the heads."""

    def add(self, document: DocumentRows) -> None:
        """Write a document and its lines."""

    def close(self) -> None:
        """End the file."""


def export_file(path: Path, suffix: str, *, keys: Sequence[str], columns: Sequence[str]) -> ExportFile:
    """Begin a file with these keys of values and columns of lines."""
    return XlsxFile(path, keys, columns) if suffix == "xlsx" else CsvFile(path, keys, columns)


def line_columns(found: Iterable[str]) -> list[str]:
    """Return the columns of lines: those of line items first, others behind them by name."""
    names = set(found)
    return [*ITEM_COLUMNS, *sorted(names - set(ITEM_COLUMNS))]


class CsvFile:
    """One table: the column `row` says `document` or `line`, so that no sum counts a total twice."""

    def __init__(self, path: Path, keys: Sequence[str], columns: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")  # with a mark, by which Excel knows UTF-8
        self._writer = csv.writer(self._file)
        self._keys, self._columns = keys, columns
        self._count = 0
        self._writer.writerow(["row", *FIXED, *keys, "field", "line", *(f"line_{name}" for name in columns)])

    def add(self, document: DocumentRows) -> None:
        """Write a document and its lines."""
        start = [document.fixed[name] for name in FIXED]
        cells = [*start, *(document.values.get(key) for key in self._keys)]
        self._write(["document", *cells, *[""] * (2 + len(self._columns))])
        for key, number, columns in document.lines:
            blank = [""] * (len(FIXED) - 2 + len(self._keys))
            line = [key, str(number), *(columns.get(name, "") for name in self._columns)]
            self._write(["line", *start[:2], *blank, *line])

    def _write(self, cells: Sequence[Cell]) -> None:
        self._writer.writerow([_harmless(cell) for cell in cells])
        self._count += 1

    @property
    def row_count(self) -> int:
        """How many rows there are without the head."""
        return self._count

    def close(self) -> None:
        """End the file."""
        self._file.close()


def _harmless(cell: Cell) -> object:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


class XlsxFile:
    """Two sheets: documents, and lines; amounts are numbers and dates are dates."""

    def __init__(self, path: Path, keys: Sequence[str], columns: Sequence[str]) -> None:
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        head = self._book.add_format({"bold": True})
        self._keys, self._columns = keys, columns
        self._documents, self._lines = (self._book.add_worksheet(name) for name in ("Documents", "Lines"))
        self._document_count = self._line_count = 0
        for sheet, names in ((self._documents, [*FIXED, *keys]), (self._lines, [*LINE_START, *columns])):
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(names), 16)
            for column, name in enumerate(names):
                sheet.write_string(0, column, name, head)

    @property
    def row_count(self) -> int:
        """How many rows there are without the heads."""
        return self._document_count + self._line_count

    def add(self, document: DocumentRows) -> None:
        """Write a document and its lines; raises TooManyRowsError."""
        if self._line_count + len(document.lines) >= MOST_SHEET_ROWS:
            raise TooManyRowsError
        self._document_count += 1
        cells = [*(document.fixed[name] for name in FIXED), *(document.values.get(key) for key in self._keys)]
        self._write(self._documents, self._document_count, cells)
        for key, number, columns in document.lines:
            self._line_count += 1
            start: list[Cell] = [document.fixed["document_id"], document.fixed["title"], key, Decimal(number)]
            values = [_cell(name, columns.get(name, "")) for name in self._columns]
            self._write(self._lines, self._line_count, [*start, *values])

    def _write(self, sheet: Any, row: int, cells: Sequence[Cell]) -> None:  # noqa: ANN401  (XlsxWriter has no types)
        for column, cell in enumerate(cells):
            if isinstance(cell, Decimal):
                sheet.write_number(row, column, float(cell))
            elif isinstance(cell, date) and cell < _FIRST_DAY:
                sheet.write_string(row, column, cell.isoformat())
            elif isinstance(cell, date):
                sheet.write_datetime(row, column, cell, self._day)
            elif cell:
                sheet.write_string(row, column, cell[:LONGEST_TEXT])

    def close(self) -> None:
        """End the file."""
        self._book.close()


def _cell(column: str, text: str) -> Cell:
    return Decimal(text) if column != "description" and _NUMBER.fullmatch(text) else text
