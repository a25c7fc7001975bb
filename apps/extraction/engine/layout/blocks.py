"""Blocks of a page: lines that belong together, and what they are (title, heading, paragraph, item of a list, ...)."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from apps.extraction.engine.layout.drafts import Draft
from apps.extraction.engine.layout.lines import MARKER, Line
from apps.extraction.engine.types import Block, BlockKind, Box, TableReading

_ALIKE = 1.2  # heights of lines of one block
_INDENT = 0.7  # of a line's height: a first line that stands further right begins a paragraph
_CENTRED = 0.5  # of a line's height
_SHORT = 0.8  # of the block's width: a sentence that ends before is the end of a paragraph
_LOOSE = 0.35  # of a line's height: a distance larger than the usual one by this parts blocks
_LARGE = 1.15  # times the body's height: a heading
_LEVELS = (1.6, 1.3)  # times the body's height, of headings of levels 1 and 2
_TITLE_WITHIN = 0.5  # share of the first page's height
_TITLE_AT_LEAST = 1.25
_DEEPEST = 3
_STEP = 2.5  # of a line's height: how far the items of a list within a list are indented
_HEADING_LINES = 4
_HEADING_WORDS = 30
_SHORT_HEADING_WORDS = 12
_END = re.compile(r"[.!?:;\"\u201d)\]]$")
_CAPTION = re.compile(
    r"(?:figure|fig\.|table|tab\.|abbildung|abb\.|tabelle|tableau|chart|plate|scheme)\s*\d+", re.IGNORECASE
)
_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+[A-Z\u00c0-\u00de]")


class Group(NamedTuple):
    """What becomes one block: a table of the page, or lines."""

    table: int | None
    lines: list[int]


def grouped(draft: Draft) -> list[Group]:
    """Return a page's tables and the lines that belong together, in reading order."""
    groups: list[Group] = []
    for table, lines in _with_tables(draft):
        if table is None:
            groups += (Group(None, group) for group in _groups(draft, lines))
        else:
            groups.append(Group(table, []))
    return groups


def laid_out(draft: Draft, groups: Sequence[Group], *, is_first: bool) -> list[Block]:
    """Return the blocks; `is_first` tells that the page may have the document's title."""
    lists_left = min((line.x0 for line in draft.lines if _marker(draft, line)), default=0.0)
    blocks = [
        _block(draft, group.lines, lists_left)
        if group.table is None
        else _table_block(draft.tables[group.table], group.table)
        for group in groups
    ]
    return _titled(draft, groups, blocks) if is_first else blocks


def _with_tables(draft: Draft) -> Iterator[tuple[int | None, list[int]]]:
    """Yield runs of lines, and between them the tables, each where the first of its words stands in the text."""
    firsts: dict[int, int] = {}
    for word, table in draft.table_of_word.items():
        firsts[table] = min(word, firsts.get(table, word))
    begins = sorted((word, table) for table, word in firsts.items())
    run: list[int] = []
    for number in draft.order or range(len(draft.lines)):
        while draft.order is None and begins and begins[0][0] < draft.lines[number].first:
            yield None, run
            yield begins.pop(0)[1], []
            run = []
        run.append(number)
    yield None, run
    for _, table in begins:
        yield table, []


def _groups(draft: Draft, numbers: Sequence[int]) -> Iterator[list[int]]:
    """Yield lines that make one block each."""
    for kind, run in groupby(numbers, key=draft.apart.get):
        group: list[int] = []
        width = (0.0, 0.0)
        for number in run:
            line = draft.lines[number]
            if group and not (_same_part(draft, group, line) if kind else _goes_on(draft, group, line, width)):
                yield group
                group = []
            width = (min(width[0], line.x0), max(width[1], line.x1)) if group else (line.x0, line.x1)
            group.append(number)
        if group:
            yield group


def _same_part(draft: Draft, group: Sequence[int], line: Line) -> bool:
    """Whether a line of a header or footer stands right under the last one."""
    last = draft.lines[group[-1]]
    return 0 < line.y0 - last.y0 < 2 * draft.pitch and line.x0 < last.x1 and last.x0 < line.x1


def _goes_on(draft: Draft, group: Sequence[int], line: Line, width: tuple[float, float]) -> bool:
    """Whether a line goes on with a block of the body that reaches from left to right as `width` says."""
    first, last = draft.lines[group[0]], draft.lines[group[-1]]
    if line.is_upright or last.is_upright:
        return line.is_upright and last.is_upright
    if not _is_under(draft, last, line) or _marker(draft, line):
        return False
    if abs((line.x0 + line.x1) - (last.x0 + last.x1)) < 2 * _CENTRED * line.height:
        return True
    if _marker(draft, first):
        return line.x0 >= first.x0 - _INDENT * line.height
    left, right = width
    if len(group) > 1 and line.x0 > left + _INDENT * line.height:
        return False
    ends_early = last.x1 < left + _SHORT * (max(right, line.x1) - left)
    return not (ends_early and _END.search(draft.page.words[last.last - 1].text))


