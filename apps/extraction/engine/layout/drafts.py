"""A page while it is laid out: its lines, its usual sizes, and what was found to stand apart from the body."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from apps.extraction.engine.layout.lines import Line, lines_of, usual_height, usual_pitch
from apps.extraction.engine.layout.tokens import Tokens
from apps.extraction.engine.types import PageReading, TableReading, Word

ApartKind: TypeAlias = Literal["header", "footer", "page_number"]


class Row(NamedTuple):
    """Lines on one height, from the left, by their places among the page's lines."""

    y0: float
    y1: float
    lines: tuple[int, ...]


@dataclass
class Draft:
    """One page with words and places.

    `apart` says of lines that they are header or footer; `kept` are those of them that stay in the text all the same.
    """

    page: PageReading
    tables: Sequence[TableReading]
    tokens: Tokens
    table_of_word: dict[int, int]
    lines: list[Line]
    height: float  # of a line of the body, in points
    pitch: float  # from line to line of the body
    apart: dict[int, ApartKind] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    order: list[int] | None = None  # of the lines, where the text has them in another one than they are read

    def replace_lines(self, lines: list[Line]) -> None:
        """Take other lines in the place of those there are, of the same words; marks go over to them."""
        kinds = {word: kind for line, kind in self.apart.items() for word in self._words(line)}
        kept = {word for line in self.kept for word in self._words(line)}
        self.lines = lines
        self.apart = {number: kinds[line.first] for number, line in enumerate(lines) if line.first in kinds}
        self.kept = {number for number, line in enumerate(lines) if line.first in kept}
        self.__dict__.pop("rows", None)

    def words_in_order(self) -> list[Word]:
        """Return the page's words in the order of its text."""
        if self.order is None:
            return self.page.words
        read = [index for line in self.order for index in self._words(line)]
        rest = set(range(len(self.page.words))).difference(read)
        return [self.page.words[index] for index in [*read, *sorted(rest)]]

    def _words(self, line: int) -> range:
        return range(self.lines[line].first, self.lines[line].last)

    def text_of(self, line: int) -> str:
        """Return a line's text."""
        found = self.lines[line]
        return self.tokens.said(self.page.words, range(found.first, found.last))

    def said(self, row: Row) -> str:
        """Return a row's text, its lines parted by a tab."""
        return "\t".join(self.text_of(line) for line in row.lines)

    @cached_property
    def rows(self) -> list[Row]:
        """The rows from the top; lines that run up or down are in none."""
        order = sorted((line.y0 + line.y1, number) for number, line in enumerate(self.lines) if not line.is_upright)
        rows: list[Row] = []
        for _, number in order:
            line = self.lines[number]
            if rows:
                row = rows[-1]
                shared = min(row.y1, line.y1) - max(row.y0, line.y0)
                if shared > 0.5 * min(row.y1 - row.y0, line.y1 - line.y0):
                    rows[-1] = Row(min(row.y0, line.y0), max(row.y1, line.y1), (*row.lines, number))
                    continue
            rows.append(Row(line.y0, line.y1, (number,)))
        return [self._from_left(row) for row in rows]

    def _from_left(self, row: Row) -> Row:
        return row._replace(lines=tuple(sorted(row.lines, key=lambda number: self.lines[number].x0)))


def draft_of(page: PageReading, tables: Sequence[TableReading]) -> Draft:
    """Begin to lay out a page."""
    table_of_word = _words_in_tables(page, tables)
    lines = lines_of(page, table_of_word)
    height = usual_height(lines)
    return Draft(
        page=page,
        tables=tables,
        tokens=Tokens(page.text, page.words),
        table_of_word=table_of_word,
        lines=lines,
        height=height,
        pitch=usual_pitch(lines, height),
    )


def _words_in_tables(page: PageReading, tables: Sequence[TableReading]) -> dict[int, int]:
    """Return the words whose middle lies in a table, with the table's place among the page's."""
    boxes = [(number, table.box) for number, table in enumerate(tables) if table.box]
    found: dict[int, int] = {}
    for number, (x0, y0, x1, y1) in boxes:
        for index, word in enumerate(page.words):
            if x0 <= (word.x0 + word.x1) / 2 <= x1 and y0 <= (word.y0 + word.y1) / 2 <= y1:
                found.setdefault(index, number)
    return found
