"""Tables of a page: ruled ones by their lines, others by the alignment of the words."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace
from PIL import Image

from apps.extraction.engine.edges import Edge
from apps.extraction.engine.tables.aligned import find_aligned_tables
from apps.extraction.engine.tables.heads import header_rows_of
from apps.extraction.engine.tables.pictures import picture_edges
from apps.extraction.engine.tables.ruled import find_ruled_tables
from apps.extraction.engine.tables.rules import Rule, rules_of
from apps.extraction.engine.tables.scale import at_print_scale, is_recognised
from apps.extraction.engine.types import PageReading, TableReading, Word

_CROWDED = 4  # words in a cell
_MUCH_FINER = 2
_LEAST_COVERED = 0.8


def find_tables(
    reading: PageReading, edges: list[Edge], picture: Callable[[], Image.Image] | None = None
) -> list[TableReading]:
    """Return the tables of a page from top to bottom.

    `edges` are its ruling lines as paths; `picture` draws the page, for lines that are only seen.
    """
    reading, edges = at_print_scale(reading, edges)
    if picture is not None and is_recognised(reading.words):
        edges = [*edges, *picture_edges(picture(), reading)]
    rules = rules_of(edges)
    ruled = [_finer(reading, table, rules) for table in find_ruled_tables(reading, edges)]
    aligned = find_aligned_tables(reading, _outside(reading.words, ruled), rules)
    tables = [replace(table, header_rows=header_rows_of(table)) for table in (*ruled, *aligned)]
    return sorted(tables, key=lambda table: (table.box or (0, 0, 0, 0))[1])


def _finer(reading: PageReading, table: TableReading, rules: Sequence[Rule]) -> TableReading:
    """Return the table that alignment makes of the same words, where the rules only part whole columns of text."""
    inside = _inside(reading.words, table)
    filled = sum(bool(cell.text) for cell in table.cells)
    if len(inside) < _CROWDED * filled:
        return table
    found = find_aligned_tables(reading, inside, rules)
    if len(found) != 1 or len(found[0].cells) < _MUCH_FINER * filled:
        return table
    covered = len(_inside(inside, found[0]))
    return found[0] if covered >= _LEAST_COVERED * len(inside) else table


def _inside(words: Sequence[Word], table: TableReading) -> list[Word]:
    box = table.box or (0.0, 0.0, 1.0, 1.0)
    return [
        word
        for word in words
        if box[0] <= (word.x0 + word.x1) / 2 <= box[2] and box[1] <= (word.y0 + word.y1) / 2 <= box[3]
    ]


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
