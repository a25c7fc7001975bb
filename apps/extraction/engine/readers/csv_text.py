"""CSV and TSV: rows of a table, cut into logical pages that are parsed when they are asked for."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from apps.extraction.engine.readers import plain_text
from apps.extraction.engine.readers.base import LogicalPage, OpenDocument, Source
from apps.extraction.engine.readers.decoding import decode
from apps.extraction.engine.readers.grids import MOST_COLUMNS, RawCell, grid_of, text_of_rows
from apps.extraction.engine.readers.lazy import LazyDocument
from apps.extraction.engine.readers.paging import CELLS_A_PAGE, MOST_TABLE_CELLS
from apps.extraction.engine.readers.plain_text import PART_CHARACTERS
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Block

_DELIMITERS = ",;\t|"
# What separator and header are told by: enough for any real file, not measured.
_SAMPLE_CHARACTERS = 65_536
_SAMPLE_ROWS = 200
_FIGURE = re.compile(r"[\d.,:/%\s€$£+-]+")


def open_document(source: Source) -> OpenDocument:
    """Read the table; what is too wide for one, or breaks the format's rules, is read as text."""
    text = clean(decode(source.path.read_bytes()))
    delimiter = _delimiter(text[:_SAMPLE_CHARACTERS], preferred="\t" if source.media_type.endswith("values") else ",")
    try:
        parts = list(_parts(text, delimiter))
    except (csv.Error, _NoTableError):
        return plain_text.open_document(source)
    headers = _header_rows(text, parts[0], delimiter) if parts else 0
    most_tables = MOST_TABLE_CELLS // CELLS_A_PAGE
    pages = [
        partial(_page, text, span, delimiter, header_rows=0 if at else headers, continues=at > 0)
        if at < most_tables
        else partial(_text_page, text, span, delimiter)
        for at, span in enumerate(parts)
    ]
    return LazyDocument(source, pages, {})


class _NoTableError(Exception):
    """The text has more columns than a table can have."""


def _delimiter(sample: str, *, preferred: str) -> str:
    """Return the delimiter by which most rows have the same number of cells, and more than one."""
    lines = sample.split("\n")
    whole = "\n".join(lines[:-1] if len(lines) > 1 else lines)  # the last line may be cut off
    best, best_score = preferred, (0.0, 0)
    for delimiter in sorted(_DELIMITERS, key=lambda each: each != preferred):
        counts = Counter(map(len, _sample_rows(whole, delimiter)))
        if not counts:
            continue
        width, rows = counts.most_common(1)[0]
        score = (round(rows / counts.total(), 1), width)
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def _sample_rows(sample: str, delimiter: str) -> list[list[str]]:
    rows = []
    try:
        for row in csv.reader(io.StringIO(sample), delimiter=delimiter):
            if row:
                rows.append(row)
            if len(rows) >= _SAMPLE_ROWS:
                break
    except csv.Error:
        return []
    return rows


def _parts(text: str, delimiter: str) -> Iterator[tuple[int, int]]:
    """Give where the text of each logical page begins and ends; rows stay whole."""
    start = at = cells = 0

    def lines() -> Iterator[str]:
        nonlocal at
        for line in io.StringIO(text):
            at += len(line)
            yield line

    filled = False
    end = 0
    for row in csv.reader(lines(), delimiter=delimiter):
        if len(row) > MOST_COLUMNS:
            raise _NoTableError
        if filled and (at - start > PART_CHARACTERS or cells + len(row) > CELLS_A_PAGE):
            yield start, end
            start, cells, filled = end, 0, False
        cells += len(row)
        filled = filled or any(cell.strip() for cell in row)
        end = at
    if filled:
        yield start, end


def _rows(text: str, span: tuple[int, int], delimiter: str) -> list[list[str]]:
    """Return the rows of a part, without those that are blank."""
    rows = csv.reader(io.StringIO(text[span[0] : span[1]]), delimiter=delimiter)
    return [row for row in rows if any(cell.strip() for cell in row)]


def _header_rows(text: str, span: tuple[int, int], delimiter: str) -> int:
    """Return 1 if the first row names the columns: it is filled and holds no figures, others follow."""
    rows = _rows(text, span, delimiter)
    named = all(cell.strip() and not _FIGURE.fullmatch(cell) for cell in rows[0])
    return int(named and len(rows) > 1)


def _page(text: str, span: tuple[int, int], delimiter: str, *, header_rows: int, continues: bool) -> LogicalPage:
    rows = _rows(text, span, delimiter)
    table = grid_of([[RawCell(cell.strip()) for cell in row] for row in rows], header_rows=header_rows)
    if table is None:
        return _text_page(text, span, delimiter)
    return LogicalPage(
        blocks=[Block(kind="table", text=text_of_rows(rows), table=0)], tables=[replace(table, continues=continues)]
    )


def _text_page(text: str, span: tuple[int, int], delimiter: str) -> LogicalPage:
    """Return a part as text alone."""
    return LogicalPage(blocks=[Block(kind="paragraph", text=text_of_rows(_rows(text, span, delimiter)))])
