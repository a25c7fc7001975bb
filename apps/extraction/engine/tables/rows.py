"""The lines of a table without upright rules as rows of cells: heads of several lines, spans, cells that go on."""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from apps.extraction.engine.tables.lines import Line, Segment
from apps.extraction.engine.tables.rules import Rule

_DIGIT = re.compile(r"\d")
_CLOSE = 0.35  # of the line's height: the gap to a line that goes on with a cell
_MOST_HEAD_LINES = 6
_LARGEST_HEAD = 0.5  # of all lines
_SAME_ROW_GAP = 0.6  # of the line's height, between lines of one row of a head
_SLACK_PT = 2.0
_OFF_CENTER = 0.12  # of the columns' width: how far a head may stand from the middle of the columns it spans
_WIDE_BLANK = 1.2  # of the height
_TIGHT = 0.88  # of the usual distance of two lines: closer ones are one row


class Column(NamedTuple):
    """A column's left and right edge in points."""

    x0: float
    x1: float


class Cell(NamedTuple):
    """Segments in a column, or over several to the right."""

    column: int
    right: int
    segments: list[Segment]

    @property
    def columns(self) -> range:
        """The columns it covers."""
        return range(self.column, self.column + self.right)


class Rows(NamedTuple):
    """A table's rows, and how many of them a rule parts off as its head."""

    rows: list[list[Cell]]
    header_rows: int


def rows_of(block: Sequence[Line], columns: Sequence[Column], rules: Sequence[Rule]) -> Rows:
    """Return the block's rows; a line that only continues the cells above it joins their row."""
    ruled = head_lines(block, rules)
    lines = [cells_of(line, columns) for line in block]
    if len(block) > 1:
        lines[0] = _centered(lines[0], lines[1], columns)
    head: list[list[Cell]] = []
    for index, line in enumerate(block[:ruled]):
        for above, below in ((block[index], block[index + 1]), (block[max(0, index - 1)], line)):
            part = next((rule for rule in rules if _middle(above) < rule.y < _middle(below)), None)
            if part is not None:
                lines[index] = _spanned(lines[index], part, columns)
        if head and _same_head_row(head[-1], lines[index], block[index - 1], line, rules):
            head[-1] = _together(head[-1], lines[index])
        else:
            head.append(lines[index])
    return Rows([*head, *_body(block[ruled:], lines[ruled:])], len(head))


def head_lines(block: Sequence[Line], rules: Sequence[Rule]) -> int:
    """Return how many lines stand above the first rule that runs through the whole table; 0 if it has no such head."""
    x0 = min(line.segments[0].x0 for line in block)
    x1 = max(line.segments[-1].x1 for line in block)
    most = int(min(_MOST_HEAD_LINES, _LARGEST_HEAD * len(block)))
    found = 0
    for rule in rules:
        above = sum(_middle(line) < rule.y for line in block)
        if not 0 < above <= most:
            continue
        if rule.is_full(x0, x1):
            return above
        found = min(above + 1, most)  # a rule under a head over several columns: the heads under it come next
    return found


def _centered(cells: list[Cell], below: list[Cell], columns: Sequence[Column]) -> list[Cell]:
    """Return the first line's cells, those that stand over the middle of as many columns each spanning them."""
    first, over = ([cell for cell in cells if (cell.column > 0) == is_over] for is_over in (False, True))
    under = [cell.column for cell in below if cell.column > 0]
    size, rest = divmod(len(under), max(1, len(over)))
    if size < 2 or rest or any(cell.right > 1 for cell in below) or any(cell.right > under[0] for cell in first):
        return cells
    spanned = []
    for number, cell in enumerate(over):
        group = under[number * size : (number + 1) * size]
        middle = (columns[group[0]].x0 + columns[group[-1]].x1) / 2
        if abs(middle - _center(cell)) > _OFF_CENTER * (columns[group[-1]].x1 - columns[group[0]].x0):
            return cells
        spanned.append(Cell(group[0], group[-1] - group[0] + 1, cell.segments))
    return [*first, *spanned]


def _middle(line: Line) -> float:
    return (line.top + line.bottom) / 2


def _spanned(cells: list[Cell], rule: Rule, columns: Sequence[Column]) -> list[Cell]:
    """Return the cells of a line, each alone over or under a part of a rule spanning the columns there."""
    for start, end in rule.parts:
        over = [cell for cell in cells if start - _SLACK_PT <= _center(cell) <= end + _SLACK_PT]
        under = [index for index, column in enumerate(columns) if start <= (column.x0 + column.x1) / 2 <= end]
        if not over or not 2 <= len(under) < len(columns) or not _is_one_text(over, len(under)):
            continue
        others = [cell for cell in cells if cell not in over]
        if not any(set(cell.columns) & set(range(under[0], under[-1] + 1)) for cell in others):
            segments = [segment for cell in over for segment in cell.segments]
            wide = Cell(under[0], under[-1] - under[0] + 1, segments)
            cells = sorted([*others, wide], key=lambda cell: cell.column)
    return cells


