"""Whether the page bears a value out: the words under its box, in their order, contain its raw text."""

import unicodedata
from collections.abc import Iterable, Sequence

from apps.extraction.engine.types import Box, Word

LARGEST_BOX = 0.25  # of the page: what is larger points at nothing
_TOLERANCE = 0.002  # of the page: a box is as good where its edges are read this much less exactly


def box_of(words: Iterable[Word]) -> Box:
    """Return the box around words; there must be one at least."""
    found = list(words)
    return (
        min(word.x0 for word in found),
        min(word.y0 for word in found),
        max(word.x1 for word in found),
        max(word.y1 for word in found),
    )


def words_under(words: Sequence[Word], box: Box) -> list[int]:
    """Return the indices of the words with their centre in a box, in their order."""
    x0, y0, x1, y1 = box
    return [
        index
        for index, word in enumerate(words)
        if x0 <= (word.x0 + word.x1) / 2 <= x1 and y0 <= (word.y0 + word.y1) / 2 <= y1
    ]


def is_supported(words: Sequence[Word], box: Box, raw_text: str) -> bool:
    """Tell whether the words under a box, letters and digits compared, contain a raw text.

    They must also do so if the box is a little larger: no word at its edge may stand between those of the text.
    """
    x0, y0, x1, y1 = box
    if (x1 - x0) * (y1 - y0) > LARGEST_BOX:
        return False
    wanted = bare(raw_text)
    near = [words[index] for index in words_under(words, _grown(box))]
    inside = [near[index] for index in words_under(near, box)]
    return bool(wanted) and all(wanted in bare(" ".join(word.text for word in each)) for each in (inside, near))


def _grown(box: Box) -> Box:
    """Return a box that is larger on all sides by the tolerance."""
    x0, y0, x1, y1 = box
    return x0 - _TOLERANCE, y0 - _TOLERANCE, x1 + _TOLERANCE, y1 + _TOLERANCE


def bare(text: str) -> str:
    """Return a text's letters and digits only, in lower case and in one form of Unicode."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())
