"""Number formats of XLSX cells: percentages and fixed decimals, which make a figure look as it does."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

from lxml import etree

from apps.extraction.engine.readers.office.opc import Parts
from apps.extraction.engine.readers.sheets.extent import column_number, pieces_of


class NumberFormat(NamedTuple):
    """How a figure is written. Thousands are never parted, so that programs understand it."""

    decimals: int
    is_percent: bool


Formats: TypeAlias = dict[int, dict[int, NumberFormat]]
"""By row and column, both from 0."""

_MOST_CELLS: Final = 300_000  # 60 MB; the figures of further cells are shown as they are stored
_CODE_CHARACTERS: Final = 255  # Excel's own limit
_STYLED = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})([0-9]{1,7})" s="([0-9]{1,6})"(?: t="n")?>')
_BUILT_IN: Final = {2: "0.00", 4: "0.00", 9: "0%", 10: "0.00%", 39: "0.00", 40: "0.00", 43: "0.00", 44: "0.00"}
# Literal text, escaped characters, padding by a character's width or repetition, colours and currencies.
_NO_DIGITS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_FIXED = re.compile(r"[^\w.#%@?/]*[#0,]*0(?:\.(0{1,15}))?\s*(%?)[^\w.#%@?/,]*")


def number_format(code: str) -> NumberFormat | None:
    """Return what a format code asks of a positive figure; None where it is no fixed number of decimals."""
    plain = _NO_DIGITS.sub("", code[:_CODE_CHARACTERS]).partition(";")[0]
    found = _FIXED.fullmatch(plain)
    return NumberFormat(len(found[1] or ""), bool(found[2])) if found else None


def formats_by_style(parts: Parts, book: str) -> dict[int, NumberFormat]:
    """Return the number formats of the cell styles that have one."""
    root = parts.optional_xml(parts.first_related(book, "styles"))
    if root is None:
        return {}
    codes = dict(_BUILT_IN)
    codes.update((_whole(each.get("numFmtId")), each.get("formatCode") or "") for each in root.iterfind(".//{*}numFmt"))
    found = (number_format(codes.get(number, "")) for number in _format_numbers(root))
    return {style: form for style, form in enumerate(found) if form is not None}


def _format_numbers(root: etree._Element) -> Iterator[int]:
    for style in root.iterfind("{*}cellXfs/{*}xf"):
        yield _whole(style.get("numFmtId"))


def formats_of_cells(parts: Parts, sheet: str, by_style: dict[int, NumberFormat]) -> Formats:
    """Return the formats of a sheet's cells that hold figures."""
    formats: Formats = {}
    if not by_style or sheet not in parts.package.members:
        return formats
    count = 0
    for piece in pieces_of(parts.package.chunks(sheet)):
        for column, row, style in _STYLED.findall(piece):
            form = by_style.get(int(style))
            if form is not None and count < _MOST_CELLS:
                formats.setdefault(int(row) - 1, {})[column_number(column) - 1] = form
                count += 1
    return formats


def _whole(value: str | None) -> int:
    return int(value) if value and value.isdecimal() else 0
