"""From the rows of a sheet to blocks: areas that empty rows or columns part are tables of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.extraction.engine.readers.grids import text_of_rows
from apps.extraction.engine.types import Block, CellReading, TableReading

Merged = tuple[tuple[int, int], tuple[int, int]]
"""First and last row and column of cells that are shown as one."""


@dataclass(frozen=True)
class Area:
    """A rectangle of a sheet; ends are not included."""

    top: int
    left: int
    bottom: int
    right: int


def blocks_of(rows: Sequence[Sequence[str]], merged: Sequence[Merged]) -> tuple[list[Block], list[TableReading]]:
    """Return what rows of texts hold, from top to bottom: tables, and single cells as paragraphs."""
    blocks: list[Block] = []
    tables: list[TableReading] = []
    for area in _areas(rows, _covered(merged, len(rows))):
        texts = [list(row[area.left : area.right]) for row in rows[area.top : area.bottom]]
        text = text_of_rows(texts)
        if not text:
            continue
        cells = _cells(texts, area, merged)
        if len(cells) < 2:
            blocks.append(Block(kind="paragraph", text=text))
            continue
        blocks.append(Block(kind="table", text=text, table=len(tables)))
        tables.append(
            TableReading(
                page=1,
                box=None,
                row_count=area.bottom - area.top,
                column_count=area.right - area.left,
                cells=cells,
                header_rows=_header_rows(texts),
            )
        )
    return blocks, tables


def _covered(merged: Sequence[Merged], row_count: int) -> dict[int, list[tuple[int, int]]]:
    """Return by row the columns, first and end, that merged cells cover."""
    covered: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, right) in merged:
        for row in range(top, min(bottom + 1, row_count)):
            covered.setdefault(row, []).append((left, right + 1))
    return covered


def _areas(rows: Sequence[Sequence[str]], covered: dict[int, list[tuple[int, int]]]) -> Iterator[Area]:
    """Give the areas between empty rows, each divided where a column is empty in all its rows."""
    top: int | None = None
    for row in range(len(rows) + 1):
        filled = row < len(rows) and (any(rows[row]) or row in covered)
        if filled and top is None:
            top = row
        elif not filled and top is not None:
            for left, right in _columns(rows, top, row, covered):
                yield _trimmed(rows, Area(top, left, row, right))
            top = None


def _trimmed(rows: Sequence[Sequence[str]], area: Area) -> Area:
    """Return the area without rows at its top and bottom that only others fill."""
    filled = [row for row in range(area.top, area.bottom) if any(rows[row][area.left : area.right])]
    return Area(filled[0], area.left, filled[-1] + 1, area.right) if filled else area


def _columns(
    rows: Sequence[Sequence[str]], top: int, bottom: int, covered: dict[int, list[tuple[int, int]]]
) -> Iterator[tuple[int, int]]:
    used: set[int] = set()
    for row in range(top, bottom):
        used.update(column for column, text in enumerate(rows[row]) if text)
        for left, right in covered.get(row, ()):
            used.update(range(left, right))
    first: int | None = None
    for column in range(max(used, default=-1) + 2):
        if column in used:
            first = column if first is None else first
        elif first is not None:
            yield first, column
            first = None


def _cells(texts: list[list[str]], area: Area, merged: Sequence[Merged]) -> list[CellReading]:
    """Return the cells that hold something, merged ones with their reach."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    hidden: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in merged:
        if area.top <= top < area.bottom and area.left <= left < area.right:
            row, column = top - area.top, left - area.left
            down, across = min(bottom + 1, area.bottom) - top, min(right + 1, area.right) - left
            spans[row, column] = down, across
            hidden.update((row + i, column + j) for i in range(down) for j in range(across))
    hidden.difference_update(spans)
    cells = []
    for row, row_texts in enumerate(texts):
        for column, text in enumerate(row_texts):
            if text and (row, column) not in hidden:
                down, right = spans.get((row, column), (1, 1))
                cells.append(CellReading(row=row, column=column, row_span=down, column_span=right, text=text))
    return cells


def _header_rows(texts: list[list[str]]) -> int:
    """Return 1 if the first row names the columns: at least two words, no figures, and figures or words below."""
    first = [text for text in texts[0] if text]
    is_named = len(texts) > 1 and len(first) > 1 and not any(text[:1].isdigit() or text[:1] in "+-" for text in first)
    return int(is_named)
