"""Dates in texts: where they stand, and what they are in ISO 8601."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

Style: TypeAlias = Literal["iso", "numeric", "named"]
_MONTHS = Path(__file__).with_name("months.toml")
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_CENTURY_FROM = 70  # two digits from here on are of the last century
_YEAR = r"(?P<year>(?:19|20)\d{2}|'?\d{2})(?!\d|[.,]\d)"
_ISO = re.compile(
    r"(?<![\w.,/-])(?P<year>(?:19|20)\d{2})(?P<mark>[-/.])(?P<one>\d{1,2})(?P=mark)(?P<two>\d{1,2})(?!\d)"
)
NUMERIC = re.compile(rf"(?<![\w.,/-])(?P<one>\d{{1,2}})(?P<mark> ?[-/.] ?)(?P<two>\d{{1,2}})(?P=mark){_YEAR}")


class FoundDate(NamedTuple):
    """A date at start:end of a text. `is_ambiguous`: day and month could change places."""

    start: int
    end: int
    value: str
    style: Style
    is_ambiguous: bool


def dates_in(text: str, *, day_first: bool = True) -> Iterator[FoundDate]:
    """Yield the dates of a text in their order; what is no day of the calendar is none."""
    taken = 0
    for found in sorted([*_iso(text), *_numeric(text, day_first), *_named(text)], key=lambda each: each.start):
        if found.start >= taken:
            taken = found.end
            yield found


def date_of(text: str, *, day_first: bool = True) -> str | None:
    """Return the first date of a text in ISO 8601."""
    return next((found.value for found in dates_in(text, day_first=day_first)), None)


def _iso(text: str) -> Iterator[FoundDate]:
    for match in _ISO.finditer(text):
        month, day = int(match["one"]), int(match["two"])
        if month > 12:  # seldom, but written: year, day, month
            month, day = day, month
        yield from _found(match, match["year"], month, day, "iso", is_ambiguous=False)


def _numeric(text: str, day_first: bool) -> Iterator[FoundDate]:
    for match in NUMERIC.finditer(text):
        day, month = int(match["one"]), int(match["two"])
        ambiguous = day <= 12 and month <= 12 and day != month
        if month > 12 or (ambiguous and not day_first):
            day, month = month, day
        yield from _found(match, match["year"], month, day, "numeric", is_ambiguous=ambiguous)


def _named(text: str) -> Iterator[FoundDate]:
    patterns, numbers = _named_patterns()
    plain = _plain(text)
    if len(plain) != len(text):  # a letter became two: places would not fit
        plain = text.lower()
    for pattern in patterns:
        for match in pattern.finditer(plain):
            month = numbers[match["month"]]
            yield from _found(match, match["year"], month, int(match["day"]), "named", is_ambiguous=False)


def _found(
    match: re.Match[str], year: str, month: int, day: int, style: Style, *, is_ambiguous: bool
) -> Iterator[FoundDate]:
    number = int(year.lstrip("'"))
    if number < 100:
        number += 1900 if number >= _CENTURY_FROM else 2000
    try:
        value = date(number, month, day)
    except ValueError:
        return
    if _FIRST_YEAR <= number <= _LAST_YEAR:
        yield FoundDate(match.start(), match.end(), value.isoformat(), style, is_ambiguous)


@cache
def _named_patterns() -> tuple[tuple[re.Pattern[str], ...], dict[str, int]]:
    """Return the patterns of dates with the name of a month, on text without accents, and the months' numbers."""
    numbers: dict[str, int] = {}
    for names in tomllib.loads(_MONTHS.read_text())["names"].values():
        for number, words in enumerate(names, start=1):
            for word in words.split():
                numbers.setdefault(word, number)
    month = "|".join(sorted(numbers, key=len, reverse=True))
    gap = r"[ ./,-]{0,3}"
    day = r"(?<![\w.,])(?P<day>\d{1,2})(?!\d)(?:st|nd|rd|th|er|\.|º|°)?"
    first = rf"{day}{gap}(?:of |de |d')?(?P<month>{month})\.?{gap}(?:de |of )?{_YEAR}"
    ordinal = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    second = rf"(?<!\w)(?P<month>{month})\.?[ -]{{0,2}}{ordinal} ?,?[ -]{{0,2}}(?P<year>\d{{4}})(?!\d)"
    third = rf"(?<![\w.,])(?P<year>(?:19|20)\d{{2}})[ -](?P<month>{month})\.?[ -](?P<day>\d{{1,2}})(?!\d)"
    return (re.compile(first), re.compile(second), re.compile(third)), numbers


class _Bare(dict[int, str]):
    """Characters without their accents, each worked out when it is first asked for."""

    def __missing__(self, code: int) -> str:
        """Return the first part that a character is made of."""
        return self.setdefault(code, unicodedata.normalize("NFKD", chr(code))[:1])


_BARE = _Bare()


def _plain(text: str) -> str:
    """Return a text in lower case without accents; as long as the text itself unless its letters come in parts."""
    lower = text.lower()
    return lower if lower.isascii() else lower.translate(_BARE)
