"""What a sample document is: its bytes, and the truth about them that tests and demonstrations compare with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class TableTruth(NamedTuple):
    """One table as printed: cell texts row by row, the header row included, spaces collapsed.

    A table that goes on over several pages counts once, without its repeated header rows.
    """

    rows: int
    columns: int
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """What a perfect reader would say about one document.

    `fields` has the built-in schemas' keys with normalised values (ISO dates, decimal strings, ISO 4217 currencies);
    repeatable keys hold a tuple. `error` is the stable code a reader must report, or None. `text_contains` gives
    passages of the visible text, with single spaces.
    """

    type: str
    language: str
    page_count: int = 1
    text_contains: tuple[str, ...] = ()
    fields: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    line_items: tuple[Mapping[str, str], ...] = ()
    tables: tuple[TableTruth, ...] = ()
    error: str | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """One generated file together with how it came in and what it says."""

    name: str
    content: bytes
    title: str
    media_type: str
    truth: Truth
    tags: tuple[str, ...] = ()
    received_days_ago: int = 0


def table_truth(rows: list[list[str]]) -> TableTruth:
    """Return the truth of a table that was drawn from `rows`; line breaks in a cell count as spaces."""
    cells = tuple(tuple(" ".join(cell.split()) for cell in row) for row in rows)
    return TableTruth(rows=len(cells), columns=len(cells[0]), cells=cells)
