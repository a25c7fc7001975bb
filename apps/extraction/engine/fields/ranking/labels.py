"""The words that announce values: a lexicon of labels in several languages, matched with what recognition confuses."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

_LEXICON = Path(__file__).with_name("labels.toml")
_FUZZY_FROM = 5  # letters: shorter words with one letter wrong are too often others
_JOINED_FROM = 7  # letters of a label whose blanks recognition may have lost
_LETTERS = str.maketrans("0153", "oiss")
_REMEMBERED = 4_096  # words of the last documents with the labels they begin


_TOKEN = re.compile(r"[a-z0-9]+\*?|[#%\u20ac]")


class Mention(NamedTuple):
    """A label at words first to last (one after it) of a piece."""

    concept: str
    first: int
    last: int


class Lexicon:
    """Labels by concept. A word of a label that ends with `*` stands for all that begin with it."""

    def __init__(self, concepts: dict[str, list[str]], stems: dict[str, list[str]]) -> None:
        self.concepts = tuple(sorted(concepts))
        self.stem_names = tuple(sorted(stems))
        self._stems = {
            name: re.compile("|".join(re.escape(plain(part)) for part in parts)) for name, parts in stems.items()
        }
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._prefixes: list[tuple[str, tuple[str, ...], str]] = []
        for concept, labels in concepts.items():
            for label in labels:
                words = tuple(_tokens(label))
                if words[0].endswith("*"):
                    self._prefixes.append((words[0][:-1], words, concept))
                    continue
                self._by_first.setdefault(words[0], []).append((words, concept))
                joined = "".join(words)
                if len(words) > 1 and len(joined) >= _JOINED_FROM and joined.isalpha():
                    self._by_first.setdefault(joined, []).append(((joined,), concept))
        # The same words come again and again, in one document and in all.
        self._candidates = lru_cache(_REMEMBERED)(self._labels_from)
        self._words_of = lru_cache(_REMEMBERED)(self._mended_tokens)
        self._stems_of = lru_cache(_REMEMBERED)(self._stems_in)
        self._any_prefix = tuple(prefix for prefix, _, _ in self._prefixes)
        known = {word for entries in self._by_first.values() for words, _ in entries for word in words}
        self._near: dict[str, str] = {}
        self._known = known
        for word in sorted(known):
            if len(word) >= _FUZZY_FROM and not word.endswith("*"):
                for variant in _shortened(word):
                    self._near.setdefault(variant, word)

    def mentions(self, texts: Sequence[str]) -> list[Mention]:
        """Return the labels among the words of a line; of labels that begin at one word the longest."""
        tokens: list[str] = []
        place_of: list[int] = []
        for place, text in enumerate(texts):
            for token in self._words_of(text):
                tokens.append(token)
                place_of.append(place)
        found = []
        for at, token in enumerate(tokens):
            best: dict[str, int] = {}
            for words, concept in self._candidates(token):
                if _matches(tokens, at, words):
                    best[concept] = max(best.get(concept, 0), len(words))
            longest = max(best.values(), default=0)
            for concept, length in best.items():
                if length == longest:
                    found.append(Mention(concept, place_of[at], place_of[at + length - 1] + 1))
        return _outermost(found)

    def stems(self, text: str) -> frozenset[str]:
        """Return the names of the stems that a text holds."""
        return self._stems_of(text)

    def _stems_in(self, text: str) -> frozenset[str]:
        said = plain(text)
        return frozenset(name for name, pattern in self._stems.items() if pattern.search(said))

    def _labels_from(self, token: str) -> tuple[tuple[tuple[str, ...], str], ...]:
        """Return the labels that begin with a word, each with its concept."""
        if not token.startswith(self._any_prefix):
            return tuple(self._by_first.get(token, ()))
        by_prefix = ((words, concept) for prefix, words, concept in self._prefixes if token.startswith(prefix))
        return (*self._by_first.get(token, ()), *by_prefix)

    def _mended_tokens(self, text: str) -> tuple[str, ...]:
        return tuple(self._mended(token) for token in _tokens(text))

    def _mended(self, token: str) -> str:
        """Return the lexicon's word that a token is but for one letter, else the token."""
        if token in self._known or len(token) < _FUZZY_FROM or not token.isalnum() or token.isdigit():
            return token
        letters = token.translate(_LETTERS)
        if letters in self._known:
            return letters
        for variant in (letters, *_shortened(letters)):
            near = self._near.get(variant)
            if near is not None and abs(len(near) - len(letters)) <= 1:
                return near
        return token


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of this version."""
    found = tomllib.loads(_LEXICON.read_text())
    return Lexicon(found["labels"], found["stems"])


def plain(text: str) -> str:
    """Return a text in lower case without accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character))


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(plain(text).replace(".", "").replace("'", " "))


def _matches(tokens: Sequence[str], at: int, words: tuple[str, ...]) -> bool:
    if at + len(words) > len(tokens):
        return False
    return all(
        token.startswith(word[:-1]) if word.endswith("*") else token == word
        for token, word in zip(tokens[at : at + len(words)], words, strict=True)
    )


def _outermost(found: list[Mention]) -> list[Mention]:
    """Leave out labels that lie within a longer one, such as `total` in `sub total`."""
    return [
        each
        for each in found
        if not any(
            other.first <= each.first and each.last <= other.last and other.last - other.first > each.last - each.first
            for other in found
        )
    ]


def _shortened(word: str) -> Iterator[str]:
    """Yield a word with one letter left out at a time."""
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
