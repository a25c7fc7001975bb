"""The authors of a paper: names in the lines below its title, without the marks of footnotes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apps.extraction.engine.fields.normalise.organisations import BODY_WORDS, bare_word
from apps.extraction.engine.fields.papers.front import FrontLine
from apps.extraction.engine.fields.patterns import table

_MOST: Final = 60
_SMALLER: Final = 0.9  # of the names' print
_WORDS: Final = {name: frozenset(words) for name, words in table(Path(__file__).with_name("words.toml")).items()}
_PARTS: Final = re.compile(r",?\s+(?:and|und|et|&)\s+|[,;|\u00b7\u2022]\s*|\s{2,}|\t", re.IGNORECASE)
_MARKS: Final = re.compile(
    r"[\d*\u2020\u2021\u00a7\u00b6\u2217\u2020#^\u00b9\u00b2\u00b3\u2070-\u2079,]+|\([^()]{0,20}\)|\b[a-f]\b(?=\s*,|\s*$)"
)
_TOKEN: Final = re.compile(r"^[^\W\d_](?:[^\W\d_]|['\u2019.\u2010-\u2013-])*$")
_BY: Final = re.compile(r"^\s*by\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Author:
    """A name at start:end of the running text."""

    start: int
    end: int
    name: str


def authors_in(text: str, lines: Sequence[FrontLine]) -> list[Author]:
    """Return the authors that lines name; reading ends with the first line that names none after some did."""
    found: list[Author] = []
    seen: set[str] = set()
    print_of_names = 0.0
    for start, end, height in _stretches(lines, text):
        here = list(_names(text, start, end))
        if found and (not here or height < _SMALLER * print_of_names):
            break  # addresses, which are often set smaller and may look like names
        print_of_names = print_of_names or (height if here else 0.0)
        for author in here:
            if author.name.lower() not in seen:
                seen.add(author.name.lower())
                found.append(author)
    return found[:_MOST]


def _stretches(lines: Sequence[FrontLine], text: str) -> Iterator[tuple[int, int, float]]:
    """Yield lines of one print that follow each other as one stretch with its height: names wrap from line to line."""
    start = end = -1
    height = 0.0
    for line in lines:
        if (
            start >= 0
            and not text[end : line.start].strip()
            and end <= line.start
            and abs(line.height - height) < 0.15 * height
        ):
            end = line.end
            continue
        if start >= 0:
            yield start, end, height
        start, end, height = line.start, line.end, line.height
    if start >= 0:
        yield start, end, height


def _names(text: str, start: int, end: int) -> Iterator[Author]:
    """Yield the names of a stretch; where fewer than half of its parts are names, it is an address."""
    parts = list(_split(text, start, end))
    names = [author for first, last in parts if (author := _author(text, first, last)) is not None]
    real = [part for part in parts if any(character.isalpha() for character in text[part[0] : part[1]])]
    if names and 2 * len(names) >= len(real):
        yield from names


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    stretch = text[start:end]
    by = _BY.match(stretch)
    place = by.end() if by else 0
    for match in _PARTS.finditer(stretch):
        if match.start() >= place:
            yield start + place, start + match.start()
            place = match.end()
    yield start + place, end


def _author(text: str, start: int, end: int) -> Author | None:
    """Return the name of a part, or None where it is none: two to five words, capitals, no words of institutions."""
    written = text[start:end]
    plain = _MARKS.sub(lambda found: " " * len(found.group()), written)
    tokens = plain.split()
    while tokens and bare_word(tokens[0]) in _WORDS["honorifics"]:
        tokens = tokens[1:]
    if not 2 <= len(tokens) <= 5 or "@" in written:
        return None
    if not all(_TOKEN.match(token) for token in tokens):
        return None
    bare = [bare_word(token) for token in tokens]
    if any(word in _WORDS["no_author"] or word in BODY_WORDS for word in bare):
        return None
    if not all(token[0].isupper() or word in _WORDS["particles"] for token, word in zip(tokens, bare, strict=True)):
        return None
    if sum(len(word) > 1 for word in bare) < 1 or bare[-1] in _WORDS["particles"]:
        return None
    first = start + plain.index(tokens[0])
    last = start + len(plain.rstrip())
    return Author(first, last, " ".join(tokens))
