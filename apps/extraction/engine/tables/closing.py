"""From ruling lines to the tables of the cells they close: the steps of pdfplumber's table finder (`pdfplumber.table`).

There every two points are compared, each time with new sets of their lines; here points are looked up by their row
and column. The answers are the same (a test compares each step on random lines), and pdfplumber, whose loading takes
.13 s, stays away.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from apps.extraction.engine.edges import Edge
from apps.extraction.engine.types import Box

Point: TypeAlias = tuple[float, float]


class Crossing(NamedTuple):
    """The lines that meet in a point."""

    upright: set[Edge]
    level: set[Edge]


def merged(edges: Sequence[Edge], tolerance: float) -> list[Edge]:
    """Return lines snapped to the mean of those near by, and those on one line joined where they nearly meet."""
    level = [edge for edge in edges if edge.is_horizontal]
    upright = [edge for edge in edges if not edge.is_horizontal]
    snapped_level = (Edge(x0, top + by, x1, bottom + by) for (x0, top, x1, bottom), by in _shifts(level, 1, tolerance))
    snapped_upright = (
        Edge(x0 + by, top, x1 + by, bottom) for (x0, top, x1, bottom), by in _shifts(upright, 0, tolerance)
    )
    return [
        *_joined(sorted(snapped_level, key=lambda edge: (edge.top, edge.x0)), tolerance),
        *_joined(sorted(snapped_upright, key=lambda edge: (edge.x0, edge.top)), tolerance),
    ]


def _shifts(edges: Sequence[Edge], side: int, tolerance: float) -> Iterator[tuple[Edge, float]]:
    """Yield lines with how far each is from the mean of its neighbours', chains of which are within the tolerance."""
    clusters: list[list[Edge]] = []
    last = 0.0
    for edge in sorted(edges, key=lambda edge: edge[side]):
        if clusters and edge[side] <= last + tolerance:
            clusters[-1].append(edge)
        else:
            clusters.append([edge])
        last = edge[side]
    for cluster in clusters:
        mean = sum(edge[side] for edge in cluster) / len(cluster)
        yield from ((edge, mean - edge[side]) for edge in cluster)


def _joined(edges: Iterable[Edge], tolerance: float) -> Iterator[Edge]:
    """Yield lines, sorted by where they lie and begin, with those joined that go on where the one before ends."""
    last: Edge | None = None
    for edge in edges:
        if last is None:
            last = edge
        elif last.is_horizontal and edge.top == last.top and edge.x0 <= last.x1 + tolerance:
            last = last._replace(x1=max(last.x1, edge.x1))
        elif not last.is_horizontal and edge.x0 == last.x0 and edge.top <= last.bottom + tolerance:
            last = last._replace(bottom=max(last.bottom, edge.bottom))
        else:
            yield last
            last = edge
    if last is not None:
        yield last


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


def tables_among(cells: Sequence[Box]) -> list[list[Box]]:
    """Return the cells that hang together by their corners, each table by itself from the top, lone cells left out."""
    left = list(cells)
    tables: list[list[Box]] = []
    while left:
        table: list[Box] = []
        corners: set[Point] = set()
        found = True
        while found:
            found, rest = False, []
            for cell in left:
                x0, top, x1, bottom = cell
                here = ((x0, top), (x0, bottom), (x1, top), (x1, bottom))
                if table and corners.isdisjoint(here):
                    rest.append(cell)
                    continue
                corners.update(here)
                table.append(cell)
                found = True
            left = rest
        tables.append(table)
    tables.sort(key=lambda table: min((cell[1], cell[0]) for cell in table))
    return [table for table in tables if len(table) > 1]
