"""Cuts a long sequence of blocks into logical pages, so that no page is unbounded."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec import structs

from apps.extraction.engine.readers.base import LogicalPage
from apps.extraction.engine.readers.grids import cut_rows, text_of_table
from apps.extraction.engine.readers.plain_text import PART_CHARACTERS, in_parts
from apps.extraction.engine.types import Block, TableReading

CELLS_A_PAGE = 20_000  # some 2 MB of JSON
# Of a document: what comes after it is read as text, because nobody works with more in a table of ours.
MOST_TABLE_CELLS = 400_000


@dataclass(frozen=True)
class Paged:
    """Logical pages, and for each of the blocks given the number of the page on which it begins."""

    pages: list[LogicalPage]
    page_of: list[int]


@dataclass
class _Page:
    blocks: list[Block] = field(default_factory=list)
    tables: list[TableReading] = field(default_factory=list)
    characters: int = 0
    cells: int = 0

    def has_room(self, characters: int, cells: int) -> bool:
        """Whether that much more fits; an empty page has room for anything."""
        full = self.characters + characters > PART_CHARACTERS or self.cells + cells > CELLS_A_PAGE
        return not self.blocks or not full

    def add(self, block: Block, table: TableReading | None) -> None:
        self.characters += len(block.text) + 2
        if table is not None:
            block = structs.replace(block, table=len(self.tables))
            self.tables.append(table)
            self.cells += len(table.cells)
        self.blocks.append(block)


def paged(blocks: Sequence[Block], tables: Sequence[TableReading], *, text: str | None = None) -> Paged:
    """Return blocks, whose `table` counts in `tables`, as logical pages.

    `text` is used where one page is enough; the text of several pages is made of their blocks.
    """
    pages = [_Page()]
    page_of = []
    for block in blocks:
        begins = True
        for piece, table in _pieces(block, tables):
            if not pages[-1].has_room(len(piece.text), len(table.cells) if table else 0):
                pages.append(_Page())
            pages[-1].add(piece, table)
            if begins:
                page_of.append(len(pages))
                begins = False
    if len(pages) == 1 and (text is None or len(text) <= PART_CHARACTERS):
        return Paged([LogicalPage(blocks=pages[0].blocks, tables=pages[0].tables, text=text)], page_of)
    return Paged([LogicalPage(blocks=page.blocks, tables=page.tables) for page in pages], page_of)


def _pieces(block: Block, tables: Sequence[TableReading]) -> list[tuple[Block, TableReading | None]]:
    """Return a block cut into pieces of which each fits on a page."""
    table = tables[block.table] if block.table is not None else None
    if table is None:
        if len(block.text) <= PART_CHARACTERS:
            return [(block, None)]
        return [(structs.replace(block, text=part), None) for part in in_parts(block.text)]
    if len(block.text) <= PART_CHARACTERS and len(table.cells) <= CELLS_A_PAGE:
        return [(block, table)]
    if any(len(cell.text) > PART_CHARACTERS for cell in table.cells):  # no table, whatever its marks say
        return _pieces(Block(kind="paragraph", text=block.text), tables)
    parts = [cut_rows(table, first, end) for first, end in _row_ranges(table)]
    return [(structs.replace(block, text=text_of_table(part)), part) for part in parts]


def _row_ranges(table: TableReading) -> list[tuple[int, int]]:
    """Return ranges of rows that each fit on a page."""
    characters = [0] * table.row_count
    cells = [0] * table.row_count
    for cell in table.cells:
        characters[cell.row] += len(cell.text) + 1
        cells[cell.row] += 1
    ranges = []
    first = sum_of_characters = sum_of_cells = 0
    for row in range(table.row_count):
        over = sum_of_characters + characters[row] > PART_CHARACTERS or sum_of_cells + cells[row] > CELLS_A_PAGE
        if over and row > first:
            ranges.append((first, row))
            first, sum_of_characters, sum_of_cells = row, 0, 0
        sum_of_characters += characters[row]
        sum_of_cells += cells[row]
    ranges.append((first, table.row_count))
    return ranges
