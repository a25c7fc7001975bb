"""Words of a text as hashed, weighted features, and the names by which a document calls itself."""

import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.document_text import READ_CHARACTERS

TITLE_CHARACTERS = 300
# Thai, kana, Chinese characters, Hangul: written without spaces between words, or with endings attached to them.
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_TOKEN = re.compile(rf"(?P<unspaced>[{_UNSPACED}]{{2,}})|(?P<word>[^\W\d_{_UNSPACED}]{{2,}})|(?P<number>\d+)")
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_LONGEST_NUMBER = 5


def tokens(text: str) -> list[str]:
    """Lower-case words of two letters and more, pairs of characters where words are not spaced, numbers by their size.

    Of numbers only the count of digits stands there, so that no value is learned.
    """
    found: list[str] = []
    for token in _TOKEN.finditer(text[:READ_CHARACTERS]):
        part = token.group()
        if token.lastgroup == "word":
            found.append(part.lower())
        elif token.lastgroup == "number":
            found.append(f"#{min(len(part), _LONGEST_NUMBER)}")
        else:
            found += [part[place : place + 2] for place in range(len(part) - 1)]
    return found


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
    """Finds the labels' names in a text; `owners` has the label of each name, all names in order.

    Names match whole words, whatever their case; where words are not spaced, any run of characters. Accents may lack in
    the text, as recognition loses them, but a name without them is not the word with them ("dia" is not "día").
    """

    def __init__(self, names: Sequence[Iterable[str]]) -> None:
        self.owners = np.array([label for label, of_label in enumerate(names) for _ in of_label], dtype=np.int64)
        self._by_first_word: dict[str, list[tuple[int, list[str]]]] = {}
        for place, name in enumerate(name for of_label in names for name in of_label):
            # As written, and as a text without accents has it; often the same.
            for words in {tuple(_words(name)), tuple(_words(without_accents(name)))}:
                if words:
                    self._by_first_word.setdefault(words[0], []).append((place, list(words)))

    def find(self, text: str) -> NDArray[np.bool_]:
        """Return which names stand in the title part (first row) and in the part read (second), shape (2, names)."""
        start = text[:READ_CHARACTERS].lstrip()
        found = np.zeros((2, len(self.owners)), dtype=np.bool_)
        for row, part in zip(found, (start[:TITLE_CHARACTERS], start), strict=True):
            row[self._places(_words(part))] = True
        return found

    def _places(self, words: list[str]) -> list[int]:
        """Return the places of the names that stand somewhere in these words."""
        return [
            place
            for at, word in enumerate(words)
            for place, name in self._by_first_word.get(word, ())
            if words[at : at + len(name)] == name
        ]


def without_accents(text: str) -> str:
    """Return a text without the marks that stand on or under letters."""
    decomposed = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))


def _words(text: str) -> list[str]:
    """Return the words without case, in one form of writing; unspaced characters one by one."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
