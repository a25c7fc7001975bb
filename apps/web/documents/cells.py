"""A table's cells as the page shows them: columns of numbers stand right-aligned."""

import re
from dataclasses import dataclass
from typing import Final

# An amount, a count or a share, with its sign, currency or unit: "1,850.00", "£640", "(12)", "20 %", "99.50 EUR".
_NUMBER: Final = re.compile(r"\W*(?:[A-Z]{3}\s)?\W*\d[\d.,'’\s]*\W*(?:[A-Z]{3})?\W*")  # noqa: RUF001  (Swiss thousands)


@dataclass(frozen=True)
class ShownCell:
    """A cell's text, and whether its column holds numbers alone."""

    text: str
    is_number: bool


def shown_cells(grid: list[list[str]], *, head: int = 1) -> list[list[ShownCell]]:
    """Return the rows with every cell told whether it stands in a column of numbers below the rows of the head."""
    columns = list(zip(*grid[head:], strict=True))
    numeric = [_is_numeric(column) for column in columns] or [False] * len(grid[0] if grid else [])
    return [[ShownCell(text, is_number) for text, is_number in zip(row, numeric, strict=True)] for row in grid]


def _is_numeric(column: tuple[str, ...]) -> bool:
    texts = [text for text in column if text.strip()]
    return bool(texts) and all(_NUMBER.fullmatch(text) for text in texts)
