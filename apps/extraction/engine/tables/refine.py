"""Half-ruled tables: cells that lines left whole although their words stand in several columns or rows."""

import itertools
import re
from statistics import mean

from apps.extraction.engine.tables.grid import Grid, GridCell, Place
from apps.extraction.engine.tables.lines import Line, lines_of
from apps.extraction.engine.types import PageReading

_SLACK_PT = 2.0
_DIGIT = re.compile(r"\d")
_LEAST_WITH_DIGITS = 0.5
_SAME_LINE = 0.5  # of a line's height


def split_columns(grid: Grid, reading: PageReading) -> Grid:
    """Return the grid with cells over several columns divided where each segment of words stands in one column."""
    cells: list[GridCell] = []
    for cell in grid.cells:
        cells += _divided(grid, cell, reading) or [cell]
    return Grid(grid.rows, grid.columns, cells)


def _divided(grid: Grid, cell: GridCell, reading: PageReading) -> list[GridCell] | None:
    place = cell.place
    if place.right == 1 or not cell.words:
        return None
    parts = [GridCell(Place(place.row, place.column + offset, place.down, 1)) for offset in range(place.right)]
    for line in lines_of(reading, cell.words):
        for segment in line.segments:
            index = _only_column(grid, segment.x0, segment.x1)
            if index is None or not place.column <= index < place.column + place.right:
                return None
            parts[index - place.column].words += segment.words
    return parts if sum(bool(part.words) for part in parts) > 1 else None


def _only_column(grid: Grid, x0: float, x1: float) -> int | None:
    """Return the one column a span lies in, or None."""
    for index in range(grid.column_count):
        if grid.columns[index] - _SLACK_PT <= x0 and x1 <= grid.columns[index + 1] + _SLACK_PT:
            return index
    return None


def split_rows(grid: Grid, reading: PageReading) -> Grid:
    """Return the grid with each row divided that holds several lines of figures, one below the other."""
    for row in reversed(range(grid.row_count)):
        middles = _line_middles(grid, row, reading)
        if len(middles) > 1:
            grid = _with_row_divided(grid, row, middles, reading)
    return grid


def _line_middles(grid: Grid, row: int, reading: PageReading) -> list[float]:
    """Return the middles of a row's lines, if its columns but the first have the same lines, of figures mostly."""
    cells = [cell for cell in grid.filled if cell.place.row == row and cell.place.down == 1]
    figures = [lines_of(reading, cell.words) for cell in cells if cell.place.column > 0]
    if len(figures) < 2 or not _agree(figures):
        return []
    texts = [segment.text for lines in figures for line in lines for segment in line.segments]
    if mean(bool(_DIGIT.search(text)) for text in texts) < _LEAST_WITH_DIGITS:
        return []
    middles = [_middle(line) for line in figures[0]]
    stub = [line for cell in cells if cell.place.column == 0 for line in lines_of(reading, cell.words)]
    height = figures[0][0].height
    extra = [
        _middle(line) for line in stub if min(abs(_middle(line) - other) for other in middles) > height * _SAME_LINE
    ]
    return sorted([*middles, *extra])


def _agree(columns: list[list[Line]]) -> bool:
    """Whether all columns have lines at the same heights."""
    first = columns[0]
    return len(first) > 1 and all(
        len(lines) == len(first)
        and all(
            abs(_middle(line) - _middle(other)) <= _SAME_LINE * other.height
            for line, other in zip(lines, first, strict=True)
        )
        for lines in columns[1:]
    )


def _middle(line: Line) -> float:
    return (line.top + line.bottom) / 2


def _with_row_divided(grid: Grid, row: int, middles: list[float], reading: PageReading) -> Grid:
    more = len(middles) - 1
    between = [(upper + lower) / 2 for upper, lower in itertools.pairwise(middles)]
    rows = [*grid.rows[: row + 1], *between, *grid.rows[row + 1 :]]
    cells: list[GridCell] = []
    for cell in grid.cells:
        place = cell.place
        if place.row > row:
            cells.append(GridCell(place._replace(row=place.row + more), cell.words))
        elif place.row + place.down <= row:
            cells.append(cell)
        elif place.down > 1:
            cells.append(GridCell(place._replace(down=place.down + more), cell.words))
        else:
            parts = [GridCell(place._replace(row=row + offset)) for offset in range(more + 1)]
            for word in cell.words:
                middle = (word.y0 + word.y1) / 2 * reading.height
                parts[sum(middle > line for line in between)].words.append(word)
            cells += parts
    return Grid(rows, grid.columns, cells)
