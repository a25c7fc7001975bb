"""Ruled tables: pdfplumber's table finder over lines that pdfium has found.

pdfplumber's own parsing takes 93 % of its time, so only its steps from edges to cells are used.
"""

from collections.abc import Sequence
from typing import Any

from pdfplumber.table import cells_to_tables, merge_edges

from apps.extraction.engine.edges import Edge
from apps.extraction.engine.tables.crossings import cells_of, crossings_of
from apps.extraction.engine.tables.grid import grid_of
from apps.extraction.engine.tables.refine import split_columns, split_rows
from apps.extraction.engine.types import Box, PageReading, TableReading

_TOLERANCE_PT = 3  # pdfplumber's defaults
_SHORTEST_PT = 3
_MOST_EDGES = 4_000  # more are drawings and maps
_MOST_CROSSINGS = 20_000  # finding cells is more than linear in the crossings
_FEWEST_RULES = 3
_SHORTEST_RULE_PT = 20
_LEAST_FILLED = 0.4


def find_ruled_tables(reading: PageReading, edges: list[Edge]) -> list[TableReading]:
    """Return the tables whose cells are closed by lines."""
    if not 4 <= len(edges) <= _MOST_EDGES:
        return []
    merged = _merged(edges)
    sides = implied_edges(edges)
    if sides:
        merged = _merged([*merged, *sides])
    level = sum(edge.is_horizontal for edge in merged)
    if level < 2 or len(merged) - level < 2 or level * (len(merged) - level) > _MOST_CROSSINGS:
        return []
    found = cells_of(crossings_of(merged, _TOLERANCE_PT))
    tables = (table_of(reading, cells) for cells in cells_to_tables(found))
    return [table for table in tables if table is not None]


def _merged(edges: Sequence[Edge]) -> list[Edge]:
    """Return lines snapped to each other and joined, without the shortest."""
    merged = merge_edges([_as_pdfplumber(edge) for edge in edges], *([_TOLERANCE_PT] * 4))
    lines = [Edge(edge["x0"], edge["top"], edge["x1"], edge["bottom"]) for edge in merged]
    return [line for line in lines if max(line.x1 - line.x0, line.bottom - line.top) >= _SHORTEST_PT]


def implied_edges(edges: Sequence[Edge]) -> list[Edge]:
    """Return upright lines that are not drawn: where three or more rules begin or end together.

    Those are the sides of tables open to the left or right, and the joints of rules that were drawn cell by cell.
    """
    upright = [edge for edge in edges if not edge.is_horizontal]
    if not upright:
        return []
    level = [edge for edge in edges if edge.is_horizontal and edge.x1 - edge.x0 >= _SHORTEST_RULE_PT]
    sides: list[Edge] = []
    for position in (0, 2):  # left ends, right ends
        ends: dict[int, list[Edge]] = {}
        for edge in level:
            ends.setdefault(round(edge[position] / _TOLERANCE_PT), []).append(edge)
        for group in ends.values():
            x, top, bottom = group[0][position], min(edge.top for edge in group), max(edge.top for edge in group)
            closed = any(abs(edge.x0 - x) <= 2 * _TOLERANCE_PT and edge.top < bottom > top for edge in upright)
            if len({round(edge.top) for edge in group}) >= _FEWEST_RULES and not closed:
                sides.append(Edge(x, top, x, bottom))
    return sides


def table_of(reading: PageReading, boxes: Sequence[Box]) -> TableReading | None:
    """Return the table of cell boxes in points; None when it is under 2 x 2, mostly empty or only a frame."""
    grid = split_columns(grid_of(reading, boxes), reading)
    if grid.row_count < 2 or grid.column_count < 2:
        return None
    filled = grid.filled
    if len(filled) < _LEAST_FILLED * len(grid.cells):
        return None
    if len({cell.place.row for cell in filled}) < 2 or len({cell.place.column for cell in filled}) < 2:
        return None
    return split_rows(grid, reading).as_table(reading)


def _as_pdfplumber(edge: Edge) -> dict[str, Any]:
    return {
        "x0": edge.x0,
        "x1": edge.x1,
        "top": edge.top,
        "bottom": edge.bottom,
        "width": edge.x1 - edge.x0,
        "height": edge.bottom - edge.top,
        "orientation": "h" if edge.is_horizontal else "v",
        "object_type": "line",
    }
