"""Durations as contracts write them, in English, German and French: "two (2) years" becomes `2 years`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_CARDINALS: Final = {
    1: "one ein eine einem einen einer eines un une",
    2: "two zwei zweier deux",
    3: "three drei dreier trois",
    4: "four vier quatre",
    5: "five fünf cinq",
    6: "six sechs",
    7: "seven sieben sept",
    8: "eight acht huit",
    9: "nine neun neuf",
    10: "ten zehn dix",
    11: "eleven elf onze",
    12: "twelve zwölf douze",
    13: "thirteen dreizehn treize",
    14: "fourteen vierzehn quatorze",
    15: "fifteen fünfzehn quinze",
    16: "sixteen sechzehn seize",
    17: "seventeen siebzehn dix-sept",
    18: "eighteen achtzehn dix-huit",
    19: "nineteen neunzehn dix-neuf",
    20: "twenty zwanzig vingt",
    21: "twenty-one einundzwanzig vingt-et-un",
    24: "twenty-four vierundzwanzig vingt-quatre",
    25: "twenty-five fünfundzwanzig vingt-cinq",
    28: "twenty-eight achtundzwanzig vingt-huit",
    30: "thirty dreißig dreissig trente",
    36: "thirty-six sechsunddreißig sechsunddreissig trente-six",
    40: "forty vierzig quarante",
    45: "forty-five fünfundvierzig quarante-cinq",
    48: "forty-eight achtundvierzig quarante-huit",
    50: "fifty fünfzig cinquante",
    60: "sixty sechzig soixante",
    90: "ninety neunzig quatre-vingt-dix",
    99: "ninety-nine neunundneunzig",
}
_ORDINALS: Final = {
    name: number
    for number, name in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], start=1
    )
}
_NUMBERS: Final = {word: number for number, words in _CARDINALS.items() for word in words.split()}
_UNITS: Final = {
    "day": r"(?:(?:calendar|business|working)\s)?days?|(?:werk|kalender|arbeits)?tage?n?s?|jours?",
    "week": r"weeks?|wochen?|semaines?",
    "month": r"months?|(?:kalender)?monate?n?s?|mois",
    "year": r"years?|jahre?n?s?|ans?|années?",
}
_FIRST_CALENDAR_YEAR: Final = 1900  # "2004 year-end" is no duration
_COUNT: Final = "|".join(sorted((re.escape(word) for word in _NUMBERS), key=len, reverse=True))
_PATTERN: Final = re.compile(
    rf"(?<![\w.,/-])(?:(?P<word>{_COUNT})|(?P<digits>\d{{1,4}}))(?:\s?\(\s?(?P<bracket>\d{{1,4}}|{_COUNT})\s?\))?"
    r"(?:-?\s|-)(?:(?:full|consecutive|whole|volle[nrs]?)\s)?"
    rf"(?:(?P<day>{_UNITS['day']})|(?P<week>{_UNITS['week']})|(?P<month>{_UNITS['month']})|(?P<year>{_UNITS['year']}))"
    r"(?!\w)",
    re.IGNORECASE,
)
_ANNIVERSARY: Final = re.compile(
    rf"(?<!\w)(?:(?P<word>{'|'.join(_ORDINALS)})|(?P<digits>\d{{1,2}})(?:st|nd|rd|th))(?:\s?\(\s?\d{{1,2}}\s?(?:st|nd|rd|th)"
    r"\s?\))?\s(?:year\s)?anniversary\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Duration:
    """A length of time in a text: `count` units at start:end; `is_anniversary` where a day so much later is named."""

    start: int
    end: int
    count: int
    unit: str
    is_anniversary: bool = False

    @property
    def value(self) -> str:
        """The normalised form: `2 years`, `1 month`."""
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


def durations_in(text: str) -> Iterator[Duration]:
    """Yield the durations of a text in their order. Where word and bracket differ, the bracket's number counts."""
    yield from sorted([*_counted(text), *_anniversaries(text)], key=lambda each: each.start)


def duration_of(text: str) -> str | None:
    """Return the first duration of a text in its normalised form."""
    return next((each.value for each in durations_in(text)), None)


def _counted(text: str) -> Iterator[Duration]:
    for match in _PATTERN.finditer(text):
        count = _number(match["bracket"] or match["digits"] or match["word"])
        unit = next(name for name in _UNITS if match[name])
        if 0 < count < _FIRST_CALENDAR_YEAR:
            yield Duration(match.start(), match.end(), count, unit)


def _anniversaries(text: str) -> Iterator[Duration]:
    for match in _ANNIVERSARY.finditer(text):
        count = int(match["digits"]) if match["digits"] else _ORDINALS[match["word"].lower()]
        if count:
            yield Duration(match.start(), match.end(), count, "year", is_anniversary=True)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else _NUMBERS[text.lower()]
