"""How far the sheets of a zipped workbook reach: the library keeps a place for each cell between the outermost two."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from apps.extraction.engine.containers import ODS
from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.packages import Package, opened_package

MOST_PLACES: Final = 12_000_000  # 460 MB in the reading process for ten columns of a million rows

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
# Cells that hold something; formats alone often reach to the sheet's last row or column.
_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})([0-9]{1,7})"[^<>]*(?<!/)>')
_REPEATED = re.compile(
    rb"<table:table-row\b([^<>]*)>|<table:(?:covered-table-cell|table-cell)\b([^<>]*)>|<(/table:table-row|/table:table|text:p)(?=[\s/>])"
)
_ROWS = re.compile(rb'number-rows-repeated="([0-9]+)"')
_COLUMNS = re.compile(rb'number-columns-repeated="([0-9]+)"')
_OVERLAP = 1_024  # bytes that may belong to an element which goes on in the next piece
_DIGITS = 9


def check_extent(path: Path, media_type: str) -> None:
    """Unpack every member once, and raise ReadingError where that, or the sheets, would take too much."""
    with opened_package(path) as package:
        for name in package.members:
            if media_type == ODS and name == "content.xml":
                _check_repeats(package, name)
            elif _SHEET.match(name):
                _check_cells(package, name)
            else:
                for _ in package.chunks(name):
                    pass


def _check_cells(package: Package, name: str) -> None:
    rows: list[int] = []
    columns: set[bytes] = set()
    for piece in pieces_of(package.chunks(name)):
        found = _CELL.findall(piece)
        if found:
            rows += (int(found[0][1]), int(found[-1][1]))
            columns.update(column for column, _ in found)
    if rows:
        numbers = [column_number(column) for column in columns]
        _check_places((max(rows) - min(rows) + 1) * (max(numbers) - min(numbers) + 1))


def _check_repeats(package: Package, name: str) -> None:
    """Add up the places of rows and cells that are written once and meant many times, as far as they are filled."""
    height = width = at = reach = 0  # `at`: columns of the row so far; `reach`: up to the last filled one
    repeats = 1
    for piece in pieces_of(package.chunks(name)):
        for found in _REPEATED.finditer(piece):
            row, cell, other = found.groups()
            if row is not None:
                repeats, at, reach = _count(_ROWS, row), 0, 0
            elif cell is not None:
                at += _count(_COLUMNS, cell)
                reach = at if b"office:value" in cell else reach
            elif other == b"text:p":
                reach = at
            elif other == b"/table:table-row":
                height += repeats if reach else 0
                width = max(width, reach)
            else:
                _check_places(height * width)
                height = width = 0
        _check_places(height * width)


def pieces_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Give the bytes of an XML file in pieces that end with an element, so that none is cut or seen twice."""
    rest = b""
    for chunk in chunks:
        joined = rest + chunk
        cut = joined.rfind(b">", max(0, len(joined) - _OVERLAP)) + 1 or len(joined)
        yield joined[:cut]
        rest = joined[cut:]
    yield rest


def _count(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return max(1, int(found[1][:_DIGITS])) if found else 1


def column_number(letters: bytes) -> int:
    """Return the number of a column by its letters, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_places(count: int) -> None:
    if count > MOST_PLACES:
        raise ReadingError(ErrorCode.TOO_LARGE, "A sheet of the file reaches further than can be read.")
