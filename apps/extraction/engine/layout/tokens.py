"""Where in a page's text each of its words stands. The text joins words that were divided at a line's end."""

import re
from collections.abc import Sequence
from functools import cached_property

from apps.extraction.engine.types import Word

_TOKEN = re.compile(r"\S+")
_FARTHEST = 400  # words that may be missing from the text in a row, such as those of a header taken out before
_MOST_STEPS = 20_000  # of looking for such places on one page: a text that never fits costs no more
_MISSING = -1


class Tokens:
    """The pieces of a text between blanks, and for each word the piece that holds it (-1: none does)."""

    def __init__(self, text: str, words: Sequence[Word]) -> None:
        self.text = text
        self._pieces = text.split()
        self.of_word = _Alignment(self._pieces, words).run()

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each piece begins and ends."""
        return [found.span() for found in _TOKEN.finditer(self.text)]

    def said(self, words: Sequence[Word], indices: Sequence[int]) -> str:
        """Return some words as the text writes them, with single blanks; a divided word stands once."""
        parts: list[str] = []
        last = _MISSING
        for index in indices:
            token = self.of_word[index]
            if token == _MISSING:
                parts.append(words[index].text)
            elif token != last:
                parts.append(self._pieces[token])
            last = token
        return " ".join(parts)


class _Alignment:
    """Walks over pieces and words side by side; both are in the same order."""

    def __init__(self, pieces: Sequence[str], words: Sequence[Word]) -> None:
        self._pieces = pieces
        self._words = [word.text for word in words]
        self._found = [_MISSING] * len(words)
        self._steps = 0

    def run(self) -> list[int]:
        """Return the number of the piece of each word."""
        words, found = self._words, self._found
        at, count = 0, len(words)
        for number, piece in enumerate(self._pieces):
            if at >= count:
                break
            if words[at] == piece:
                found[at] = number
                at += 1
                continue
            taken = self._joined(piece, at)
            if not taken and not self._is_next(number + 1, at):
                at = self._place_of(number, at)
                taken = at < count and (1 if words[at] == piece else self._joined(piece, at))
            for _ in range(taken):
                found[at] = number
                at += 1
        return found

    def _joined(self, piece: str, at: int) -> int:
        """Return how many words from here make the piece, their hyphens left out where the piece has none; else 0."""
        place, taken = 0, 0
        while place < len(piece):
            if at + taken >= len(self._words):
                return 0
            word = self._words[at + taken]
            if not piece.startswith(word, place):
                word = word.rstrip("-")
                if not word or not piece.startswith(word, place):
                    return 0
            place += len(word)
            taken += 1
        return taken

    def _is_next(self, number: int, at: int) -> bool:
        """Whether the piece after this one fits: then this one has no word at all."""
        return number < len(self._pieces) and self._pieces[number] == self._words[at]

    def _place_of(self, number: int, at: int) -> int:
        """Return the place of the word with which a piece and its successor go on; the same place if there is none."""
        piece = self._pieces[number]
        following = self._pieces[number + 1] if number + 1 < len(self._pieces) else None
        for place in range(at + 1, min(at + _FARTHEST, len(self._words))):
            self._steps += 1
            if self._steps > _MOST_STEPS:
                break
            fits = self._words[place] == piece
            if fits and (following is None or self._follows(place + 1, following)):
                return place
        return at

    def _follows(self, place: int, piece: str) -> bool:
        return place < len(self._words) and piece.startswith(self._words[place].rstrip("-"))
