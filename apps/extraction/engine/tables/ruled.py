"""Ruled tables: pdfplumber's table finder over lines that pdfium has found.

pdfplumber's own parsing takes 93 % of its time, so only its steps from edges to cells are used.
"""

from collections.abc import Sequence
from typing import Any

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from apps.extraction.engine.tables.edges import Edge
from apps.extraction.engine.tables.grid import grid_of
from apps.extraction.engine.tables.refine import split_columns, split_rows
from apps.extraction.engine.types import Box, PageReading, TableReading

_TOLERANCE_PT = 3  # pdfplumber's defaults
_SHORTEST_PT = 3
_MOST_EDGES = 4_000  # drawings and maps; finding cells is quadratic in the crossings
_LEAST_FILLED = 0.4


def find_ruled_tables(reading: PageReading, edges: list[Edge]) -> list[TableReading]:
    """Return the tables whose cells are closed by lines."""
    if not 4 <= len(edges) <= _MOST_EDGES:
        return []
    merged = merge_edges([_as_pdfplumber(edge) for edge in edges], *([_TOLERANCE_PT] * 4))
    long_enough = [edge for edge in merged if edge["width"] >= _SHORTEST_PT or edge["height"] >= _SHORTEST_PT]
    if len(long_enough) < 4:
        return []
    crossings = edges_to_intersections(long_enough, _TOLERANCE_PT, _TOLERANCE_PT)
    tables = (table_of(reading, cells) for cells in cells_to_tables(intersections_to_cells(crossings)))
    return [table for table in tables if table is not None]


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
