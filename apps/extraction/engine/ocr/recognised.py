"""What an engine reads in a picture, and how good it thinks it is."""

from collections.abc import Callable
from typing import NamedTuple

from apps.extraction.engine.types import Word

_STRENGTH = ["", " ", "\n", "\n\n"]


class Recognised(NamedTuple):
    """The words of a picture with their confidences, each with what separates it from the one before.

    `dictionary_share` is the share of words of letters that the engine's dictionary has, 0 for one without.
    """

    words: list[Word]
    separators: list[str]
    dictionary_share: float = 0.0

    def text(self, keep: Callable[[Word], bool] = lambda _: True) -> str:
        """Return the text by lines, of the words to be kept."""
        parts: list[str] = []
        pending = ""
        for word, separator in zip(self.words, self.separators, strict=True):
            pending = max(pending, separator, key=_STRENGTH.index)
            if keep(word):
                parts += (pending, word.text) if parts else (word.text,)
                pending = ""
        return "".join(parts)

    @property
    def characters(self) -> int:
        """How many characters were read, white space apart."""
        return sum(len(word.text) for word in self.words)

    @property
    def confidence(self) -> float:
        """The mean over the characters of their words' confidences; 0 where nothing was read."""
        total = sum((word.confidence or 0) * len(word.text) for word in self.words)
        return total / self.characters if self.words else 0.0
