"""From the boxes of cells and the words of a page to a grid with rows, columns, spans and words."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from apps.extraction.engine.geometry import clamped
from apps.extraction.engine.types import Box, CellReading, PageReading, TableReading, Word

_SAME_PT = 1.5  # lines closer than this are one
_PADDING_WIDTH_PT = 8.0
_PADDING_HEIGHT_PT = 5.0
_LINE_SHARE = 0.5  # a word that begins lower than this share of the last one's height begins a line


class Place(NamedTuple):
    """Where a cell stands in the grid."""

    row: int
    column: int
    down: int
    right: int


@dataclass
class GridCell:
    """A cell and the words in it, in the page's reading order."""

    place: Place
    words: list[Word] = field(default_factory=list)


@dataclass
class Grid:
    """Lines between rows and columns in points of the shown page, and the cells between them."""

    rows: list[float]
    columns: list[float]
    cells: list[GridCell]

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return len(self.rows) - 1

    @property
    def column_count(self) -> int:
        """Number of columns."""
        return len(self.columns) - 1

    @property
    def filled(self) -> list[GridCell]:
        """The cells with words."""
        return [cell for cell in self.cells if cell.words]

    def as_table(self, reading: PageReading) -> TableReading:
        """Return the table with boxes as fractions of the page."""
        cells = [
            CellReading(
                row=place.row,
                column=place.column,
                row_span=place.down,
                column_span=place.right,
                text=text_of(words),
                box=self._box(reading, place),
            )
            for place, words in sorted(((cell.place, cell.words) for cell in self.cells), key=lambda pair: pair[0])
        ]
        whole = Place(0, 0, self.row_count, self.column_count)
        return TableReading(
            page=reading.number,
            box=self._box(reading, whole),
            row_count=self.row_count,
            column_count=self.column_count,
            cells=cells,
        )

    def _box(self, reading: PageReading, place: Place) -> Box:
        width, height = max(reading.width, 1e-6), max(reading.height, 1e-6)
        return clamped(
            self.columns[place.column] / width,
            self.rows[place.row] / height,
            self.columns[place.column + place.right] / width,
            self.rows[place.row + place.down] / height,
        )


def grid_of(reading: PageReading, boxes: Sequence[Box]) -> Grid:
    """Return the grid of cell boxes in points, each word of the page in the cell that holds its middle."""
    columns = _lines([x for box in boxes for x in (box[0], box[2])])
    rows = _lines([y for box in boxes for y in (box[1], box[3])])
    grid = Grid(rows, columns, [GridCell(place) for place in _places(boxes, rows, columns)])
    _fill(grid, reading)
    return _without_padding(grid)


def _lines(positions: list[float]) -> list[float]:
    """Return distinct positions, ascending."""
    lines: list[float] = []
    for position in sorted(positions):
        if not lines or position - lines[-1] > _SAME_PT:
            lines.append(position)
    return lines


def _places(boxes: Sequence[Box], rows: list[float], columns: list[float]) -> list[Place]:
    """Return the place of each box that finds its part of the grid free; smaller boxes come first."""
    places = []
    taken: set[tuple[int, int]] = set()
    for x0, y0, x1, y1 in sorted(boxes, key=lambda box: (box[3] - box[1]) * (box[2] - box[0])):
        row, column = _index(rows, y0), _index(columns, x0)
        place = Place(row, column, _index(rows, y1) - row, _index(columns, x1) - column)
        covered = set(covered_by(place))
        if covered and not covered & taken:
            taken |= covered
            places.append(place)
    return places


def covered_by(place: Place) -> Iterable[tuple[int, int]]:
    """Return the rows and columns a place covers."""
    return (
        (row, column)
        for row in range(place.row, place.row + place.down)
        for column in range(place.column, place.column + place.right)
    )


def _index(lines: list[float], position: float) -> int:
    return max(0, bisect_right(lines, position + 1e-6) - 1)


def _fill(grid: Grid, reading: PageReading) -> None:
    """Look every word up once, by its middle."""
    cell_at = {spot: cell for cell in grid.cells for spot in covered_by(cell.place)}
    for word in reading.words:
        x = (word.x0 + word.x1) / 2 * reading.width
        y = (word.y0 + word.y1) / 2 * reading.height
        cell = cell_at.get((bisect_right(grid.rows, y) - 1, bisect_right(grid.columns, x) - 1))
        if cell is not None:
            cell.words.append(word)


def _without_padding(grid: Grid) -> Grid:
    """Return the grid without the thin empty rows and columns that cell backgrounds and double lines leave behind."""
    kept_rows = _kept(grid.rows, {cell.place.row for cell in grid.filled if cell.place.down == 1}, _PADDING_HEIGHT_PT)
    kept_columns = _kept(
        grid.columns, {cell.place.column for cell in grid.filled if cell.place.right == 1}, _PADDING_WIDTH_PT
    )
    new_row, new_column = _renumbered(kept_rows), _renumbered(kept_columns)
    cells = []
    for cell in grid.cells:
        place = cell.place
        row, column = new_row[place.row], new_column[place.column]
        down, right = new_row[place.row + place.down] - row, new_column[place.column + place.right] - column
        if down and right:
            cells.append(GridCell(Place(row, column, down, right), cell.words))
    return Grid(_joined(grid.rows, kept_rows), _joined(grid.columns, kept_columns), cells)


def _kept(lines: list[float], filled: set[int], thin_pt: float) -> list[bool]:
    """For each row or column whether it stays: it holds text of its own or is not thin."""
    return [index in filled or lines[index + 1] - lines[index] > thin_pt for index in range(len(lines) - 1)]


def _renumbered(kept: list[bool]) -> list[int]:
    """Return the new number of each line between rows or columns."""
    return [0, *accumulate(int(keep) for keep in kept)]


def _joined(lines: list[float], kept: list[bool]) -> list[float]:
    """Return the lines that are left: where each part begins, and where the last one ends."""
    starts = [line for line, keep in zip(lines, kept, strict=False) if keep]
    ends = [line for line, keep in zip(lines[1:], kept, strict=False) if keep]
    return [*starts, ends[-1]] if starts else []


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
