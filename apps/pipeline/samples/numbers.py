"""Check digits of bank and tax numbers, and how amounts and dates are written in each country."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Locale = Literal["en", "us", "de", "fr"]

_MONTHS: dict[Locale, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
}  # fmt: skip


def iban(country: str, bban: str) -> str:
    """Return the IBAN without spaces; its check digits follow ISO 7064 (mod 97-10)."""
    digits = "".join(str(int(character, 36)) for character in f"{bban}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{bban}"


def spaced(number: str, group: int = 4) -> str:
    """Return `number` in groups of `group` characters, as IBANs are printed."""
    return " ".join(number[start : start + group] for start in range(0, len(number), group))


def german_vat(base: str) -> str:
    """Return a German VAT id from eight digits; the ninth follows ISO 7064 (mod 11,10)."""
    product = 10
    for digit in base:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return f"DE{base}{(11 - product) % 10}"


def french_vat(siren: str) -> str:
    """Return a French VAT id from the nine digits of a SIREN."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def british_vat(base: str) -> str:
    """Return a British VAT id from seven digits (weights 8 to 2, mod 97)."""
    total = sum(int(digit) * weight for digit, weight in zip(base, range(8, 1, -1), strict=True))
    return f"GB{base}{97 - total % 97:02d}"


def belgian_vat(base: str) -> str:
    """Return a Belgian VAT id from the eight digits before its check (mod 97)."""
    return f"BE{base}{97 - int(base) % 97:02d}"


def swiss_vat(base: str) -> str:
    """Return a Swiss VAT id from eight digits (weights 5 4 3 2 7 6 5 4, mod 11) that give no ten."""
    total = sum(int(digit) * weight for digit, weight in zip(base, (5, 4, 3, 2, 7, 6, 5, 4), strict=True))
    return f"CHE{base}{(11 - total % 11) % 11}"


def cents(value: Decimal) -> Decimal:
    """`value` rounded half up to two places, as tax offices ask for."""
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def amount(value: Decimal, locale: Locale = "en", *, places: int = 2) -> str:
    """`value` with the thousands and decimal signs of `locale`."""
    text = f"{value:,.{places}f}"
    signs = {"de": str.maketrans(",.", ".,"), "fr": str.maketrans(",.", "\u00a0,")}
    return text.translate(signs.get(locale, {}))


def short_date(day: date, locale: Locale = "en") -> str:
    """`day` in figures: 07/11/2026 (en, fr), 11/07/2026 (us) or 07.11.2026 (de)."""
    pattern = {"us": "%m/%d/%Y", "de": "%d.%m.%Y"}.get(locale, "%d/%m/%Y")
    return day.strftime(pattern)


def long_date(day: date, locale: Locale = "en") -> str:
    """`day` with the month's name, in the order `locale` writes it."""
    if locale == "us":
        return f"{_MONTHS['en'][day.month - 1]} {day.day}, {day.year}"
    dot = "." if locale == "de" else ""
    return f"{day.day}{dot} {_MONTHS[locale][day.month - 1]} {day.year}"


def month_name(day: date, locale: Locale = "en") -> str:
    """Return the month of `day` with its year, for example October 2026."""
    return f"{_MONTHS['en' if locale == 'us' else locale][day.month - 1]} {day.year}"
