"""What an uncased tokenizer drops: how words are written and how they stand in their lines, as small numbers."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

_LINE: Final = re.compile(r"[^\n]*\n?")
_ENDS: Final = frozenset(".!?…")
_OPENS: Final = frozenset("\"'“”‘’«»„([{-–—*>")  # noqa: RUF001 - the dashes and quotes that open sentences are meant

LOWER, CAPITALISED, ALL_CAPITALS, INITIAL, MIXED, DIGITS, CODE, PUNCTUATION, UNCASED, SYMBOL = range(10)
AFTER_BLANK, GLUED, AFTER_AT, AFTER_HASH, LINE_START = range(5)
INSIDE, SENTENCE_START = range(2)
PLAIN_LINE, TITLE_LINE, CAPITAL_LINE, SMALL_LINE = range(4)

SIZES: Final = (10, 5, 2, 4)
"""How many values each feature of a shape has."""


class Shape(NamedTuple):
    """How a word is written, what stands before it, whether it begins a sentence, and how its line is written."""

    case: int
    before: int
    start: int
    line: int


def word_shapes(text: str, spans: Sequence[tuple[int, int]]) -> list[Shape]:
    """Return the shape of every word; `spans` are the words' character offsets in ascending order, end exclusive."""
    cases = [case_of(text[start:end]) for start, end in spans]
    lines = _line_styles(text, spans, cases)
    shapes: list[Shape] = []
    end_before, begins = 0, True
    for (start, end), case, line in zip(spans, cases, lines, strict=True):
        gap = text[end_before:start]
        is_line_start = start == 0 or "\n" in gap
        begins = begins or is_line_start
        shapes.append(Shape(case, _before(text, start, gap, is_line_start), int(begins), line))
        word = text[start:end]
        begins = word[-1] in _ENDS or (begins and word in _OPENS)
        end_before = end
    return shapes


def case_of(word: str) -> int:
    """Return how a word is written."""
    if word.isalpha():
        return _case_of_letters(word)
    if word.isdecimal():
        return DIGITS
    if any(character.isalnum() for character in word):
        return CODE
    return PUNCTUATION if word.isascii() else SYMBOL


def _case_of_letters(word: str) -> int:
    if word.islower():
        return LOWER
    if word.isupper():
        return ALL_CAPITALS if len(word) > 1 else INITIAL
    if word[0].isupper() and word[1:].islower():
        return CAPITALISED
    return MIXED if word.lower() != word.upper() else UNCASED


def _before(text: str, start: int, gap: str, is_line_start: bool) -> int:
    if is_line_start:
        return LINE_START
    if gap:
        return AFTER_BLANK
    return {"@": AFTER_AT, "#": AFTER_HASH}.get(text[start - 1], GLUED)


def _line_styles(text: str, spans: Sequence[tuple[int, int]], cases: Sequence[int]) -> list[int]:
    """Return the style of each word's line; lines of less than three words of letters are plain."""
    styles: list[int] = []
    first = 0
    for line in _LINE.finditer(text):
        last = first
        while last < len(spans) and spans[last][0] < line.end():
            last += 1
        styles += [_style(cases[first:last])] * (last - first)
        first = last
    return styles


def _style(cases: Sequence[int]) -> int:
    small = sum(case == LOWER for case in cases)
    capital = sum(case in {ALL_CAPITALS, INITIAL} for case in cases)
    titled = sum(case in {CAPITALISED, MIXED} for case in cases)
    letters = small + capital + titled
    if letters < 3:
        return PLAIN_LINE
    if small == letters:
        return SMALL_LINE
    if capital >= 0.7 * letters:
        return CAPITAL_LINE
    return TITLE_LINE if capital + titled >= 0.7 * letters else PLAIN_LINE
