"""Dates the way contracts write them: "this 5th day of November, 2004" beside what other documents write."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from apps.extraction.engine.fields.normalise import dates
from apps.extraction.engine.fields.normalise.date_order import is_day_first

_MONTHS: Final = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
_ORDINALS: Final = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
_TEENS: Final = [
    "ten",
    "eleven",
    "twelf",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_WORDED: Final = [
    *_ORDINALS,
    *(f"{word}th" for word in _TEENS),
    *("twentieth", *(f"twenty-{word}" for word in _ORDINALS), "thirtieth", "thirty-first"),
]
_DAY_OF: Final = re.compile(
    rf"(?<![\w.,])(?:(?P<digits>\d{{1,2}})\s?(?:st|nd|rd|th)?|(?P<worded>{'|'.join(reversed(_WORDED))})"
    r"(?:\s?\(\s?\d{1,2}\s?(?:st|nd|rd|th)?\s?\))?)\s(?:day\s)?(?:of\s)?"
    rf"(?P<month>{'|'.join(_MONTHS)})\s?,?\s(?:in\sthe\syear\s)?(?:of\s)?(?P<year>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_HEAD: Final = 4_000  # characters that tell how numeric dates are written
_AMERICAN: Final = re.compile(
    r"\bState of (?!the\b)[A-Z]|\bCommonwealth of (?:Mass|Penn|Vir|Ken)|\bDelaware (?:corp|limited)"
)


class WrittenDate(NamedTuple):
    """A date at start:end of a text; `value` is ISO 8601."""

    start: int
    end: int
    value: str


def dates_in(text: str, language: str | None = None) -> Iterator[WrittenDate]:
    """Yield the dates of a running text in their order."""
    flat = re.sub(r"\s", " ", text)  # as long as the text: dates may wrap
    place = "USA" if _AMERICAN.search(flat) else ""
    day_first = is_day_first([flat[:_HEAD], place], language)
    taken = 0
    usual = (WrittenDate(each.start, each.end, each.value) for each in dates.dates_in(flat, day_first=day_first))
    for found in sorted([*_days_of_months(flat), *usual]):
        if found.start >= taken:
            taken = found.end
            yield found


def _days_of_months(text: str) -> Iterator[WrittenDate]:
    for match in _DAY_OF.finditer(text):
        worded = (match["worded"] or "").lower()
        day = _WORDED.index(worded) + 1 if worded else int(match["digits"])
        try:
            value = date(int(match["year"]), _MONTHS.index(match["month"].lower()) + 1, day)
        except ValueError:
            continue
        yield WrittenDate(match.start(), match.end(), value.isoformat())
