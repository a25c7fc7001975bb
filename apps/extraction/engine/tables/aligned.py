"""Tables without rules, found by the alignment of their words.

Lines with gaps are gathered into blocks, white space through a block's lines makes its columns, columns of running
text are cut off and looked at by themselves, and a gate keeps what looks like a table.
"""

import re
from collections.abc import Sequence
from statistics import mean, median

from apps.extraction.engine.geometry import clamped
from apps.extraction.engine.tables.figures import with_figures_apart
from apps.extraction.engine.tables.grid import text_of
from apps.extraction.engine.tables.lines import Line, lines_of
from apps.extraction.engine.tables.rows import Column, Rows, distance, rows_of
from apps.extraction.engine.tables.rules import Rule
from apps.extraction.engine.types import CellReading, PageReading, TableReading, Word

# Gates and gaps. Adjacency F1 on 43 ICDAR 2013 documents, halves by every other one (the first was looked at while
# tuning), around .943 .957: fill .35 .942 .956, .55 the same; mean text 22 .943 .957, 40 .943 .956; digits .1 and .35
# the same; line gap 1.2 .943 .948, 2.0 .935 .960; gutter 2 .943 .960, 5 .921 .957; prose 20 the same, 32 .943 .951.
_FEWEST_ROWS = 3
_FEWEST_COLUMNS = 2
_LEAST_FILL = 0.45
_LONGEST_MEAN_TEXT = 30
_LEAST_WITH_DIGITS = 0.2
_LINE_GAP = 1.6  # of the line's height: a wider gap ends a block
_NARROWEST_GUTTER_PT = 3.0
# Share of a block's lines that may cross a gutter (headings over several columns): .06 .882 .929, .12 .943 .957,
# .18 .948 .967, .20 .948 .964.
_MOST_CROSSING = 0.18
_FEWEST_FOR_A_HEAD = 6  # lines of a block in which one may cross a gutter however few they are
_MOST_OVER = 3  # lines without gaps between a table's upper rule and its first line with gaps
_PROSE_CHARACTERS = 25
_PROSE_WIDTH = 0.8
_DIGIT = re.compile(r"\d")
_DEPTH = 3
_RULE_REACH_PT = 12.0  # above the first and below the last line of a table a rule of it may lie


def find_aligned_tables(reading: PageReading, words: Sequence[Word], rules: Sequence[Rule] = ()) -> list[TableReading]:
    """Return the tables among words that belong to no ruled table; level rules show their heads."""
    return _tables_in(reading, lines_of(reading, words), rules, _DEPTH)


def _tables_in(reading: PageReading, lines: list[Line], rules: Sequence[Rule], depth: int) -> list[TableReading]:
    tables: list[TableReading] = []
    for block in _blocks(lines, rules):
        columns = columns_of(block)
        parts = _without_prose(block, columns) if depth else None
        if parts is not None:
            for part in parts:
                tables += _tables_in(reading, lines_of(reading, part), rules, depth - 1)
            continue
        cut = with_figures_apart(block, columns, reading.width)
        table = _gated(reading, cut, columns_of(cut) if cut != block else columns, rules)
        if table is not None:
            tables.append(table)
    return tables


def _blocks(lines: list[Line], rules: Sequence[Rule]) -> list[list[Line]]:
    """Return runs of close lines that have gaps; a line without one may stand between, above or below."""
    blocks: list[list[Line]] = []
    block: list[Line] = []
    for line in lines:
        if block and line.top - block[-1].bottom > _LINE_GAP * max(line.height, block[-1].height):
            blocks.append(block)
            block = []
        block.append(line)
    blocks.append(block)
    return [part for run in blocks for part in _with_gaps(run, rules)]


def _with_gaps(run: list[Line], rules: Sequence[Rule]) -> list[list[Line]]:
    """Return the parts of a run between lines without gaps; up to two such lines in a row may stand inside.

    Those between a part's upper rule and its first line belong to it too: heads over several columns.
    """
    parts: list[list[Line]] = []
    part: list[Line] = []
    single: list[Line] = []
    for line in run:
        if len(line.segments) > 1:
            if len(single) <= 2 and part:
                part += single
            else:
                parts.append(part)
                part = _under_rule(single, line, rules)
            part.append(line)
            single = []
        else:
            single.append(line)
    parts.append(part)
    return [part for part in parts if len(part) >= _FEWEST_ROWS]


