"""What a generated invoice is about before it is laid out: parties, numbers, lines and sums, and how it writes them."""

import random
import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from apps.extraction.engine.fields.ranking.training.people import Money, Party, money, party
from apps.extraction.engine.types import PageReading

_WORDINGS = Path(__file__).with_name("wordings.toml")
_RATES = {"en": [20, 6, 10, 21, 5], "de": [19, 19, 7], "fr": [20, 20, 10]}


@dataclass
class Generated:
    """A generated document and what it says: normalised values by key."""

    page: PageReading
    truth: dict[str, str]
    language: str


@cache
def wordings() -> dict[str, dict[str, list[str]]]:
    """Return what generated documents print, by language."""
    found: dict[str, dict[str, list[str]]] = tomllib.loads(_WORDINGS.read_text())
    return found


@dataclass
class Facts:
    """What an invoice is about, before it is laid out."""

    rng: random.Random
    language: str
    seller: Party
    buyer: Party
    money: Money
    issued: date
    due: date
    number: str
    order: str
    lines: list[tuple[str, int, int, int]]  # description, quantity, price and rate; cents and percent
    extra: int = 0  # cents of shipping, less discount
    with_tax: bool = True
    original: str = ""  # of a credit note: the number of the invoice that it takes back
    date_format: str = "%d.%m.%Y"
    truth: dict[str, str] = field(default_factory=dict)

    @property
    def sums(self) -> tuple[int, int]:
        """Return net and tax in all, in cents."""
        found = self.taxes.values()
        return sum(net for net, _ in found), sum(tax for _, tax in found)

    def say(self, key: str) -> str:
        """Return a wording of something."""
        return self.rng.choice(wordings()[self.language][key])

    def day(self, value: date) -> str:
        """Return a date as this document writes it."""
        month = wordings()[self.language]["months"][value.month - 1]
        return value.strftime(self.date_format.replace("%B", month).replace("%b", month[:3]))

    @property
    def taxes(self) -> dict[int, tuple[int, int]]:
        """Return net and tax by rate."""
        found: dict[int, tuple[int, int]] = {}
        for place, (_, quantity, price, rate) in enumerate(self.lines):
            net = quantity * price + (self.extra if place == 0 else 0)
            found[rate] = (found.get(rate, (0, 0))[0] + net, 0)
        if not self.with_tax:
            return {0: (sum(net for net, _ in found.values()), 0)}
        return {rate: (net, round(net * rate / 100)) for rate, (net, _) in found.items()}


def number_like(rng: random.Random, issued: date, prefixes: str) -> str:
    """Return a document's number in one of the usual shapes."""
    digits = f"{rng.randint(1, 99_999):0{rng.choice([3, 4, 5, 6])}d}"
    prefix = rng.choice(prefixes.split())
    return rng.choice([
        digits, f"{prefix}{digits}", f"{prefix}-{digits}", f"{prefix}/{issued:%Y}/{digits}", f"{issued:%Y}-{digits}",
        f"{issued:%Y%m%d}-{digits[:3]}", f"{prefix}-{issued:%Y}-{digits}", f"{rng.randint(100_000, 9_999_999)}",
        f"{prefix}{issued:%m}/{issued:%Y}/{digits}", f"{issued:%y}{digits}", f"{prefix} {digits}",
        f"{digits}/{issued:%y}",
    ])  # fmt: skip


def decimal(cents: int) -> str:
    """Return cents as a decimal with a point."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _numbers(rng: random.Random, issued: date) -> tuple[str, str]:
    """Return a document's own number and, for a credit note, that of the invoice it takes back."""
    number = number_like(rng, issued, "INV RE FA R F INVOICE FAC RG IN FACT")
    if rng.random() < 0.08:
        return number_like(rng, issued, "CN GS AV CR G C A AVOIR GU CM INV RE FA"), number
    return number, ""


def facts_of(rng: random.Random) -> Facts:
    """Return what one invoice is about."""
    language = rng.choice(["en", "en", "de", "de", "fr", "fr"])
    issued = date(2010, 1, 1) + timedelta(days=rng.randint(0, 6_000))
    choices = {
        "en": [
            "%d/%m/%Y",
            "%d %B %Y",
            "%B %d, %Y",
            "%Y-%m-%d",
            "%d-%b-%Y",
            "%d %b %y",
            "%d.%m.%Y",
            "%b %d, %Y",
            "%d/%m/%y",
        ],
        "de": ["%d.%m.%Y", "%d.%m.%Y", "%d.%m.%y", "%d. %B %Y", "%Y-%m-%d"],
        "fr": ["%d/%m/%Y", "%d/%m/%Y", "%d %B %Y", "%d/%m/%y", "%Y-%m-%d", "%d.%m.%Y"],
    }
    rates = rng.choices(_RATES[language], k=rng.choice([1, 1, 2]))
    products = wordings()[language]["items"]
    count = rng.choice([1, 1, 2, 3, 4, 5, 8, 12])
    sign = -1 if rng.random() < 0.05 else 1  # a correction takes back
    lines = [
        (
            rng.choice(products),
            sign * rng.randint(1, 40),
            rng.randint(90, 90_000) // rng.choice([1, 5, 1]),
            rng.choice(rates),
        )
        for _ in range(count)
    ]
    number, original = _numbers(rng, issued)
    return Facts(
        rng=rng,
        language=language,
        seller=party(rng, language),
        buyer=party(rng, rng.choice([language, language, "en"])),
        money=money(rng, language),
        issued=issued,
        due=issued + timedelta(days=rng.choice([0, 7, 14, 15, 30, 30, 45, 60])),
        number=number,
        original=original,
        order=number_like(rng, issued, "PO SO BC ORD A B P BE AB"),
        lines=lines,
        extra=rng.choice([0, 0, 0, 0, 590, 1500]),
        with_tax=rng.random() < 0.93,
        date_format=rng.choice(choices[language]),
    )
