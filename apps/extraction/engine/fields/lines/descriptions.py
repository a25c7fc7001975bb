"""The text of a row that belongs to its description: under the column's name, or where other rows' texts begin."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from apps.extraction.engine.fields.lines.headers import Column
from apps.extraction.engine.fields.lines.rows import Row

_APART: Final = 2.0  # of a row's height: a wider gap parts a description from what stands beside the table


def with_left_edge(columns: Sequence[Column], rows: Sequence[Row]) -> list[Column]:
    """Return the columns, the description's beginning where its texts do: its name may stand in their middle."""
    place = _place(columns)
    if place is None:
        return list(columns)
    name = columns[place]
    under = [
        run[0][1]
        for row in rows
        for run in _runs(row, _bounds(columns, place))
        if run[0][1] <= name.x1 and name.x0 <= run[-1][2]
    ]
    edge = min([name.x0, *under])
    return [replace(column, x0=edge) if column is name else column for column in columns]


def described(row: Row, columns: Sequence[Column], taken: Collection[int]) -> str:
    """Return the words of the description that belong to none of the numbers, whose words are `taken`."""
    place = _place(columns)
    if place is None:
        return " ".join(text for index, text in zip(row.words, row.texts, strict=True) if index not in taken)
    texts = dict(zip(row.words, row.texts, strict=True))
    edge = columns[place].x0 - row.height
    runs = [run for run in _runs(row, _bounds(columns, place)) if run[-1][2] > edge]
    return " ".join(texts[index] for run in runs for index, _, _ in run if index not in taken)


def _place(columns: Sequence[Column]) -> int | None:
    return next((place for place, column in enumerate(columns) if column.role == "description"), None)


def _bounds(columns: Sequence[Column], place: int) -> tuple[float, float]:
    """Return between which columns the description stands."""
    left = columns[place - 1].x1 if place else float("-inf")
    right = columns[place + 1].x0 if place + 1 < len(columns) else float("inf")
    return left, right


def _runs(row: Row, bounds: tuple[float, float]) -> Iterator[list[tuple[int, float, float]]]:
    """Give the words between bounds in runs without wide gaps: index on the page, left and right edge of each."""
    run: list[tuple[int, float, float]] = []
    for index, (x0, x1) in zip(row.words, row.spans, strict=True):
        if not bounds[0] < (x0 + x1) / 2 < bounds[1]:
            continue
        if run and x0 - run[-1][2] > _APART * row.height:
            yield run
            run = []
        run.append((index, x0, x1))
    if run:
        yield run
