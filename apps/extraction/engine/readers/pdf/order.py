"""Columns of prose that a content stream holds line by line across the page are put back one after another.

Only what is certain is touched: at least six lines broken at the same gutter, with long runs of words on both sides
that go on from line to line. Rows of tables, forms and lists stay as they are.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from apps.extraction.engine.readers.pdf.boxes import Floats

# Chosen on generated pages (see the tests). Of 2,148 pages of dev T1 to T4 and T7 it changes one, whose text a
# scanner's program had read across two columns (T1); pages in the right order and tables stay as they are.
_FEWEST_LINES = 6
_SHORTEST_RUN = 18  # characters; cells of tables are shorter
_WIDE_GAP = 0.7  # of the height of a word, which is the font's and about 1.2 of its size
_SHARE_GOING_ON = 0.35  # of line starts with a small letter; about .75 in prose
_MOST_COLUMNS = 4

Run: TypeAlias = tuple[int, int]
"""First and last word of a run that stands on one line, both included."""


class _Line(NamedTuple):
    """The runs of one line of the content stream."""

    runs: tuple[Run, ...]


def lines_in_reading_order(texts: Sequence[str], points: Floats) -> list[tuple[Run, ...]] | None:
    """Return the runs of words in reading order, line by line; None where the order is right as it is.

    `points` are the words' boxes in points of the shown page.
    """
    if len(points) < 4 * _FEWEST_LINES:
        return None
    heights = points[:, 3] - points[:, 1]
    middles = (points[:, 1] + points[:, 3]) / 2
    limit = np.minimum(heights[:-1], heights[1:])
    same_line = np.abs(np.diff(middles)) < 0.4 * limit
    gaps = points[1:, 0] - points[:-1, 2]
    wide = same_line & (gaps > _WIDE_GAP * limit)
    if wide.sum() < _FEWEST_LINES:
        return None
    new_line = ~same_line | (gaps < -limit)
    if not _has_long_runs(texts, wide, new_line):
        return None
    lines = _lines_of(wide, new_line)
    ordered = _columns(lines, texts, points, _MOST_COLUMNS)
    if ordered == lines:
        return None
    return [line.runs for line in ordered]


def _has_long_runs(texts: Sequence[str], wide: NDArray[np.bool_], new_line: NDArray[np.bool_]) -> bool:
    """Whether enough wide gaps stand between two long runs."""
    breaks = wide | new_line
    lengths = np.fromiter(map(len, texts), dtype=np.intp, count=len(texts))
    run_of = np.concatenate(([0], np.cumsum(breaks)))
    long = np.bincount(run_of, weights=lengths + 1) > _SHORTEST_RUN
    places = np.flatnonzero(wide & ~new_line)
    return int((long[run_of[places]] & long[run_of[places + 1]]).sum()) >= _FEWEST_LINES


def _lines_of(wide: NDArray[np.bool_], new_line: NDArray[np.bool_]) -> list[_Line]:
    lines: list[_Line] = []
    runs: list[Run] = []
    first = 0
    for place in np.flatnonzero(wide | new_line).tolist():
        runs.append((first, place))
        first = place + 1
        if new_line[place]:
            lines.append(_Line(tuple(runs)))
            runs = []
    runs.append((first, len(wide)))
    return [*lines, _Line(tuple(runs))]


def _columns(lines: list[_Line], texts: Sequence[str], points: Floats, depth: int) -> list[_Line]:
    """Return the lines with every stretch of them that has a gutter read column by column."""
    gutter = _gutter(lines, texts, points) if depth > 1 and len(lines) >= _FEWEST_LINES else None
    if gutter is None:
        return lines
    ordered: list[_Line] = []
    band: list[_Line] = []
    for line in lines:
        if any(points[first, 0] < gutter < points[last, 2] for first, last in line.runs):
            ordered += _split(band, gutter, texts, points, depth)
            band = []
            ordered.append(line)
        else:
            band.append(line)
    return ordered + _split(band, gutter, texts, points, depth)


def _split(band: list[_Line], gutter: float, texts: Sequence[str], points: Floats, depth: int) -> list[_Line]:
    """Return the left lines of a stretch, then its right ones; unchanged where it does not look like columns."""
    left, right = [], []
    broken = 0
    for line in band:
        before = tuple(run for run in line.runs if points[run[1], 2] <= gutter)
        after = line.runs[len(before) :]
        broken += bool(before and after)
        left += [_Line(before)] if before else []
        right += [_Line(after)] if after else []
    if broken < _FEWEST_LINES or not (_is_prose(left, texts) and _is_prose(right, texts)):
        return band
    return [*_columns(left, texts, points, depth - 1), *_columns(right, texts, points, depth - 1)]


def _gutter(lines: list[_Line], texts: Sequence[str], points: Floats) -> float | None:
    """Return the place that most gaps between long runs share."""
    edges: list[tuple[float, int]] = []
    for line in lines:
        for left, right in pairwise(line.runs):
            if min(_length(left, texts), _length(right, texts)) >= _SHORTEST_RUN:
                edges += [(float(points[left[1], 2]), 1), (float(points[right[0], 0]), -1)]
    best, covered, place = 0, 0, None
    edges.sort()
    for (x, step), (following, _) in pairwise(edges):
        covered += step
        if covered > best:
            best, place = covered, (x + following) / 2
    return place if best >= _FEWEST_LINES else None


def _is_prose(lines: list[_Line], texts: Sequence[str]) -> bool:
    """Whether lines are long and go on from one to the next, as sentences do and cells do not."""
    if sum(_length((line.runs[0][0], line.runs[-1][1]), texts) for line in lines) < _SHORTEST_RUN * len(lines):
        return False
    going_on = sum(texts[line.runs[0][0]][0].islower() for line in lines[1:])
    return going_on >= _SHARE_GOING_ON * (len(lines) - 1)


def _length(run: Run, texts: Sequence[str]) -> int:
    return sum(map(len, texts[run[0] : run[1] + 1])) + run[1] - run[0]
