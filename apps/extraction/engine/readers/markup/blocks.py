"""Blocks of HTML: headings, paragraphs, list items, code, captions, tables, and the links in them."""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from apps.extraction.engine.readers.markup.lines import Lines
from apps.extraction.engine.readers.markup.tables import CELLS, TableInTheMaking
from apps.extraction.engine.readers.markup.tags import BLOCKS, HEADINGS, SPACED
from apps.extraction.engine.readers.markup.walk import TEXT
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Block, BlockKind, TableReading

# Bounds of caution, not measured: links are kept with the document, and addresses are as long as browsers take them.
MOST_LINKS = 2_000
_ADDRESS = re.compile(r"(?:https?|mailto|ftp|tel):\S", re.IGNORECASE)
_ADDRESS_CHARACTERS = 2_000


@dataclass
class _Style:
    """What the text inside an element is; the marker belongs to the first block of an item."""

    tag: str
    kind: BlockKind
    level: int = 0
    marker: str = ""


class BlocksInTheMaking:
    """Collects blocks while a tree is walked."""

    def __init__(self, layout_tables: frozenset[int]) -> None:
        self._layout = layout_tables
        self._lines = Lines()
        self._preformatted = 0
        self._styles: list[_Style] = []
        self._figures: list[Block] = []  # of the block in the making, which they follow
        self._table: TableInTheMaking | None = None
        self.blocks: list[Block] = []
        self.tables: list[TableReading] = []
        self.links: list[tuple[int, str]] = []

    def begin(self, tag: str, node: LexborNode, marker: str, depth: int) -> None:
        """Go on with the beginning of a node; a list item has a marker and a depth."""
        if tag == TEXT:
            self._open_lines().write(node.text_content or "")
        elif tag == "a":
            self._link(node)
        elif self._table is not None:
            self._table.begin(tag, node)
            self._break_line(tag)
            if marker:
                self._open_lines().write(f"{marker} ")
        elif tag == "br":
            self._lines.line_break(spaced=False)
        elif tag == "img":
            self._figure(node)
        elif tag == "table" and node.mem_id not in self._layout:
            self._flush()
            self._table = TableInTheMaking()
        elif tag in BLOCKS or tag in CELLS:
            self._flush()
            self._begin_block(tag, marker, depth)

    def end(self, tag: str) -> None:
        """Go on with the end of an element."""
        if self._table is not None:
            if tag == "table":
                self._end_table(self._table)
                return
            self._table.end(tag)
            self._break_line(tag)
        elif tag != "br" and (tag in BLOCKS or tag in CELLS):
            self._flush()
            if tag == "pre":
                self._preformatted -= 1
                self._lines = Lines(preformatted=self._preformatted)
            if self._styles and self._styles[-1].tag == tag:
                self._styles.pop()

    def finish(self) -> None:
        """Close the last block."""
        self._flush()

    def _open_lines(self) -> Lines:
        if self._table is None:
            return self._lines
        return self._table.cell or self._table.caption or self._lines

    def _break_line(self, tag: str) -> None:
        if tag in BLOCKS:
            self._open_lines().line_break(spaced=tag in SPACED)

    def _begin_block(self, tag: str, marker: str, depth: int) -> None:
        if tag in HEADINGS:
            self._styles.append(_Style(tag, "heading", HEADINGS[tag]))
        elif tag == "li":
            self._styles.append(_Style(tag, "list_item", depth, marker))
        elif tag == "pre":
            self._styles.append(_Style(tag, "code"))
            self._preformatted += 1
            self._lines = Lines(preformatted=self._preformatted)
        elif tag in {"figcaption", "caption"}:
            self._styles.append(_Style(tag, "caption"))

    def _flush(self) -> None:
        text = self._lines.text()
        self._lines = Lines(preformatted=self._preformatted)
        if text:
            style = self._styles[-1] if self._styles else _Style("", "paragraph")
            self.blocks.append(Block(kind=style.kind, text=text, level=style.level, marker=style.marker))
            style.marker = ""
        self.blocks += self._figures
        self._figures.clear()

    def _end_table(self, table: TableInTheMaking) -> None:
        self._table = None
        if table.caption is not None and (caption := table.caption.text()):
            self.blocks.append(Block(kind="caption", text=caption))
        text, reading = table.text(), table.reading()
        if text and reading is not None:
            self.blocks.append(Block(kind="table", text=text, table=len(self.tables)))
            self.tables.append(reading)
        elif text:
            self.blocks.append(Block(kind="paragraph", text=text))

    def _figure(self, node: LexborNode) -> None:
        """Take note of a picture that says what it shows."""
        words = " ".join(clean(node.attributes.get("alt") or "").split())
        if words:
            self._figures.append(Block(kind="figure", text=words))

    def _link(self, node: LexborNode) -> None:
        target = (node.attributes.get("href") or "").strip()
        if len(self.links) < MOST_LINKS and _ADDRESS.match(target):
            self.links.append((len(self.blocks), target[:_ADDRESS_CHARACTERS]))
