"""Describing a place on a page so that it is found again: its box, what stands before and above it, its shape."""

import re
from collections.abc import Sequence
from typing import Final

from apps.extraction.engine.fields.memory.types import Place
from apps.extraction.engine.fields.support import bare, box_of
from apps.extraction.engine.types import Box, PageReading, Word

LABEL_WORDS: Final = 4
_SAME_LINE: Final = 0.5  # share of the lower word's height that two words of a line have in common
_LABEL_GAP: Final = 12.0  # line heights between a label and its value at most: forms set values far to the right
_WORD_GAP: Final = 1.5  # line heights between two words of a label
_ABOVE_GAP: Final = 2.5  # line heights between a head and the value below it


def place_of(page: PageReading, indices: Sequence[int]) -> Place:
    """Describe the place of some words of a page; there must be one at least."""
    chosen = [page.words[index] for index in indices]
    box = box_of(chosen)
    first = min(chosen, key=lambda word: (round(word.y0, 2), word.x0))
    others = [word for index, word in enumerate(page.words) if index not in set(indices)]
    left = _before(others, first, page)
    above = _above(others, box, height_of(first), page)
    return Place(
        page=page.number,
        box=box,
        left=[bare(word.text) for word in left],
        left_box=box_of(left) if left else None,
        above=[bare(word.text) for word in above],
        above_box=box_of(above) if above else None,
        shape=shape_of(" ".join(word.text for word in chosen)),
        line_count=lines_in(chosen),
    )


def shape_of(text: str) -> str:
    """Return a text's kinds of characters, runs as one: `RE-2024/0815` becomes `A-9/9`."""
    kinds = "".join("9" if each.isdigit() else "A" if each.isalpha() else each for each in text)
    return re.sub(r"(A|9)\1+", r"\1", " ".join(kinds.split()))[:40]


def height_of(word: Word) -> float:
    """Return a word's height, never 0."""
    return max(word.y1 - word.y0, 1e-4)


def on_one_line(one: Word, other: Word) -> bool:
    """Tell whether two words stand on the same height."""
    common = min(one.y1, other.y1) - max(one.y0, other.y0)
    return common > _SAME_LINE * min(height_of(one), height_of(other))


def lines_in(words: Sequence[Word]) -> int:
    """Count the lines that words stand on."""
    tops: list[Word] = []
    for word in words:
        if not any(on_one_line(word, top) for top in tops):
            tops.append(word)
    return len(tops)


def across(height: float, page: PageReading) -> float:
    """Return what a height, a fraction of the page's height, is as a fraction of its width."""
    return height * page.height / page.width if page.width and page.height else height


def _before(words: Sequence[Word], first: Word, page: PageReading) -> list[Word]:
    """Return the words that lead to a value on its line, as far as they belong together."""
    unit = across(height_of(first), page)
    line = sorted((word for word in words if word.x1 <= first.x0 + unit / 2 and on_one_line(word, first)), key=_end)
    found: list[Word] = []
    start, gap = first.x0, _LABEL_GAP
    for word in reversed(line):
        if start - word.x1 > gap * unit or len(found) == LABEL_WORDS:
            break
        if bare(word.text):
            found.insert(0, word)
            gap = _WORD_GAP
        start = word.x0
    return found


def _end(word: Word) -> float:
    return word.x1


def _above(words: Sequence[Word], box: Box, height: float, page: PageReading) -> list[Word]:
    """Return the words right above a value, on the nearest line that has any."""
    unit = across(height, page)
    near = [
        word
        for word in words
        if -_SAME_LINE * height < box[1] - word.y1 < _ABOVE_GAP * height
        and word.x0 < box[2] + unit
        and word.x1 > box[0] - unit
        and bare(word.text)
    ]
    if not near:
        return []
    lowest = max(near, key=lambda word: word.y1)
    return sorted((word for word in near if on_one_line(word, lowest)), key=lambda word: word.x0)[:LABEL_WORDS]
