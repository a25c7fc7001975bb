"""Contracts of our own making with known values: material for tests and for training in three languages."""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from apps.extraction.engine.types import PageReading, Word

Language = Literal["en", "de", "fr"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "de", "fr")
_PHRASES: Final = Path(__file__).with_name("phrases.toml")
_TERMS: Final = (
    ("1", "year"),
    ("2", "year"),
    ("3", "year"),
    ("5", "year"),
    ("12", "month"),
    ("18", "month"),
    ("6", "month"),
)
_LINE_CHARACTERS: Final = 90
_LINES: Final = 52
_LEFT, _TOP, _LINE_HEIGHT, _CHARACTER = 0.12, 0.06, 0.017, 0.0084  # as fractions of the page
_SPACE: Final = 0.4  # width of a blank, in characters


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """The words and sentences of a language; braces hold what differs from contract to contract."""

    trades: list[str]
    forms: list[str]
    first_names: list[str]
    last_names: list[str]
    cities: list[str]
    months: list[str]
    laws: list[tuple[str, str]]  # the place, and how its law is named
    titles: list[str]
    openings: list[tuple[str, bool]]  # an opening, and whether it says since when the contract holds
    recitals: list[str]
    fillers: list[str]
    terms: list[str]
    governing: list[str]
    signatures: list[list[str]]
    durations: dict[str, str]


class Books(msgspec.Struct, frozen=True, kw_only=True):
    """All languages, and the words that companies are named by."""

    company_words: list[str]
    en: Book
    de: Book
    fr: Book

    def of(self, language: Language) -> Book:
        """Return the book of a language."""
        return {"en": self.en, "de": self.de, "fr": self.fr}[language]


@cache
def books() -> Books:
    """Return what contracts are made of."""
    return msgspec.convert(tomllib.loads(_PHRASES.read_text(encoding="utf-8")), Books)


@dataclass(frozen=True)
class GeneratedContract:
    """A contract's pages and what they say: values by key, as an extractor should give them."""

    language: Language
    pages: list[PageReading]
    truth: dict[str, list[str]]


def generate(count: int, *, seed: int) -> list[GeneratedContract]:
    """Make contracts; the same seed gives the same ones."""
    chance = random.Random(seed)  # noqa: S311  (variety, no secret)
    return [_contract(chance, LANGUAGES[index % 4 % 3]) for index in range(count)]


def _contract(chance: random.Random, language: Language) -> GeneratedContract:
    book = books().of(language)
    parties = [_company(chance, language)]
    parties.append(_person(chance, language) if chance.random() < 0.4 else _company(chance, language))
    chance.shuffle(parties)
    start = date(1996, 1, 1) + timedelta(days=chance.randrange(365 * 28))
    place, law = chance.choice(book.laws)
    truth = {"party": parties, "jurisdiction": [place]}
    filled = {
        "one": parties[0],
        "other": parties[1],
        "city": chance.choice(book.cities),
        "date": _written(start, language, chance),
        "old_date": _written(start - timedelta(days=chance.randrange(30, 900)), language, chance),
        "law": law,
        "elsewhere": chance.choice([other for name, other in book.laws if name != place]),
        "third": _company(chance, language),
        "other_months": str(chance.choice((6, 9, 12, 18, 24))),
        "days": str(chance.choice((10, 14, 30, 60, 90))),
        "signer": _person(chance, language),
    }
    opening, dated = chance.choice(book.openings)
    if dated:
        truth["effective_date"] = [start.isoformat()]
    count, unit = chance.choice(_TERMS)
    paragraphs = [chance.choice(book.titles), opening, *_some(chance, book.recitals, 1, 2)]
    clauses = _some(chance, book.fillers, 4, 9)
    if chance.random() < 0.55:
        truth["term"] = [f"{count} {unit}{'' if count == '1' else 's'}"]
        filled["term"] = book.durations[f"{count} {unit}"]
        clauses.insert(chance.randrange(len(clauses)), chance.choice(book.terms))
    clauses.append(chance.choice(book.governing))
    paragraphs += [f"{number}. {clause}" for number, clause in enumerate(clauses, start=1)]
    paragraphs += chance.choice(book.signatures)
    return GeneratedContract(language, _pages([text.format(**filled) for text in paragraphs], language), truth)


def _some(chance: random.Random, choices: Sequence[str], least: int, most: int) -> list[str]:
    return chance.sample(list(choices), min(len(choices), chance.randint(least, most)))


def _company(chance: random.Random, language: Language) -> str:
    book = books().of(language)
    words = chance.sample(books().company_words, chance.randint(1, 2))
    return " ".join([*words, chance.choice(book.trades), chance.choice(book.forms)]).replace(" ,", ",")


def _person(chance: random.Random, language: Language) -> str:
    book = books().of(language)
    middle = [f"{chance.choice('ABDEGHJKLMRST')}."] if language == "en" and chance.random() < 0.5 else []
    return " ".join([chance.choice(book.first_names), *middle, chance.choice(book.last_names)])


def _written(day: date, language: Language, chance: random.Random) -> str:
    month = books().of(language).months[day.month - 1]
    if language == "de":
        return chance.choice((f"{day.day}. {month} {day.year}", f"{day.day:02}.{day.month:02}.{day.year}"))
    if language == "fr":
        return f"{'1er' if day.day == 1 else day.day} {month} {day.year}"
    ending = "th" if 10 < day.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    usual = (
        f"{month} {day.day}, {day.year}",
        f"this {day.day}{ending} day of {month}, {day.year}",
        f"{day.day} {month} {day.year}",
    )
    return chance.choices(usual, (0.6, 0.25, 0.15))[0]


def _pages(paragraphs: Sequence[str], language: Language) -> list[PageReading]:
    """Set paragraphs in lines and pages of words with boxes; a tab begins the right column, a line break a line."""
    lines = [line for text in paragraphs for line in (*_wrapped(text), "")]
    return [
        _page(number, lines[start : start + _LINES], language)
        for number, start in enumerate(range(0, len(lines), _LINES), start=1)
    ]


def _wrapped(text: str) -> list[str]:
    found = []
    for line in text.split("\n"):
        if "\t" in line:
            found.append(line)
            continue
        current = ""
        for word in line.split():
            if current and len(current) + len(word) >= _LINE_CHARACTERS:
                found.append(current)
                current = word
            else:
                current = f"{current} {word}".strip()
        found.append(current)
    return found


def _page(number: int, lines: Sequence[str], language: Language) -> PageReading:
    words = []
    for place, line in enumerate(lines):
        y0 = _TOP + place * _LINE_HEIGHT
        for column, part in enumerate(line.split("\t")):
            x0 = _LEFT + column * 0.42
            for text in part.split():
                x1 = x0 + len(text) * _CHARACTER
                words.append(Word(round(x0, 4), round(y0, 4), round(x1, 4), round(y0 + 0.012, 4), text))
                x0 = x1 + _SPACE * _CHARACTER
    return PageReading(
        number=number, width=612, height=792, rotation=0, text="\n".join(lines).replace("\t", " "),
        text_source="native", words=words, language=language,
    )  # fmt: skip
