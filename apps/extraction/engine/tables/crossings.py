"""From ruling lines to the cells they close, as pdfplumber does it step by step (`pdfplumber.table`), but quicker.

There every two points are compared, each time with new sets of their lines; here points are looked up by their row
and column. The answers are the same (a test compares them on random lines).
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from apps.extraction.engine.edges import Edge
from apps.extraction.engine.types import Box

Point: TypeAlias = tuple[float, float]


class Crossing(NamedTuple):
    """The lines that meet in a point."""

    upright: set[Edge]
    level: set[Edge]


def crossings_of(edges: Sequence[Edge], tolerance: float) -> dict[Point, Crossing]:
    """Return the points in which level and upright lines meet, within a tolerance in points."""
    level = sorted((edge for edge in edges if edge.is_horizontal), key=lambda edge: (edge.top, edge.x0))
    tops = [edge.top for edge in level]
    found: dict[Point, Crossing] = {}
    for upright in edges:
        if upright.is_horizontal:
            continue
        x = upright.x0
        first = bisect_left(tops, upright.top - 2 * tolerance)  # a little more than can meet
        last = bisect_right(tops, upright.bottom + 2 * tolerance)
        for edge in level[first:last]:
            meets = upright.top <= edge.top + tolerance and upright.bottom >= edge.top - tolerance
            if meets and edge.x0 - tolerance <= x <= edge.x1 + tolerance:
                lines = found.setdefault((x, edge.top), Crossing(set(), set()))
                lines.upright.add(upright)
                lines.level.add(edge)
    return found


def cells_of(crossings: dict[Point, Crossing]) -> list[Box]:
    """Return the smallest cell right and below of each point, where lines close one."""
    columns: dict[float, list[Point]] = defaultdict(list)
    rows: dict[float, list[Point]] = defaultdict(list)
    points = sorted(crossings)
    for point in points:
        columns[point[0]].append(point)
        rows[point[1]].append(point)
    found = []
    for point in points:
        column, row = columns[point[0]], rows[point[1]]
        lines = crossings[point]
        below = [
            other
            for other in column[bisect_right(column, point) :]
            if not lines.upright.isdisjoint(crossings[other].upright)
        ]
        if not below:
            continue
        right = [
            other for other in row[bisect_right(row, point) :] if not lines.level.isdisjoint(crossings[other].level)
        ]
        cell = _smallest(crossings, point, below, right)
        if cell is not None:
            found.append(cell)
    return found


def _smallest(
    crossings: dict[Point, Crossing], point: Point, below: Sequence[Point], right: Sequence[Point]
) -> Box | None:
    for under in below:
        for beside in right:
            corner = crossings.get((beside[0], under[1]))
            if corner is None or corner.upright.isdisjoint(crossings[beside].upright):
                continue
            if not corner.level.isdisjoint(crossings[under].level):
                return (point[0], point[1], beside[0], under[1])
    return None
