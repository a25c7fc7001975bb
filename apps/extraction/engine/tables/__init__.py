"""Tables of a page: ruled ones by their lines, others by the alignment of the words."""

from collections.abc import Sequence

from apps.extraction.engine.tables.aligned import find_aligned_tables
from apps.extraction.engine.tables.edges import Edge
from apps.extraction.engine.tables.ruled import find_ruled_tables
from apps.extraction.engine.types import PageReading, TableReading, Word


def find_tables(reading: PageReading, edges: list[Edge]) -> list[TableReading]:
    """Return the tables of a page from top to bottom; `edges` are its ruling lines."""
    ruled = find_ruled_tables(reading, edges)
    aligned = find_aligned_tables(reading, _outside(reading.words, ruled))
    return sorted([*ruled, *aligned], key=lambda table: (table.box or (0, 0, 0, 0))[1])


def _outside(words: Sequence[Word], tables: list[TableReading]) -> list[Word]:
    """Return the words in no table."""
    boxes = [table.box for table in tables if table.box]
    if not boxes:
        return list(words)
    return [
        word
        for word in words
        if not any(
            box[0] <= (word.x0 + word.x1) / 2 <= box[2] and box[1] <= (word.y0 + word.y1) / 2 <= box[3] for box in boxes
        )
    ]
