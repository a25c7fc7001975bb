"""Values, methods, checks and kinds of entities in words for a person."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

METHODS: Final = {"EMBEDDED": "stated by the file", "RULE": "rule", "MODEL": "model", "HUMAN": "person"}
KINDS: Final = {
    "text": "Text",
    "date": "Date",
    "amount": "Amount of money",
    "number": "Number",
    "boolean": "Yes or no",
    "identifier": "Number or code",
    "table": "Table",
}
HINTS: Final = {
    "date": "2026-03-31, or as the page has it",
    "amount": "1234.50, or as the page has it",
    "number": "12.5",
}
ENTITY_KINDS: Final = {
    "person": ("People", "user"),
    "organization": ("Organisations", "building"),
    "location": ("Places", "map-pin"),
    "date": ("Dates", "calendar"),
    "money": ("Money", "coin"),
    "email": ("E-mail", "mail"),
    "phone": ("Phone", "phone"),
    "url": ("Web addresses", "link"),
    "iban": ("Bank accounts", "database"),
    "vat_id": ("VAT ids", "percentage"),
    "address": ("Addresses", "home"),
}
_TONES: Final = {"ok": "ok", "failed": "bad", "note": "note"}
_DECIMALS: Final = 2


@dataclass(frozen=True)
class Check:
    """One check of a value; `tone` is ok, bad or note."""

    tone: str
    text: str


def check_of(told: str) -> Check:
    """Take a check's sentence apart: `failed: the sum is another` is bad."""
    kind, _, text = told.partition(":")
    if kind in _TONES:
        return Check(_TONES[kind], _sentence(text))
    return Check("note", _sentence(told))


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:]


def shown_value(value_type: str, value: str, *, currency: str = "", key: str = "") -> str:
    """Write a normalised value as people read it: `20 November 2026`, `1,234.50 EUR`, an IBAN in groups."""
    if value_type == "date":
        return shown_date(value)
    if value_type in {"amount", "number"}:
        number = shown_number(value, money=value_type == "amount")
        return f"{number} {currency}".rstrip()
    if value_type == "boolean":
        return {"true": "Yes", "false": "No"}.get(value, value)
    if key == "iban":
        return " ".join(value[start : start + 4] for start in range(0, len(value), 4))
    return value


def shown_date(value: str) -> str:
    """Write an ISO date in words; other texts stay as they are."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.day} {day:%B %Y}"


def shown_number(value: str, *, money: bool) -> str:
    """Group a number's thousands; money has two decimals at least. Other texts stay as they are."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite():
        return value
    exponent = (number.normalize() if money else number).as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return f"{number:,.{max(decimals, _DECIMALS) if money else decimals}f}"
