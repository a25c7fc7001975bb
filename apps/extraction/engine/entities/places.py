"""From characters of a page's text to its words and the box around them."""

from bisect import bisect_left, bisect_right
from functools import cached_property

from apps.extraction.engine.fields.support import box_of
from apps.extraction.engine.layout.tokens import Tokens
from apps.extraction.engine.types import Box, PageReading


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

    @cached_property
    def _pieces(self) -> tuple[list[int], list[int], list[list[int]]]:
        """Begin, end and words of each piece of the text between blanks."""
        tokens = Tokens(self._page.text, self._page.words)
        words: list[list[int]] = [[] for _ in tokens.spans]
        for word, piece in enumerate(tokens.of_word):
            if piece >= 0:
                words[piece].append(word)
        return [start for start, _ in tokens.spans], [end for _, end in tokens.spans], words
