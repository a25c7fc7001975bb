"""From the boxes of cells and the words of a page to a table with rows, columns, spans and texts."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from apps.extraction.engine.geometry import clamped
from apps.extraction.engine.types import Box, CellReading, PageReading, TableReading, Word

_SAME_PT = 1.5  # lines closer than this are one
_MOST_EMPTY = 0.6
_PADDING_WIDTH_PT = 8.0
_PADDING_HEIGHT_PT = 5.0
_LINE_SHARE = 0.5  # a word that begins lower than this share of the last one's height begins a line


class Place(NamedTuple):
    """Where a cell stands in the grid."""

    row: int
    column: int
    down: int
    right: int


def table_of(reading: PageReading, boxes: Sequence[Box]) -> TableReading | None:
    """Return the table of cell boxes in points; None when it is under 2 x 2, mostly empty or not a grid."""
    columns = _lines([x for box in boxes for x in (box[0], box[2])])
    rows = _lines([y for box in boxes for y in (box[1], box[3])])
    places = _places(boxes, rows, columns)
    texts = _texts(reading, places, rows, columns)
    places, texts, rows, columns = _without_padding(places, texts, rows, columns)
    if len(rows) < 3 or len(columns) < 3:
        return None
    if sum(bool(text) for text in texts) < (1 - _MOST_EMPTY) * len(texts) or _is_one_filled_line(places, texts):
        return None
    cells = [
        CellReading(
            row=row,
            column=column,
            row_span=down,
            column_span=right,
            text=text,
            box=_fractions(reading, (columns[column], rows[row], columns[column + right], rows[row + down])),
        )
        for (row, column, down, right), text in sorted(zip(places, texts, strict=True))
    ]
    return TableReading(
        page=reading.number,
        box=_fractions(reading, (columns[0], rows[0], columns[-1], rows[-1])),
        row_count=len(rows) - 1,
        column_count=len(columns) - 1,
        cells=cells,
    )


def _without_padding(
    places: list[Place], texts: list[str], rows: list[float], columns: list[float]
) -> tuple[list[Place], list[str], list[float], list[float]]:
    """Return the grid without the thin empty rows and columns that cell backgrounds and double lines leave behind."""
    filled = [place for place, text in zip(places, texts, strict=True) if text]
    kept_rows = _kept(rows, {place.row for place in filled if place.down == 1}, _PADDING_HEIGHT_PT)
    kept_columns = _kept(columns, {place.column for place in filled if place.right == 1}, _PADDING_WIDTH_PT)
    new_row, new_column = _renumbered(kept_rows), _renumbered(kept_columns)
    new_places, new_texts = [], []
    for place, text in zip(places, texts, strict=True):
        row, column = new_row[place.row], new_column[place.column]
        down, right = new_row[place.row + place.down] - row, new_column[place.column + place.right] - column
        if down and right:
            new_places.append(Place(row, column, down, right))
            new_texts.append(text)
    return new_places, new_texts, _joined(rows, kept_rows), _joined(columns, kept_columns)


def _kept(lines: list[float], filled: set[int], thin_pt: float) -> list[bool]:
    """For each row or column whether it stays: it holds text of its own or is not thin."""
    return [index in filled or lines[index + 1] - lines[index] > thin_pt for index in range(len(lines) - 1)]


def _renumbered(kept: list[bool]) -> list[int]:
    """Return new number of each line between rows or columns."""
    return [0, *accumulate(int(keep) for keep in kept)]


def _joined(lines: list[float], kept: list[bool]) -> list[float]:
    """Return the lines that are left; where a thin part fell away its far side counts, at the end its near side."""
    starts = [line for line, keep in zip(lines, kept, strict=False) if keep]
    ends = [line for line, keep in zip(lines[1:], kept, strict=False) if keep]
    return [*starts, ends[-1]] if starts else []


def _is_one_filled_line(places: list[Place], texts: list[str]) -> bool:
    """Whether all text stands in one row or one column: a frame, not a table."""
    filled = [place for place, text in zip(places, texts, strict=True) if text]
    return len({place.row for place in filled}) < 2 or len({place.column for place in filled}) < 2


def _lines(positions: list[float]) -> list[float]:
    """Distinct positions, ascending."""
    lines: list[float] = []
    for position in sorted(positions):
        if not lines or position - lines[-1] > _SAME_PT:
            lines.append(position)
    return lines


def _places(boxes: Sequence[Box], rows: list[float], columns: list[float]) -> list[Place]:
    """Row, column, row span and column span of each box that takes a free place of the grid."""
    places = []
    taken: set[tuple[int, int]] = set()
    for x0, y0, x1, y1 in sorted(boxes, key=lambda box: (box[3] - box[1]) * (box[2] - box[0])):
        row, column = _index(rows, y0), _index(columns, x0)
        down, right = _index(rows, y1) - row, _index(columns, x1) - column
        covered = {(r, c) for r in range(row, row + down) for c in range(column, column + right)}
        if covered and not covered & taken:
            taken |= covered
            places.append(Place(row, column, down, right))
    return places


def _index(lines: list[float], position: float) -> int:
    return max(0, bisect_right(lines, position + 1e-6) - 1)


def _texts(reading: PageReading, places: list[Place], rows: list[float], columns: list[float]) -> list[str]:
    """Each cell's text; every word is looked up once, by its middle, in the grid."""
    cell_at = {
        (r, c): index
        for index, (row, column, down, right) in enumerate(places)
        for r in range(row, row + down)
        for c in range(column, column + right)
    }
    words: list[list[Word]] = [[] for _ in places]
    for word in reading.words:
        x = (word.x0 + word.x1) / 2 * reading.width
        y = (word.y0 + word.y1) / 2 * reading.height
        place = cell_at.get((bisect_right(rows, y) - 1, bisect_right(columns, x) - 1))
        if place is not None:
            words[place].append(word)
    return [text_of(found) for found in words]


def text_of(words: Sequence[Word]) -> str:
    """Return the words of a cell as lines, in the page's reading order."""
    parts: list[str] = []
    last: Word | None = None
    for word in words:
        if last is not None:
            below = word.y0 > last.y0 + _LINE_SHARE * max(1e-6, last.y1 - last.y0)
            parts.append("\n" if below else " ")
        parts.append(word.text)
        last = word
    return "".join(parts)


def _fractions(reading: PageReading, box: Box) -> Box:
    width, height = max(reading.width, 1e-6), max(reading.height, 1e-6)
    return clamped(box[0] / width, box[1] / height, box[2] / width, box[3] / height)