def _under_rule(single: list[Line], line: Line, rules: Sequence[Rule]) -> list[Line]:
    """Return those of the lines without gaps above a line that a rule over all of it parts from what is above."""
    x0, x1 = line.segments[0].x0, line.segments[-1].x1
    for count in range(1, min(_MOST_OVER, len(single)) + 1):
        first = single[-count]
        above = single[-count - 1].bottom if count < len(single) else first.top - _RULE_REACH_PT
        if any(above < rule.y < first.top + first.height / 2 and rule.is_full(x0, x1) for rule in rules):
            return single[-count:]
    return []


def columns_of(block: Sequence[Line]) -> list[Column]:
    """Columns between the vertical strips of white space that hardly any line crosses."""
    edges: list[tuple[float, int]] = []
    for line in block:
        for segment in line.segments:
            edges += [(segment.x0, 1), (segment.x1, -1)]
    edges.sort()
    allowed = max(int(_MOST_CROSSING * len(block)), len(block) >= _FEWEST_FOR_A_HEAD)
    columns: list[Column] = []
    covering = 0
    start: float | None = None
    for position, change in edges:
        covering += change
        if start is None and covering > allowed:
            start = position
        elif start is not None and covering <= allowed:
            if columns and start - columns[-1].x1 < _NARROWEST_GUTTER_PT:
                columns[-1] = Column(columns[-1].x0, position)
            else:
                columns.append(Column(start, position))
            start = None
    return columns


def _without_prose(block: Sequence[Line], columns: list[Column]) -> list[list[Word]] | None:
    """Return the words of the parts beside and between columns of running text; None where there is no such column."""
    if len(columns) < 2:
        return None
    is_prose = [_is_prose(block, column) for column in columns]
    if not any(is_prose):
        return None
    parts: list[tuple[float, float]] = []
    for index, column in enumerate(columns):
        if parts and not is_prose[index] and not is_prose[index - 1]:
            parts[-1] = (parts[-1][0], column.x1)
        else:
            parts.append(column)
    words: list[list[Word]] = [[] for _ in parts]
    for line in block:
        for segment in line.segments:
            middle = (segment.x0 + segment.x1) / 2
            nearest = min(range(len(parts)), key=lambda index: distance(parts[index], middle))
            words[nearest] += segment.words
    return words


def _is_prose(block: Sequence[Line], column: Column) -> bool:
    """Whether a column is running text: long lines that fill its width."""
    inside = [
        segment
        for line in block
        for segment in line.segments
        if segment.x0 >= column.x0 - 2 and segment.x1 <= column.x1 + 2
    ]
    if len(inside) < 0.5 * len(block):
        return False
    long = mean(len(segment.text) for segment in inside) > _PROSE_CHARACTERS
    return long and median(segment.x1 - segment.x0 for segment in inside) > _PROSE_WIDTH * (column.x1 - column.x0)


def _gated(
    reading: PageReading, block: Sequence[Line], columns: list[Column], rules: Sequence[Rule]
) -> TableReading | None:
    """Return the block as a table, if it looks like one."""
    if len(columns) < _FEWEST_COLUMNS:
        return None
    top, bottom = block[0].top - _RULE_REACH_PT, block[-1].bottom + _RULE_REACH_PT
    found = rows_of(block, columns, [rule for rule in rules if top < rule.y < bottom])
    rows = found.rows
    cells = [cell for row in rows for cell in row]
    texts = [" ".join(segment.text for segment in cell.segments) for cell in cells]
    if len(rows) < _FEWEST_ROWS or sum(cell.right for cell in cells) < _LEAST_FILL * len(rows) * len(columns):
        return None
    if mean(len(text) for text in texts) > _LONGEST_MEAN_TEXT:
        return None
    with_digits = sum(bool(_DIGIT.search(text)) for text in texts)
    if with_digits < _LEAST_WITH_DIGITS * len(texts) and len(columns) < 3:
        return None
    return _table_of(reading, found, len(columns))


def _table_of(reading: PageReading, found: Rows, column_count: int) -> TableReading:
    rows = found.rows
    cells = []
    for number, row in enumerate(rows):
        for cell in row:
            words = [word for segment in cell.segments for word in segment.words]
            cells.append(
                CellReading(
                    row=number,
                    column=cell.column,
                    column_span=cell.right,
                    text=text_of(words),
                    box=_around(words),
                )
            )
    words = [word for row in rows for cell in row for segment in cell.segments for word in segment.words]
    return TableReading(
        page=reading.number,
        box=_around(words),
        row_count=len(rows),
        column_count=column_count,
        cells=cells,
        header_rows=found.header_rows,
    )


def _around(words: Sequence[Word]) -> tuple[float, float, float, float]:
    return clamped(
        min(word.x0 for word in words),
        min(word.y0 for word in words),
        max(word.x1 for word in words),
        max(word.y1 for word in words),
    )
