"""From characters of a page's text to its words and the box around them."""

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import pairwise
from typing import Final

from apps.extraction.engine.fields.support import box_of
from apps.extraction.engine.layout.tokens import Tokens
from apps.extraction.engine.types import Box, PageReading

_COLUMN_GAP: Final = 1.0  # of a word's height; blanks have about a quarter, and hardly ever more than .75 (see tables)


class Places:
    """The words behind the characters of one page."""

    def __init__(self, page: PageReading) -> None:
        self._page = page

    def words_at(self, start: int, end: int) -> list[int]:
        """Return the indices of the words that share a character with start:end, in the page's order."""
        if not self._page.words:
            return []
        starts, ends, words = self._pieces
        first, last = bisect_right(ends, start), bisect_left(starts, end)
        return [word for piece in range(first, last) for word in words[piece]]

    def box_around(self, words: list[int]) -> Box | None:
        """Return the box around words, None without any."""
        return box_of(self._page.words[index] for index in words) if words else None

    def with_columns(self) -> str:
        """Return the page's text with a tab for each blank at which a column ends: `2 412,50` may be two numbers."""
        if not self._page.words or not self._page.width or not self._page.height:
            return self._page.text
        marked = list(self._page.text)
        starts, ends, words = self._pieces
        for left, right in pairwise(range(len(words))):
            if (
                starts[right] - ends[left] == 1
                and marked[ends[left]] == " "
                and self._are_apart(words[left], words[right])
            ):
                marked[ends[left]] = "\t"
        return "".join(marked)

    def _are_apart(self, left: list[int], right: list[int]) -> bool:
        if not left or not right:
            return False
        one, other = self._page.words[left[-1]], self._page.words[right[0]]
        height = max(one.y1 - one.y0, other.y1 - other.y0) * (self._page.height or 0)
        return (other.x0 - one.x1) * (self._page.width or 0) > _COLUMN_GAP * height

    @cached_property
    def _pieces(self) -> tuple[list[int], list[int], list[list[int]]]:
        """Begin, end and words of each piece of the text between blanks."""
        tokens = Tokens(self._page.text, self._page.words)
        words: list[list[int]] = [[] for _ in tokens.spans]
        for word, piece in enumerate(tokens.of_word):
            if piece >= 0:
                words[piece].append(word)
        return [start for start, _ in tokens.spans], [end for _, end in tokens.spans], words
