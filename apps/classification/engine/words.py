"""Words of a text as hashed, weighted features, and the names by which a document calls itself."""

import math
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.document_text import READ_CHARACTERS

TITLE_CHARACTERS = 300
_TOKEN = re.compile(r"[^\W\d_]{2,}|\d+")
_WORD = re.compile(r"\w+")
_LONGEST_NUMBER = 5


def tokens(text: str) -> list[str]:
    """Lower-case words of two letters and more; numbers only by their count of digits, so that no value is learned."""
    return [_shape(token) if token[0].isdigit() else token.lower() for token in _TOKEN.findall(text[:READ_CHARACTERS])]


def _shape(number: str) -> str:
    return f"#{min(len(number), _LONGEST_NUMBER)}"


def token_bucket(token: str, *, buckets: int) -> int:
    """Return the bucket of a token."""
    return zlib.crc32(token.encode()) % buckets


def hashed_words(text: str, *, buckets: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return bucket numbers and 1 + log(count), unsorted; CRC-32 is the hash, so it is the same everywhere."""
    counts: Counter[int] = Counter()
    for token, count in Counter(tokens(text)).items():
        counts[token_bucket(token, buckets=buckets)] += count
    values = [1.0 + math.log(count) for count in counts.values()]
    return np.fromiter(counts, dtype=np.int64, count=len(counts)), np.array(values, dtype=np.float32)


def weigh(
    indices: NDArray[np.int64], values: NDArray[np.float32], inverse_frequencies: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Weigh hashed words by their inverse document frequency, to unit length."""
    weighed = values * inverse_frequencies[indices]
    length = float(np.linalg.norm(weighed))
    return np.asarray(weighed / length if length else weighed, dtype=np.float32)


class NameMatcher:
    """Finds the labels' names in a text; `owners` has the label of each name, all names in order."""

    def __init__(self, names: Sequence[Iterable[str]]) -> None:
        self._names = [_plain(name) for of_label in names for name in of_label]
        self.owners = np.array([label for label, of_label in enumerate(names) for _ in of_label], dtype=np.int64)

    def find(self, text: str) -> NDArray[np.bool_]:
        """Return which names stand in the title part (first row) and in the part read (second), shape (2, names)."""
        start = text[:READ_CHARACTERS].lstrip()
        plain = [_plain(start[:TITLE_CHARACTERS]), _plain(start)]
        return np.array([[name in part for name in self._names] for part in plain], dtype=np.bool_).reshape(2, -1)


def _plain(text: str) -> str:
    """Lower-case words between single spaces, so that a substring test finds whole words only."""
    return f" {' '.join(_WORD.findall(text.lower()))} "
