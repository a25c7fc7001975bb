"""Tables of office documents go into the flow of blocks."""

from collections.abc import Sequence

from apps.extraction.engine.readers.grids import RawCell, grid_of, text_of_rows, text_of_table
from apps.extraction.engine.types import Block, TableReading


def add_table(
    blocks: list[Block], tables: list[TableReading], rows: Sequence[Sequence[RawCell]], *, header_rows: int
) -> None:
    """Add a table to the blocks and tables read so far; one too wide for a table is text, an empty one nothing."""
    table = grid_of(rows, header_rows=header_rows)
    if table is None:
        text = text_of_rows([cell.text for cell in row] for row in rows)
        blocks.append(Block(kind="paragraph", text=text))
    elif text := text_of_table(table):
        blocks.append(Block(kind="table", text=text, table=len(tables)))
        tables.append(table)