def _is_under(draft: Draft, last: Line, line: Line) -> bool:
    """Whether a line of the same size stands under another one at the usual distance."""
    if not 1 / _ALIKE <= line.height / max(last.height, 1e-6) <= _ALIKE:
        return False
    usual = max(draft.pitch, line.height) if line.height <= _LARGE * draft.height else 1.3 * line.height
    is_near = 0.3 * line.height < line.y0 - last.y0 <= usual + _LOOSE * line.height
    return is_near and line.x0 < last.x1 and last.x0 < line.x1


def _marker(draft: Draft, line: Line) -> str:
    """Return what an item of a list begins with, nothing where a line is none."""
    if line.word_count < 2:
        return ""
    text = draft.page.words[line.first].text
    return text if MARKER.fullmatch(text) else ""


def _block(draft: Draft, group: Sequence[int], lists_left: float) -> Block:
    lines = [draft.lines[number] for number in group]
    words = [word for line in lines for word in range(line.first, line.last)]
    text = draft.tokens.said(draft.page.words, words)
    box = _share(draft, lines)
    if kind := draft.apart.get(group[0]):
        return Block(kind=kind, text=text, box=box)
    level = _heading_level(draft, lines, text)
    if level:
        return Block(kind="heading", text=text, box=box, level=level)
    marker = _marker(draft, lines[0])
    if marker:
        depth = min(_DEEPEST, round(max(0.0, lines[0].x0 - lists_left) / (_STEP * max(draft.height, 1e-6))))
        return Block(kind="list_item", text=text[len(marker) :].strip(), box=box, marker=marker, level=depth)
    body: BlockKind = "caption" if _CAPTION.match(text) and len(lines) <= 2 * _HEADING_LINES else "paragraph"
    return Block(kind=body, text=text, box=box)


def _heading_level(draft: Draft, lines: Sequence[Line], text: str) -> int:
    """Return the level of a heading by its size, its number or its capitals; 0 where a block is none."""
    words = text.split()
    if not any(character.isalpha() for character in text) or lines[0].is_upright:
        return 0
    height = max(line.height for line in lines)
    if height >= _LARGE * draft.height and len(lines) <= _HEADING_LINES and len(words) <= _HEADING_WORDS:
        return next((level for level, times in enumerate(_LEVELS, 1) if height >= times * draft.height), 3)
    if len(lines) > 1 or len(words) > _SHORT_HEADING_WORDS or text.endswith((".", ",", ";", ":")):
        return 0
    numbered = _NUMBERED.match(text)
    if numbered and len(words) > 1:
        depth = numbered["number"].count(".") + 1
        return depth + 1 if depth > 1 else 0
    letters = [character for character in text if character.isalpha()]
    is_capitals = len(letters) > 4 and text.isupper() and not any(character.isdigit() for character in text)
    return 3 if is_capitals else 0


def _share(draft: Draft, lines: Sequence[Line]) -> Box:
    width, height = draft.page.width, draft.page.height
    return (
        round(min(line.x0 for line in lines) / width, 5),
        round(min(line.y0 for line in lines) / height, 5),
        round(max(line.x1 for line in lines) / width, 5),
        round(max(line.y1 for line in lines) / height, 5),
    )


def _table_block(table: TableReading, number: int) -> Block:
    return Block(kind="table", text=table_text(table), box=table.box, table=number)


def table_text(table: TableReading) -> str:
    """Return a table's rows as lines, their cells parted by tabs."""
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(" ".join(cell.text.split()))
    return "\n".join("\t".join(rows[row]) for row in sorted(rows))


def _titled(draft: Draft, groups: Sequence[Group], blocks: list[Block]) -> list[Block]:
    """Return the blocks with the one title among them: the largest heading of the first page's upper half."""
    sizes = [
        (max(draft.lines[line].height for line in group.lines), -number)
        for number, (block, group) in enumerate(zip(blocks, groups, strict=True))
        if block.kind == "heading" and block.box and block.box[1] < _TITLE_WITHIN
    ]
    height, place = max(sizes, default=(0.0, 0))
    if height < _TITLE_AT_LEAST * draft.height:
        return blocks
    return [
        Block(kind="title", text=block.text, box=block.box, level=1) if number == -place else block
        for number, block in enumerate(blocks)
    ]
