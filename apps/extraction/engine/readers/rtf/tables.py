"""Tables of RTF: cells are placed by where their right edges stand."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from apps.extraction.engine.readers.grids import RawCell

_SAME_EDGE_TWIPS: Final = 60  # 3 pt: rows written by hand or by other programs differ by a little
MOST_CELLS_OF_A_ROW: Final = 2_000


@dataclass
class CellPlan:
    """A cell as a row's definition announces it: its right edge in twips and whether it is merged."""

    edge: int = 0
    goes_on_below: bool = False
    joins_above: bool = False
    joins_left: bool = False


@dataclass
class Row:
    """A row: its texts and what its definition says of them."""

    texts: list[str] = field(default_factory=list)
    plans: list[CellPlan] = field(default_factory=list)
    is_header: bool = False


def cells_of(rows: Sequence[Row]) -> list[list[RawCell]]:
    """Return the cells of rows that follow one another, those that go on with others left out."""
    edges = _edges(rows)
    grid: list[list[RawCell]] = []
    origin: dict[int, tuple[int, int]] = {}  # by column: the row and place of the cell that goes on below
    for row in rows:
        grid.append(_cells(row, edges, grid, origin))
    return grid


def _edges(rows: Sequence[Row]) -> list[int]:
    """Return the right edges of all columns, those that nearly fall together as one."""
    edges: list[int] = []
    for edge in sorted({plan.edge for row in rows for plan in row.plans}):
        if not edges or edge - edges[-1] > _SAME_EDGE_TWIPS:
            edges.append(edge)
    return edges


def _cells(
    row: Row, edges: Sequence[int], grid: list[list[RawCell]], origin: dict[int, tuple[int, int]]
) -> list[RawCell]:
    if len(row.plans) < len(row.texts):
        return [RawCell(text=text) for text in row.texts]
    cells: list[RawCell] = []
    column = 0
    for text, plan in zip(row.texts, row.plans, strict=False):
        end = max(column + 1, bisect_left(edges, plan.edge - _SAME_EDGE_TWIPS) + 1)
        width = end - column
        if plan.joins_above and column in origin:
            at, place = origin[column]
            above = grid[at][place]
            grid[at][place] = RawCell(text=above.text, row_span=len(grid) + 1 - at, column_span=above.column_span)
        elif plan.joins_left and cells:
            cells[-1] = RawCell(text=cells[-1].text, column_span=cells[-1].column_span + width)
        else:
            if plan.goes_on_below:
                origin[column] = (len(grid), len(cells))
            cells.append(RawCell(text=text, column_span=width))
        column = end
    return cells
