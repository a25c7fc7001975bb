"""Columns of figures that stand closer than columns of text may: parted by a strip no word crosses."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from apps.extraction.engine.tables.lines import Line, Segment

_FEWEST_LINES = 5
_LEAST_ON_BOTH_SIDES = 0.6
_LEAST_FIGURES = 0.7
_NARROWEST_PT = 1.5
_FIGURE = re.compile(r"[-\u2013\u2212+($\u20ac\u00a3]*[\d.,]*\d[\d.,)%*]*|[-\u2013\u2014]")


class _Placed(NamedTuple):
    """A word's text and its sides in points."""

    x0: float
    x1: float
    text: str


def with_figures_apart(block: Sequence[Line], columns: Sequence[tuple[float, float]], page_width: float) -> list[Line]:
    """Return the lines with their segments cut where a column holds several columns of figures."""
    lines = list(block)
    for x0, x1 in columns:
        start = x0
        while (strip := _figure_strip(lines, start, x1, page_width)) is not None:
            lines = [_cut(line, strip, page_width) for line in lines]
            start = strip[1]
    return lines


def _figure_strip(lines: Sequence[Line], x0: float, x1: float, page_width: float) -> tuple[float, float] | None:
    """Return the first strip of white space in a column with figures on both sides of it in most lines."""
    rows = [row for line in lines if (row := _words_within(line, x0, x1, page_width))]
    several = [row for row in rows if len(row) > 1]
    if len(several) < max(_FEWEST_LINES, _LEAST_ON_BOTH_SIDES * len(rows)):
        return None
    for start, end in _strips(rows):
        sides = [
            ([word for word in row if word.x1 <= start], [word for word in row if word.x0 >= end]) for row in several
        ]
        both = [(left, right) for left, right in sides if left and right]
        figures = [pair for pair in both if all(_FIGURE.fullmatch(word.text) for word in (pair[0][-1], pair[1][0]))]
        if len(both) >= _LEAST_ON_BOTH_SIDES * len(rows) and len(figures) >= _LEAST_FIGURES * len(both):
            return (start, end)
    return None


def _words_within(line: Line, x0: float, x1: float, page_width: float) -> list[_Placed]:
    """Return the words of a line's segments that lie in a column."""
    return [
        _Placed(word.x0 * page_width, word.x1 * page_width, word.text)
        for segment in line.segments
        if segment.x0 >= x0 - 1 and segment.x1 <= x1 + 1
        for word in segment.words
    ]


def _strips(rows: Sequence[Sequence[_Placed]]) -> list[tuple[float, float]]:
    """Return the strips between words that no word of any row touches."""
    spans = sorted((word.x0, word.x1) for row in rows for word in row)
    strips = []
    end = spans[0][1]
    for x0, x1 in spans[1:]:
        if x0 - end >= _NARROWEST_PT:
            strips.append((end, x0))
        end = max(end, x1)
    return strips


def _cut(line: Line, strip: tuple[float, float], page_width: float) -> Line:
    middle = (strip[0] + strip[1]) / 2
    segments: list[Segment] = []
    for segment in line.segments:
        left = tuple(word for word in segment.words if word.x1 * page_width <= middle)
        right = tuple(word for word in segment.words if word.x0 * page_width >= middle)
        if left and right and len(left) + len(right) == len(segment.words):
            segments.append(segment._replace(x1=max(word.x1 for word in left) * page_width, words=left))
            segments.append(segment._replace(x0=min(word.x0 for word in right) * page_width, words=right))
        else:
            segments.append(segment)
    return line._replace(segments=tuple(segments))
