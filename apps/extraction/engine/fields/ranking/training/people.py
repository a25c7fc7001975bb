"""Companies, people and places of generated documents: made of parts, so that no name repeats often."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from apps.extraction.engine.fields.normalise.amounts import DecimalMark

_PARTS = Path(__file__).with_name("people.toml")
_LENGTHS = {"ATU": 8, "BE0": 9, "FR": 11}  # of VAT ids, in digits; nine elsewhere
_ACCOUNTS = {"DE": 18, "FR": 23, "GB": 14, "NL": 10, "IE": 14}  # digits behind the check digits of an IBAN
_ENGLISH_SIGNS = {
    "USD": ["$", "$", "US$", "USD", ""],
    "GBP": ["£", "£", "GBP", ""],
    "EUR": ["€", "EUR", ""],
    "MYR": ["RM", "RM", "", "MYR"],
}


@cache
def _parts(language: str) -> dict[str, list[str]]:
    """Return the parts of names of a language and those of all."""
    found: dict[str, dict[str, list[str]]] = tomllib.loads(_PARTS.read_text())
    return {**found["any"], **found[language]}


@dataclass(frozen=True)
class Party:
    """A company or person with what documents print of it."""

    name: str
    person: str
    street: list[str]
    town: str
    country: str
    phone: str
    domain: str
    vat_id: str
    iban: str

    @property
    def address(self) -> list[str]:
        """Return the lines of the address."""
        return [*self.street, self.town]


@dataclass(frozen=True)
class Money:
    """How a document writes amounts."""

    mark: DecimalMark
    group: str
    sign: str
    code: str
    before: bool
    spaced: bool

    def plain(self, cents: int) -> str:
        """Return an amount without its sign."""
        whole, rest = divmod(abs(cents), 100)
        digits = f"{whole:,}".replace(",", self.group) if self.group else str(whole)
        return f"{'-' if cents < 0 else ''}{digits}{self.mark or '.'}{rest:02d}"

    def shown(self, cents: int) -> str:
        """Return an amount with its sign, if it has one."""
        blank = " " if self.spaced else ""
        text = self.plain(cents)
        return f"{self.sign}{blank}{text}" if self.before else f"{text}{blank}{self.sign}" if self.sign else text


def party(rng: random.Random, language: str) -> Party:
    """Return a made-up company or, now and then, a person."""
    parts = _parts(language)
    first, last = rng.choice(parts["first_names"]), rng.choice(parts["last_names"])
    name = _company(rng, parts) if rng.random() < 0.8 else f"{first} {last}"
    if rng.random() < 0.2:
        name = name.upper()
    street, town = _address(rng, parts)
    digits = "".join(rng.choice("0123456789") for _ in range(24))
    prefix = rng.choice(parts["vat_prefixes"])
    country = {"de": "DE", "fr": "FR"}.get(language) or rng.choice(["GB", "NL", "IE", "DE"])
    bank = "" if country in {"DE", "FR"} else "".join(rng.choice("ABCDEGHKLNR") for _ in range(4))
    phones = [
        f"+{digits[:2]} {digits[2:5]} {digits[5:11]}",
        f"0{digits[:3]}-{digits[3:10]}",
        f"({digits[:3]}) {digits[3:6]}-{digits[6:10]}",
    ]
    return Party(
        name=name,
        person=f"{first} {last}",
        street=street,
        town=town,
        country=rng.choice(parts["countries"]),
        phone=rng.choice(phones),
        domain="".join(filter(str.isalnum, name.lower().split()[0])) + rng.choice([".com", ".de", ".fr", ".net"]),
        vat_id=prefix + digits[: _LENGTHS.get(prefix, 9)],
        iban=_checked_iban(country, bank + digits[: _ACCOUNTS[country]]),
    )


def _address(rng: random.Random, parts: dict[str, list[str]]) -> tuple[list[str], str]:
    """Return the lines of a street and that of a town."""
    numbers = {"n": rng.randint(1, 399), "m": rng.randint(1, 30), "k": rng.randint(1, 20)}
    street = [rng.choice(parts["streets"]).format(w=rng.choice(parts["street_words"]), **numbers)]
    if rng.random() < 0.15:
        street.insert(0, rng.choice(["Building A", "2nd floor", "Haus 3", "Bâtiment C", "Taman Maju", "Ground Floor"]))
    outward = f"{rng.choice('ABCEGLNS')}{rng.choice('BEHLNRW')}{rng.randint(1, 20)}"
    place = {
        "z": f"{rng.randint(10_000, 98_999)}",
        "t": rng.choice(parts["town_names"]),
        "s": rng.choice(parts["states"]),
        "u": f"{outward} {rng.randint(1, 9)}{rng.choice('ABDEFG')}{rng.choice('ABDEHJ')}",
    }
    return street, rng.choice(parts["towns"]).format(**place)


def _company(rng: random.Random, parts: dict[str, list[str]]) -> str:
    form = rng.choice(parts["forms"])
    last = rng.choice(parts["last_names"])
    if rng.random() < 0.06:  # names with words that are labels elsewhere
        return f"{rng.choice(parts['treacherous'])} {form} {rng.choice(['', '', 'Mitte', last])}".strip()
    head, middle = rng.choice(parts["heads"]), rng.choice(parts["middles"]).replace("_", " ")
    shapes = [
        f"{head} {middle}",
        f"{head}{middle.lower()}",
        f"{head} & {last}",
        f"{middle} {last}",
        f"{head} {rng.choice(parts['heads'])} {middle}",
        head + rng.choice(["co", "tec", "ia", "ex"]),
    ]
    return f"{rng.choice(shapes)} {form}".strip()


def _checked_iban(country: str, account: str) -> str:
    """Return an IBAN with right check digits (ISO 7064, mod 97-10)."""
    digits = "".join(str(int(character, 36)) for character in f"{account}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{account}"


def money(rng: random.Random, language: str) -> Money:
    """Return a way to write amounts that is usual where the language is spoken."""
    if language == "de":
        code = rng.choice(["EUR", "EUR", "EUR", "CHF"])
        mark: DecimalMark = "," if code == "EUR" else "."
        group = rng.choice([".", ".", " ", ""]) if code == "EUR" else "'"
        sign = rng.choice(["€", "€", "EUR", ""]) if code == "EUR" else rng.choice(["CHF", ""])
        return Money(mark, group, sign, code, before=rng.random() < 0.15, spaced=rng.random() < 0.85)
    if language == "fr":
        sign = rng.choice(["€", "€", "EUR", ""])
        return Money(
            ",", rng.choice([" ", " ", ".", ""]), sign, "EUR", before=rng.random() < 0.3, spaced=rng.random() < 0.8
        )
    code = rng.choice(sorted(_ENGLISH_SIGNS))
    signs = _ENGLISH_SIGNS[code]
    sign = rng.choice(signs)
    return Money(
        ".", rng.choice([",", ",", ""]), sign, code, before=sign != code and rng.random() < 0.9, spaced=len(sign) > 1
    )
