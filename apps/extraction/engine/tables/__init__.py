"""Tables of a page: ruled ones by their lines, others by the alignment of the words."""

from apps.extraction.engine.tables.edges import Edge
from apps.extraction.engine.tables.ruled import find_ruled_tables
from apps.extraction.engine.types import PageReading, TableReading


def find_tables(reading: PageReading, edges: list[Edge]) -> list[TableReading]:
    """The tables of a page from top to bottom; `edges` are its ruling lines."""
    tables = find_ruled_tables(reading, edges)
    return sorted(tables, key=lambda table: (table.box or (0, 0, 0, 0))[1])
