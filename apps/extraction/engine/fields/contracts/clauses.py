"""Clauses quoted as they stand: a heading with its first sentences, or the sentence that says the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apps.extraction.engine.fields.contracts.patterns import patterns
from apps.extraction.engine.fields.contracts.rules import PRODUCER, sentence_around
from apps.extraction.engine.fields.contracts.zones import Zones
from apps.extraction.engine.fields.support import LARGEST_BOX
from apps.extraction.engine.fields.types import FieldReading

_HEADINGS: Final = patterns("clause_headings")
_SENTENCES: Final = patterns("clause_sentences")
_NUMBER: Final = r"(?:(?:\d{1,2}|[IVX]{1,5})(?:\.\d{1,2}){0,3}[.):]?|\([a-z0-9]{1,3}\)|[A-Za-z][.)])"
_SECTION: Final = re.compile(
    rf"(?:^|[\n\f])[ \t]*(?:(?:section|article|art\.|§)[ \t]{{0,3}})?(?:(?P<number>{_NUMBER})\s+)?"
    r"(?P<heading>\"?[A-ZÄÖÜÉÀ][^\n\f.:;]{2,70})(?:[.:]|[ \t]*(?=[\n\f]))",
    re.IGNORECASE,
)
_LONGEST: Final = 700  # characters quoted
_LONGEST_HEADING_WORDS: Final = 9
_ENOUGH: Final = 60  # characters that a quotation has at least
_END: Final = re.compile(r"[.;](?=\s|$)")


def clauses(zones: Zones) -> Iterator[FieldReading]:
    """Yield the clauses found, each key at most once; a contract without a clause has no value of its key."""
    sections = list(_sections(zones.text))
    for name in _HEADINGS:
        found = _by_heading(zones, name, sections) or _by_sentence(zones, name)
        if found is not None:
            yield found


@dataclass(frozen=True)
class _Section:
    start: int
    heading: str
    is_numbered: bool
    body: int


def _sections(text: str) -> Iterator[_Section]:
    for match in _SECTION.finditer(text):
        heading = match["heading"]
        words = heading.split()
        if len(words) > _LONGEST_HEADING_WORDS or not (match["number"] or _is_titled(words)):
            continue
        start = match.start("number") if match["number"] else match.start("heading")
        yield _Section(start, heading, bool(match["number"]), match.end())


def _is_titled(words: list[str]) -> bool:
    """Whether words without a number are written as a heading: all long ones begin with capitals."""
    return all(word[:1].isupper() for word in words if len(word) > 3) and words[0][:1].isupper()


def _by_heading(zones: Zones, name: str, sections: list[_Section]) -> FieldReading | None:
    for index, section in enumerate(sections):
        if section.start < zones.preamble_end and not section.is_numbered:
            continue  # the title of the contract
        if not _HEADINGS[name].search(section.heading):
            continue
        limit = sections[index + 1].start if index + 1 < len(sections) else len(zones.text)
        if limit - section.start >= _ENOUGH:
            found = _quoted(zones, f"clause_{name}", section.start, limit)
            if found is not None:
                return found
    return None


def _by_sentence(zones: Zones, name: str) -> FieldReading | None:
    match = _SENTENCES[name].search(zones.text)
    if match is None:
        return None
    start, end = sentence_around(zones.text, match.start())
    return _quoted(zones, f"clause_{name}", start, end)


def _quoted(zones: Zones, key: str, start: int, limit: int) -> FieldReading | None:
    """Return the passage from start, as many whole sentences of it as one box on one page bears out."""
    page_end = zones.text.find("\f", start)
    limit = min(limit, start + _LONGEST, page_end if page_end > 0 else len(zones.text))
    text = zones.text[start:limit]
    ends = [match.end() for match in _END.finditer(text)] or [len(text)]
    for end in sorted({*ends, len(text)} if limit - start < _LONGEST else set(ends), reverse=True):
        passage = " ".join(zones.running.text[start : start + end].split())
        if len(passage) < _ENOUGH:
            break
        found = zones.running.reading(
            (start, start + end), key=key, value=passage, value_type="text", producer=PRODUCER
        )
        if found is not None and found.raw_text == passage and _is_small(found):
            return found
    return None


def _is_small(found: FieldReading) -> bool:
    if found.box is None:
        return True
    x0, y0, x1, y1 = found.box
    return (x1 - x0) * (y1 - y0) <= LARGEST_BOX
