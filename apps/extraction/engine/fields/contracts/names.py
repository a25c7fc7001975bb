"""Names in a text of contracts: runs of words that are written like those of companies and people."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apps.extraction.engine.fields.contracts.zones import words_with_places
from apps.extraction.engine.fields.normalise.organisations import BODY_WORDS, bare_word, is_legal_form
from apps.extraction.engine.fields.patterns import table

_FILE: Final = Path(__file__).with_name("words.toml")
_LONGEST: Final = 12  # words of a name
_WORDS: Final = {name: frozenset(words) for name, words in table(_FILE).items()}
_JOINING: Final = _WORDS["joining"]
_INITIAL: Final = re.compile(r"^(?:[A-Z]\.)+,?$|^(?:Mr|Ms|Mrs|Dr|St|Jr|Sr|Prof|Co|Bros|Ph\.D|M\.D|Messrs)\.,?$")
_NUMBER: Final = re.compile(r"^[\d./,:#()-]+$")
_OPENING: Final = "(\"['"


@dataclass(frozen=True)
class Name:
    """A stretch of text that is written like a name."""

    start: int
    end: int
    words: tuple[str, ...]

    @property
    def has_form(self) -> bool:
        """Whether it holds a legal form."""
        return any(is_legal_form(word) for word in self.words)

    @property
    def has_body_word(self) -> bool:
        """Whether it holds a word of companies and institutions."""
        return any(bare_word(word) in BODY_WORDS for word in self.words)

    @property
    def is_like_person(self) -> bool:
        """Whether it is two to five words without anything of a company."""
        return (
            2 <= len(self.words) <= 5
            and not self.has_form
            and not self.has_body_word
            and all(word[0].isalpha() for word in self.words)
            and not any(
                bare_word(word) in _JOINING and bare_word(word) not in _WORDS["particles"] for word in self.words
            )
        )


def names_in(text: str, start: int, end: int) -> Iterator[Name]:
    """Yield the names between two places; "A and B" gives A, B and the whole, since "and" may belong to a name."""
    for run in _runs(text, start, end):
        yield from _of_run(run)


_Words = list[tuple[int, int, str]]


def _runs(text: str, start: int, end: int) -> Iterator[_Words]:
    """Yield runs of words that begin with capitals, with small words between them, ended by marks."""
    run: _Words = []
    for first, last, word in words_with_places(text, start, end):
        ends_before = word[0] in _OPENING or (run and _is_cut(run[-1], word, text[run[-1][1] : first]))
        core = word.lstrip(_OPENING)
        if ends_before:
            yield _trimmed(run)
            run = []
        if not core:
            continue
        if _is_namelike(core) or (run and bare_word(core) in _JOINING):
            run.append((first + len(word) - len(core), last, core))
        else:
            yield _trimmed(run)
            run = []
    yield _trimmed(run)


def _is_cut(last: tuple[int, int, str], word: str, gap: str) -> bool:
    """Whether a name ends with `last`: after marks, unless a legal form follows, and after a form before a new line."""
    text = last[2]
    if "\f" in gap or "\t" in gap:
        return True
    if text[-1] in ",;":
        return not is_legal_form(word) and bare_word(word) not in {"jr", "sr", "iii", "phd", "md"}
    if text[-1] in ':)”"»]':
        return True
    if text[-1] == "." and not _INITIAL.match(text) and not is_legal_form(text) and not _is_abbreviation(text):
        return True
    return "\n" in gap and is_legal_form(text) and not is_legal_form(word)


def _is_abbreviation(word: str) -> bool:
    return len(word) <= 4 and word[0].isupper() and word[1:-1].islower()


def _is_namelike(core: str) -> bool:
    bare = bare_word(core)
    if not bare or (bare in _WORDS["no_name"] and not _is_spared(core)):
        return False
    return core[0].isupper() or core[0].isdigit() or core == "&" or is_legal_form(core) or _is_mixed(core)


def _is_mixed(core: str) -> bool:
    return core[0].islower() and any(character.isupper() for character in core)


def _is_spared(core: str) -> bool:
    """Whether a word that is no name may be one as it is written: the initial `A.`, the country `US`."""
    return re.match(r"^(?:[A-Z]\.|US[A.]?$)", core) is not None


def _trimmed(run: _Words) -> _Words:
    """Return a run without small words, bare numbers and degrees on its ends."""
    while run and (bare_word(run[-1][2]) in _JOINING | _WORDS["degrees"] or _NUMBER.match(run[-1][2])):
        run = run[:-1]
    while run and (bare_word(run[0][2]) in _JOINING - {"the", "la", "le"} or _NUMBER.match(run[0][2])):
        run = run[1:]
    return run


def _before_address(run: _Words) -> _Words:
    """Return a run up to a house number behind a small word: "Ada Berg of 22 Mill Lane"."""
    cuts = (place for place, (_, _, word) in enumerate(run) if place and _NUMBER.match(word))
    cut = next((place for place in cuts if bare_word(run[place - 1][2]) in {"of", "at", "aus"}), len(run))
    return _trimmed(run[:cut])


def _of_run(run: _Words) -> Iterator[Name]:
    run = _before_address(run)
    if not run or len(run) > 3 * _LONGEST:
        return
    pieces = _split(run)
    if len(pieces) > 1 and not any(is_legal_form(piece[-1][2]) for piece in pieces[:-1]):
        yield from _named(run)
    for piece in pieces:
        yield from _named(piece)


def _split(run: _Words) -> list[_Words]:
    """Cut a run at "and", and behind legal forms; "and Company" and "& Co." stay with what is before them."""
    pieces: list[_Words] = [[]]
    for index, entry in enumerate(run):
        bare = bare_word(entry[2])
        following = run[index + 1][2] if index + 1 < len(run) else ""
        if bare in {"and", "und", "et"} and not is_legal_form(following):
            pieces.append([])
            continue
        pieces[-1].append(entry)
        if is_legal_form(entry[2]) and not (is_legal_form(following) or bare_word(following) in _JOINING):
            pieces.append([])
    return [piece for piece in map(_trimmed, pieces) if piece]


def _named(run: _Words) -> Iterator[Name]:
    if len(run) > _LONGEST:
        return
    words = tuple(word for _, _, word in run)
    start, end = run[0][0], run[-1][1]
    if (
        bare_word(words[0]) in _WORDS["alone"]
        or all(bare_word(word) in _WORDS["alone"] | _JOINING for word in words)
        or not any(c.isalpha() for c in "".join(words))
    ):
        return
    stripped = _end_mark(words[-1])
    yield Name(start, end - stripped, words)


def _end_mark(word: str) -> int:
    """Return how many marks on the end of the last word are no part of the name."""
    kept = word.rstrip(",;:)\"]'")
    if kept.endswith(".") and not (_INITIAL.match(kept) or is_legal_form(kept)):
        kept = kept[:-1]
    return len(word) - len(kept)
