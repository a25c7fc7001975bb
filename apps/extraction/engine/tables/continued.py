"""Tables that go on over pages: the last one of a page and the first one of the next with the same columns."""

from collections.abc import Sequence

from msgspec.structs import replace

from apps.extraction.engine.types import Box, PageReading, TableReading, Word

# Shares of the page's height. No table of the ICDAR 2013 documents we tune on goes on over pages; these follow
# documents of our own making, and what a page of a report may have for running heads and feet.
_HIGHEST_END = 0.6
_LOWEST_START = 0.25
_FOOT = 0.88
_HEAD = 0.15
_MOST_STRAY_LINES = 1  # between table and foot, or head and table: "continued", "carried over"
_LEAST_SHARED = 0.5  # of the narrower of two columns


def may_continue(table: TableReading) -> bool:
    """Whether a page's first table stands high enough to go on with one of the page before."""
    return table.box is not None and table.box[1] <= _LOWEST_START


def with_continuation(
    before: Sequence[TableReading], page_before: PageReading, here: Sequence[TableReading], page: PageReading
) -> list[TableReading]:
    """Return a page's tables, the first one marked if it goes on with the last one of the page before."""
    if not before or not here or not may_continue(here[0]):
        return list(here)
    last, first = before[-1], here[0]
    goes_on = (
        last.box is not None
        and first.box is not None
        and last.box[3] >= _HIGHEST_END
        and last.column_count == first.column_count
        and _lines_between(page_before.words, last.box[3], _FOOT) <= _MOST_STRAY_LINES
        and _lines_between(page.words, _HEAD, first.box[1]) <= _MOST_STRAY_LINES
        and _same_columns(last, first)
        and _fitting_head(last, first)
    )
    return [replace(first, continues=True), *here[1:]] if goes_on else list(here)


def _lines_between(words: Sequence[Word], top: float, bottom: float) -> int:
    """Return the number of lines whose middle lies between two heights."""
    lines = 0
    end = top
    for middle, height in sorted(((word.y0 + word.y1) / 2, word.y1 - word.y0) for word in words):
        if top < middle < bottom and (not lines or middle > end + height / 2):
            lines += 1
            end = middle
    return lines


def _same_columns(last: TableReading, first: TableReading) -> bool:
    """Whether every column stands where it stood."""
    above, below = _extents(last), _extents(first)
    return all(
        min(above[column][1], below[column][1]) - max(above[column][0], below[column][0])
        >= _LEAST_SHARED * min(above[column][1] - above[column][0], below[column][1] - below[column][0])
        for column in above.keys() & below.keys()
    )


def _extents(table: TableReading) -> dict[int, tuple[float, float]]:
    extents: dict[int, tuple[float, float]] = {}
    for cell in table.cells:
        box: Box | None = cell.box
        if cell.column_span == 1 and cell.text and box is not None:
            x0, x1 = extents.get(cell.column, (box[0], box[2]))
            extents[cell.column] = (min(x0, box[0]), max(x1, box[2]))
    return extents


def _fitting_head(last: TableReading, first: TableReading) -> bool:
    """Whether the further part has no head, or says that of the first part again."""
    return not first.header_rows or _head_texts(last) == _head_texts(first)


def _head_texts(table: TableReading) -> list[str]:
    cells = [cell for cell in table.cells if cell.row < table.header_rows]
    return ["".join(cell.text.split()).casefold() for cell in cells if cell.text.strip()]
