"""Markdown (CommonMark with pipe tables) of any document, from the blocks of its pages and their tables."""

import re
from collections.abc import Iterator, Sequence

from apps.extraction.engine.layout.plain import plain_blocks
from apps.extraction.engine.types import Block, PageReading, TableReading

PAGE_BREAK = "\n\n---\n\n"
_DEEPEST_HEADING = 6
_FIGURE = "*[Figure]*"  # what it shows is not in the text; a caption follows as a block of its own
_LEFT_OUT = frozenset({"header", "footer", "page_number"})
_INLINE = re.compile(r"[\\*`]|(?<![^\W_])_|_(?![^\W_])|~~|(?<=\])\(|<(?=[A-Za-z/!?])|&(?=#?\w{1,32};)")
_LINE_START = re.compile(r"#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[-=]+\s*$|\[|~(?=~~)|\|", re.MULTILINE)
_ORDERED_START = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_ORDERED = re.compile(r"\d{1,9}[.)]")
_BACKTICKS = re.compile(r"`{3,}")


def markdown_of(pages: Sequence[PageReading], tables: Sequence[TableReading]) -> str:
    """Return pages as Markdown, parted by rules; headers, footers and page numbers are left out.

    A table's spans are flattened: the text stands in the first of the places it covers.
    """
    return PAGE_BREAK.join(
        _page(plain_blocks(page), [table for table in tables if table.page == page.number]) for page in pages
    )


def _page(blocks: Sequence[Block], tables: Sequence[TableReading]) -> str:
    parts: list[str] = []
    lists = _Lists()
    was_item = False
    for block in blocks:
        if block.kind in _LEFT_OUT or block.note == "hidden":
            continue
        is_item = block.kind == "list_item"
        if not is_item:
            lists = _Lists()
        said = lists.item(block) if is_item else _said(block, tables)
        if said:
            parts += [] if not parts else ["\n" if was_item and is_item else "\n\n"]
            parts.append(said)
            was_item = is_item
    return "".join(parts)


def _said(block: Block, tables: Sequence[TableReading]) -> str:
    """Return a block that is no item of a list."""
    if block.kind == "table" and block.table is not None and block.table < len(tables):
        return _pipe_table(tables[block.table])
    if block.kind in {"code", "figure"}:
        return _FIGURE if block.kind == "figure" else _fenced(block.text)
    text = escaped(block.text)
    if not text:
        return ""
    if block.kind in {"title", "heading"}:
        level = 1 if block.kind == "title" else min(_DEEPEST_HEADING, max(1, block.level) + 1)
        return f"{'#' * level} {_closed(' '.join(text.split()))}"
    if block.note in {"comment", "speaker"}:
        return "\n".join(f"> {line}" for line in text.split("\n"))
    return text


def _closed(heading: str) -> str:
    """Return a heading whose last character is not taken for the closing marks of Markdown."""
    return f"{heading[:-1]}\\#" if heading.endswith("#") else heading


class _Lists:
    """The lists that are open, from the outermost: how far the texts of their items are indented."""

    def __init__(self) -> None:
        self._indents: list[int] = []

    def item(self, block: Block) -> str:
        """Return an item under the one before, at most one step deeper."""
        text = escaped(block.text)
        number = block.marker if _ORDERED.fullmatch(block.marker) else ""
        if not number and any(character.isalnum() for character in block.marker):
            text = f"{escaped(block.marker)} {text}"  # (a) or IV. is no list of Markdown's
        depth = min(block.level, len(self._indents))
        before = self._indents[depth - 1] if depth else 0
        mark = f"{number or '-'} "
        self._indents[depth:] = [before + len(mark)]
        lines = text.split("\n")
        return "\n".join([" " * before + mark + lines[0], *(" " * self._indents[-1] + line for line in lines[1:])])


def _pipe_table(table: TableReading) -> str:
    rows = [[""] * table.column_count for _ in range(table.row_count)]
    for cell in table.cells:
        rows[cell.row][cell.column] = _cell(cell.text)
    if not rows or not table.column_count:
        return ""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * table.column_count}", *lines[1:]])


def _cell(text: str) -> str:
    return _INLINE.sub(r"\\\g<0>", " ".join(text.split())).replace("|", "\\|")


def _fenced(text: str) -> str:
    fence = "`" * max([3, *(len(run) + 1 for run in _BACKTICKS.findall(text))])
    return f"{fence}\n{text}\n{fence}"


def escaped(text: str) -> str:
    """Return a text as Markdown that says the same; blanks at the beginnings and ends of lines are lost."""
    return "\n".join(_lines(text))


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        plain = line.strip()
        if not plain:
            continue
        safe = _INLINE.sub(r"\\\g<0>", plain)
        if start := _ORDERED_START.match(safe):
            yield f"{start[1]}\\{safe[start.end(1) :]}"
        else:
            yield f"\\{safe}" if _LINE_START.match(safe) else safe
