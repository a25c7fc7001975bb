"""Who sent a document: what a label says, the line above an address, a letterhead, a footer, a signature."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from apps.extraction.engine.fields.every_document.places import Head, Place
from apps.extraction.engine.fields.normalise.organisations import BODY_WORDS, bare_word, is_legal_form
from apps.extraction.engine.fields.patterns import patterns

_PATTERNS: Final = patterns(Path(__file__).with_name("patterns.toml"), "senders")
_MARK: Final = r"\u00b7\u2022\u25cf"  # what parts the sender's name, street and town in one line
_SENDER_LINE: Final = re.compile(
    rf"(?:^|[\n\f])[ ]*(?P<name>[^\n\f|{_MARK}\u2013*]{{3,60}}?)\s*(?:[|{_MARK}*]|\s[\u2013-]\s)\s*[^\n\f]{{3,60}}"
    r"\b(?:[A-Z]{1,2}[- ])?\d{4,5}\s+[A-ZÄÖÜÉ][^\n\f]{1,40}"
)
_LISTED: Final = re.compile(
    r"(?P<name>[A-Z][\w&.,' \u2019-]{2,60}?)\s*\((?:NYSE|Nasdaq|NASDAQ|LSE|Xetra|XETRA|Euronext|SIX|TSX)\b"
)
_DASH: Final = re.compile(r"\s[\u2013\u2014-]+\s")
_NUMBERED: Final = re.compile(r"^\s*(?:\d{1,2}[.)]|\(?[a-z]\))")
_LINE: Final = re.compile(r"[^\n\f\t]+")
_TOP, _LETTERHEAD, _FOOT = 0.22, 0.1, 0.88  # of the page; without a legal form only the very top tells a sender
_CAPITALS: Final = 0.6  # of a name's words begin with one
_MOST_WORDS: Final = 9
_MOST_LINES: Final = 400


def named_places(head: Head) -> Iterator[Place]:
    """Yield the names that may be the sender's, with points for the place where they stand."""
    yield from _matched(head, _PATTERNS["from"], 6.0)
    yield from _matched(head, _SENDER_LINE, 5.0)
    yield from _matched(head, _PATTERNS["registrant"], 5.5)
    yield from _matched(head, _LISTED, 4.5)
    yield from _edges(head)
    yield from _closing(head)
    yield from _matched(head, _PATTERNS["copyright"], 2.0)


def _matched(head: Head, pattern: re.Pattern[str], points: float) -> Iterator[Place]:
    for order, match in enumerate(pattern.finditer(head.text, 0, head.first_page_end)):
        start, end = match.span("name")
        start += max((dash.end() for dash in _DASH.finditer(match["name"])), default=0)  # "PLACE, day - Firm"
        yield from _place(head, start, end, points - order * 0.2)
        if order > 3:
            return


def _edges(head: Head) -> Iterator[Place]:
    """Yield lines at the top and at the foot of the first page that name an organisation."""
    for order, line in enumerate(_LINE.finditer(head.text, 0, head.first_page_end)):
        if order > _MOST_LINES:
            return
        height = head.height(line.start())
        if _TOP < height < _FOOT:
            continue
        kind = _kind(line.group())
        if kind and height <= (_TOP if kind > 1 else _LETTERHEAD):
            yield from _place(head, *line.span(), 2.0 + kind - height * 4 - order * 0.05)
        elif kind > 1 and height >= _FOOT:
            yield from _place(head, *_until_mark(line), 1.5 + kind / 2)


def _until_mark(line: re.Match[str]) -> tuple[int, int]:
    """Return the part of a footer's line up to the mark that parts it: `Firm GmbH | Street 5 | City`."""
    cut = re.search(r"\s*[|\u00b7\u2022\u25cf,]\s|\s[\u2013-]\s", line.group())
    return line.start(), line.start() + cut.start() if cut and cut.start() > 3 else line.end()


def _kind(text: str) -> float:
    """Return 2 for a line with a legal form, 1 for words of institutions, 0 for a line that names nobody."""
    words = text.split()
    if not 1 <= len(words) <= _MOST_WORDS + 4 or _PATTERNS["no_sender"].search(text) or _NUMBERED.match(text):
        return 0.0
    if len(words) > 1 and any(is_legal_form(word) for word in words[1:]):
        return 2.0
    capitals = sum(word[:1].isupper() for word in words)
    has_body_word = any(bare_word(word) in BODY_WORDS for word in words)
    return float(has_body_word and capitals >= _CAPITALS * len(words) and len(words) <= _MOST_WORDS)


def _closing(head: Head) -> Iterator[Place]:
    """Yield the lines below a letter's last words: the organisation first, else the person."""
    closings = list(_PATTERNS["closing"].finditer(head.text))
    if not closings:
        return
    match = closings[-1]
    for order, line in enumerate(_LINE.finditer(head.text, match.end(), min(len(head.text), match.end() + 300))):
        if order > 4:
            return
        kind = _kind(line.group())
        words = line.group().split()
        is_person = 2 <= len(words) <= 4 and all(word[:1].isupper() for word in words)
        if kind or is_person:
            yield from _place(head, *line.span(), 2.0 + kind - order * 0.1)


def _place(head: Head, start: int, end: int, points: float) -> Iterator[Place]:
    """Yield a stretch without the marks on its edges, unless it is none that a sender could have."""
    text = head.running.text[start:end]
    inner = text.strip(' \t,;:|\u00b7\u2022\u25cf*\u2013-"')
    if len(inner) < 3 or len(inner.split()) > _MOST_WORDS or not (inner[0].isupper() or inner[0].isdigit()):
        return
    if not any(character.isalpha() for character in inner):
        return
    if points < 5 and _PATTERNS["no_sender"].search(inner):
        return
    first = start + text.index(inner)
    yield Place(first, first + len(inner), " ".join(inner.split()), points)
