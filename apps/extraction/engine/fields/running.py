"""The words of all pages as one running text: patterns match across lines, and matches lead back to the words."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from apps.extraction.engine.fields.support import box_of, is_supported
from apps.extraction.engine.fields.types import FieldReading, Method, ValueType
from apps.extraction.engine.types import PageReading, Word

MOST_CHARACTERS: Final = 400_000  # about 130 pages of print; what comes after is not searched
_LONGEST_WORD: Final = 200  # what is longer is no word; it is cut, so that no pattern meets a line without end
_COLUMN_GAP: Final = 0.025  # of the page's width: 15 points, which justified lines hardly ever have between words
_LINE: Final = re.compile(r"[^\n\f]+")
_NO_WORD: Final = -1
_SHORTEST_PART: Final = 2  # letters of a text's part that still points at something


class RunningText:
    """Pages' words joined by spaces, columns by tabs, lines by line breaks, pages by form feeds.

    `text` is at most MOST_CHARACTERS long. Words come in the order of the pages, which is the reading order of pages
    that were laid out. Pages of formats without places give the lines of their text, and values there have no boxes.
    """

    def __init__(self, pages: Sequence[PageReading]) -> None:
        self.pages = list(pages)
        self._starts: list[int] = []
        self._places: list[tuple[int, int]] = []
        self._length = 0
        parts: list[str] = []
        for number, page in enumerate(self.pages):
            added = self._words(number, page) if page.words else self._lines(number, page)
            parts += added
            if self._length >= MOST_CHARACTERS:
                break
        self.text = "".join(parts)[:MOST_CHARACTERS]

    def _words(self, number: int, page: PageReading) -> list[str]:
        """Return the words of a page with what joins them, and note where each of them begins."""
        parts: list[str] = []
        before: Word | None = None
        for index, word in enumerate(page.words):
            gap = _gap(before, word) if before is not None else "\f" if self._length else ""
            text = word.text[:_LONGEST_WORD]
            self._note(number, index, self._length + len(gap))
            self._length += len(gap) + len(text)
            parts += (gap, text)
            before = word
            if self._length >= MOST_CHARACTERS:
                break
        return parts

    def _lines(self, number: int, page: PageReading) -> list[str]:
        """Return the text of a page without places; the whole of it counts as one word."""
        gap = "\f" if self._length and page.text else ""
        rows = (" ".join(row.split()) for row in page.text[:MOST_CHARACTERS].splitlines())
        text = "\n".join(row for row in rows if row)  # no runs of blanks: patterns would go over them again and again
        if text:
            self._note(number, _NO_WORD, self._length + len(gap))
            self._length += len(gap) + len(text)
        return [gap, text]

    def _note(self, number: int, index: int, start: int) -> None:
        self._starts.append(start)
        self._places.append((number, index))

    def words_of(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return (place of the page in `pages`, index of the word) for the words that a stretch of text touches."""
        first = max(0, bisect_right(self._starts, start) - 1)
        last = bisect_right(self._starts, max(start, end - 1))
        return self._places[first:last]

    def page_of(self, offset: int) -> int:
        """Return the place in `pages` of the page that a character stands on."""
        return self.words_of(offset, offset + 1)[0][0]

    def word_at(self, offset: int) -> Word | None:
        """Return the word that a character belongs to; None on pages without places."""
        page, index = self.words_of(offset, offset + 1)[0]
        return None if index == _NO_WORD else self.pages[page].words[index]

    def left_of(self, offset: int) -> float:
        """Return how far from the left edge of its page a character's word begins, from 0 to 1."""
        word = self.word_at(offset)
        return word.x0 if word else 0.0

    def reading(
        self,
        span: tuple[int, int],
        *,
        key: str,
        value: str,
        value_type: ValueType,
        producer: str,
        method: Method = "rule",
        confidence: float | None = None,
        checks: Sequence[str] = (),
    ) -> FieldReading | None:
        """Return a value read off a stretch of text, or None where no box on one page shows it.

        The raw text is the stretch itself or, where it wraps so that the words under its box come in another order,
        the longest of its lines.
        """
        place = self._placed(*span)
        if place is None:
            return None
        page, words, raw_text = place
        reading = self.pages[page]
        return FieldReading(
            key=key,
            value=value,
            value_type=value_type,
            raw_text=raw_text,
            method=method,
            producer=producer,
            confidence=confidence,
            page=reading.number,
            box=box_of(reading.words[index] for index in words) if words else None,
            words=words,
            checks=list(checks),
        )

    def _placed(self, start: int, end: int) -> tuple[int, list[int], str] | None:
        """Return (page, words, raw text) of a stretch or of its longest line that its own box bears out."""
        lines = [(start + part.start(), start + part.end()) for part in _LINE.finditer(self.text[start:end])]
        pieces = [] if "\f" in self.text[start:end] else [(start, end)]
        for first, last in [*pieces, *sorted(lines, key=lambda piece: piece[0] - piece[1])]:
            raw_text = " ".join(self.text[first:last].split())
            if sum(character.isalnum() for character in raw_text) < _SHORTEST_PART:
                continue
            blanks = len(self.text[first:last]) - len(self.text[first:last].lstrip())
            places = self.words_of(first + blanks, last)
            page = places[0][0]
            words = [index for _, index in places if index != _NO_WORD]
            every = self.pages[page].words
            if not words or is_supported(every, box_of(every[index] for index in words), raw_text):
                return page, words, raw_text
        return None


def _gap(before: Word, word: Word) -> str:
    """Return what joins two neighbouring words: white space that tells how far they are apart."""
    if _breaks(before, word):
        return "\n"
    return "\t" if word.x0 - before.x1 > _COLUMN_GAP else " "


def _breaks(before: Word, word: Word) -> bool:
    """Whether a word begins a new line: it stands left of the one before, or its middle is above or below it."""
    middle = (word.y0 + word.y1) / 2
    return word.x0 < before.x0 or not before.y0 <= middle <= before.y1
