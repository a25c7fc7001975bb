"""A stretch of a document's text that may be its sender or its date, with the points that speak for it."""

from typing import Final, NamedTuple

from apps.extraction.engine.fields.running import RunningText
from apps.extraction.engine.types import PageReading

_MOST_CHARACTERS: Final = 12_000  # of a page
_CHARACTERS_OF_A_PAGE: Final = 3_000


class Place(NamedTuple):
    """A candidate at start:end of the running text. More points are better; below 0 it is no answer."""

    start: int
    end: int
    value: str
    points: float


class Head:
    """The first page and the last one as running text: who sent a document and when stands there."""

    def __init__(self, pages: list[PageReading], language: str | None) -> None:
        outer = pages[:1] if len(pages) == 1 else [pages[0], pages[-1]] if pages else []
        self.running = RunningText(outer)
        self.text = self.running.text
        self.language = language
        end = self.text.find("\f")
        self.first_page_end = min(end if end >= 0 else len(self.text), _MOST_CHARACTERS)

    def before(self, offset: int, length: int) -> str:
        """Return what stands in front of a place on its line, in lower case."""
        start = max(self.text.rfind("\n", 0, offset), self.text.rfind("\f", 0, offset)) + 1
        return " ".join(self.text[max(start, offset - length) : offset].split()).lower()

    def line_above(self, offset: int) -> str:
        """Return the line above a place, in lower case."""
        start = self.text.rfind("\n", 0, offset)
        before = self.text.rfind("\n", 0, max(0, start))
        return self.text[before + 1 : max(0, start)].strip().lower()[-80:]

    def after(self, offset: int, length: int) -> str:
        """Return what stands behind a place on its line."""
        ends = [end for end in (self.text.find("\n", offset), self.text.find("\f", offset)) if end >= 0]
        return " ".join(self.text[offset : min([*ends, offset + length, len(self.text)])].split())

    def height(self, offset: int) -> float:
        """Return how far down its page a place stands, from 0 to 1; text without places is counted in characters."""
        word = self.running.word_at(offset)
        return word.y0 if word else min(1.0, offset / _CHARACTERS_OF_A_PAGE)
