"""A second measure of table finding: python -m tests.tools.score_tables [PAGES]; prints every style and both halves."""

import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.readers.pdf import open_document
from apps.extraction.engine.tables import find_tables
from apps.extraction.engine.types import TableReading
from tests.tools.made_tables import STYLES, make

Relations = Counter[tuple[str, str, bool]]


class Score(NamedTuple):
    """Pairs of neighbouring cells: found and true, true, found."""

    hits: int
    true: int
    found: int

    @property
    def f1(self) -> float:
        """F1 of the pairs; 1 where there are none and none was found."""
        return 2 * self.hits / (self.true + self.found) if self.true + self.found else 1.0


def relations(cells: Sequence[dict[str, Any]]) -> Relations:
    """Return the pairs of filled cells that are neighbours to the right (True) or below, blank ones skipped."""
    at = {
        (row, column): number
        for number, cell in enumerate(cells)
        if cell["text"].strip()
        for row in range(cell["row"], cell["end_row"] + 1)
        for column in range(cell["col"], cell["end_col"] + 1)
    }
    pairs = set()
    for axis in (0, 1):
        for place, following in pairwise(sorted(at, key=lambda place: (place[axis], place[1 - axis]))):
            if place[axis] == following[axis] and at[place] != at[following]:
                pairs.add((at[place], at[following], axis == 0))
    texts = [re.sub(r"\s+", "", cell["text"]).casefold() for cell in cells]
    return Counter((texts[one], texts[other], level) for one, other, level in pairs)


def as_cells(table: TableReading) -> list[dict[str, Any]]:
    """Return a table's cells as the truths have them."""
    return [
        {
            "row": cell.row,
            "col": cell.column,
            "end_row": cell.row + cell.row_span - 1,
            "end_col": cell.column + cell.column_span - 1,
            "text": cell.text,
        }
        for cell in table.cells
    ]


def score(path: Path, truths: Sequence[Sequence[dict[str, Any]]]) -> Score:
    """Compare the tables found in a PDF with those that are there, all of a document together."""
    found: list[TableReading] = []
    with open_document(Source(path=path, media_type="application/pdf")) as pdf:
        for number in range(1, pdf.info.page_count + 1):
            found += find_tables(pdf.read_page(number), pdf.edges(number))
    wanted = sum((relations(truth) for truth in truths), Counter())
    got = sum((relations(as_cells(table)) for table in found), Counter())
    return Score((wanted & got).total(), wanted.total(), got.total())


def pooled(scores: Iterable[Score]) -> Score:
    """Add scores up."""
    return Score(*(sum(column) for column in zip(*scores, strict=True)))


def main(pages: int) -> None:
    """Make pages, score them, print."""
    styles: dict[str, list[Score]] = defaultdict(list)
    halves: dict[str, list[Score]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(pages):
            page = make(Path(folder), seed)
            result = score(page.path, page.tables)
            styles[page.style].append(result)
            halves[f"half {seed // len(STYLES) % 2 + 1}"].append(result)
    for name, scores in [*sorted(styles.items()), *sorted(halves.items())]:
        total = pooled(scores)
        print(f"{name:12} F1 {total.f1:.3f}  pairs found {total.found}, true {total.true}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 140)
