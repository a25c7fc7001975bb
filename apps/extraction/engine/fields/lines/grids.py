"""Tables that a format marks itself as pages of words, so that their lines are read as those of a page."""

from typing import Final

from apps.extraction.engine.types import PageReading, TableReading, Word

_COLUMN_PT: Final = 400.0
_ROW_PT: Final = 20.0
_LINE: Final = 0.5  # of a row is print
_CHARACTER_PT: Final = 5.0
_MOST_WORDS: Final = 60  # of a cell
_MARGIN_PT: Final = 10.0


def as_page(table: TableReading) -> PageReading:
    """Return a page on which the cells' words stand in rows and columns; only their order means something."""
    width, height = table.column_count * _COLUMN_PT, table.row_count * _ROW_PT
    words: list[Word] = []
    for cell in table.cells:
        texts = cell.text.split()[:_MOST_WORDS]
        room = _COLUMN_PT * cell.column_span - 2 * _MARGIN_PT
        letters = sum(len(text) + 1 for text in texts)
        step = min(_CHARACTER_PT, room / max(1, letters))
        x = cell.column * _COLUMN_PT + _MARGIN_PT
        y = cell.row * _ROW_PT
        for text in texts:
            end = x + len(text) * step
            words.append(Word(x / width, y / height, end / width, (y + _ROW_PT * _LINE) / height, text))
            x = end + step
    text = "\n".join(cell.text for cell in table.cells)
    return PageReading(
        number=table.page, width=width, height=height, rotation=0, text=text, text_source="native", words=words
    )