def _is_one_text(cells: list[Cell], column_count: int) -> bool:
    """Whether cells are one, or few and so close that they are one text with a wide blank."""
    gaps = [right.segments[0].x0 - left.segments[-1].x1 for left, right in pairwise(cells)]
    heights = [segment.bottom - segment.top for cell in cells for segment in cell.segments]
    return not gaps or (2 * len(cells) <= column_count and max(gaps) < _WIDE_BLANK * max(heights))


def _center(cell: Cell) -> float:
    return (cell.segments[0].x0 + cell.segments[-1].x1) / 2


def _same_head_row(above: list[Cell], cells: list[Cell], last: Line, line: Line, rules: Sequence[Rule]) -> bool:
    """Whether a line of a head goes on with the row above: close, no rule between, no spans parted or overlapped."""
    if line.top - last.bottom > _SAME_ROW_GAP * line.height:
        return False
    if any(_middle(last) < rule.y < _middle(line) for rule in rules):
        return False
    for cell in cells:
        met = [other for other in above if set(other.columns) & set(cell.columns)]
        if any((other.column, other.right) != (cell.column, cell.right) for other in met):
            return False
    return True


def _together(above: list[Cell], cells: list[Cell]) -> list[Cell]:
    """Return two lines' cells as one row's; those that share a column become one."""
    joined: list[Cell] = []
    for cell in sorted([*above, *cells], key=lambda each: each.column):
        if joined and cell.column in joined[-1].columns:
            last = joined[-1]
            end = max(last.column + last.right, cell.column + cell.right)
            joined[-1] = Cell(last.column, end - last.column, [*last.segments, *cell.segments])
        else:
            joined.append(Cell(cell.column, cell.right, [*cell.segments]))
    return joined


def _body(block: Sequence[Line], lines: Sequence[list[Cell]]) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    usual = _usual_step(block, lines)
    last: Line | None = None
    for line, cells in zip(block, lines, strict=True):
        if last is None:
            rows.append(cells)
        elif _continues(cells, rows[-1], line, last, usual):
            for cell in cells:
                above = next(item for item in rows[-1] if item.column == cell.column and item.right == cell.right)
                above.segments.extend(cell.segments)
        elif _middle(line) - _middle(last) < _TIGHT * usual and (_is_label(cells) or _is_label(rows[-1])):
            rows[-1] = _together(rows[-1], cells)
        else:
            rows.append(cells)
        last = line
    return rows


def _usual_step(block: Sequence[Line], lines: Sequence[list[Cell]]) -> float:
    """Return the usual distance of two lines, if there are such those with several cells."""
    steps = [(_middle(line) - _middle(above), index) for index, (above, line) in enumerate(pairwise(block))]
    full = [step for step, index in steps if min(len(lines[index]), len(lines[index + 1])) > 1]
    return median(full or [step for step, _ in steps]) if steps else 0.0


def _is_label(cells: Sequence[Cell]) -> bool:
    """Whether a line holds nothing but text in the first column."""
    return len(cells) == 1 and cells[0].column == 0 and cells[0].right == 1


def cells_of(line: Line, columns: Sequence[Column]) -> list[Cell]:
    """Return the line's segments by the columns they cover."""
    cells: list[Cell] = []
    for segment in line.segments:
        covered = [
            index for index, column in enumerate(columns) if min(segment.x1, column.x1) - max(segment.x0, column.x0) > 0
        ]
        middle = (segment.x0 + segment.x1) / 2
        first = covered[0] if covered else min(range(len(columns)), key=lambda index: distance(columns[index], middle))
        right = covered[-1] - first + 1 if covered else 1
        if cells and first < cells[-1].column + cells[-1].right:
            before = cells[-1]
            end = max(before.column + before.right, first + right)
            cells[-1] = Cell(before.column, end - before.column, [*before.segments, segment])
        else:
            cells.append(Cell(first, right, [segment]))
    return cells


def distance(part: tuple[float, float], position: float) -> float:
    """Return how far a position lies outside a part; 0 inside."""
    return max(part[0] - position, position - part[1], 0.0)


def _continues(cells: list[Cell], above: list[Cell], line: Line, last: Line, usual: float) -> bool:
    """Whether a line's cells go on with the text of the cells above: close, no first column, no figures.

    Figures too where the lines stand closer than is usual in the table.
    """
    if line.top - last.bottom > _CLOSE * line.height or any(cell.column == 0 for cell in cells):
        return False
    places = {(cell.column, cell.right) for cell in above}
    if not all((cell.column, cell.right) in places for cell in cells) or len(cells) >= len(above):
        return False
    if _middle(line) - _middle(last) < _TIGHT * usual:
        return True
    return not any(_DIGIT.search(segment.text) for cell in cells for segment in cell.segments)
