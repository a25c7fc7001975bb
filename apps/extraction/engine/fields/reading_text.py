"""From a text that somebody pointed at to a field's normalised value, with the other texts of the page as context."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from apps.extraction.engine.fields.normalise.amounts import amounts_in, currency_of, decimal_mark
from apps.extraction.engine.fields.normalise.date_order import is_day_first
from apps.extraction.engine.fields.normalise.dates import date_of
from apps.extraction.engine.fields.normalise.identifiers import iban, vat_id

_EDGES: Final = " \t,;:"
_TRUE: Final = frozenset({"true", "yes", "ja", "oui", "x", "\u2713", "\u2714", "\u2611", "\u2612"})
_FALSE: Final = frozenset({"false", "no", "nein", "non", "", "\u2610"})


class TypedText(NamedTuple):
    """A normalised value; `currency` in ISO 4217 where the text named one."""

    value: str
    currency: str = ""


def typed_text(
    key: str, value_type: str, raw_text: str, *, around: Sequence[str] = (), language: str | None = None
) -> TypedText | None:
    """Return what a text says as a value of a field, None where it says nothing of that type.

    `around` are texts of the same document: they tell whether days come before months, and what the decimal mark is.
    """
    text = " ".join(raw_text.split()).strip(_EDGES)
    if value_type == "date":
        day = date_of(text, day_first=is_day_first([text, *around], language))
        return TypedText(day) if day else None
    if value_type in {"amount", "number"}:
        return _number(value_type, text, around)
    if value_type == "boolean":
        word = text.casefold()
        return TypedText("true") if word in _TRUE else TypedText("false") if word in _FALSE else None
    if not any(character.isalnum() for character in text) and key != "currency":
        return None
    return TypedText(_named(key, text))


def _number(value_type: str, text: str, around: Sequence[str]) -> TypedText | None:
    found = next(amounts_in(text, mark=decimal_mark([text, *around]), places=" ".join(around).lower()), None)
    if found is None:
        return None
    return TypedText(found.value, found.currency if value_type == "amount" else "")


def _named(key: str, text: str) -> str:
    """Return the one form of what a key promises to be, else the text itself."""
    if key == "currency":
        return currency_of(text.rstrip(".")) or text
    if key == "iban" or key.endswith("_iban"):
        account = iban(text)
        return account.value if account else text
    if key.endswith("vat_id"):
        number = vat_id(text)
        return number.value if number else text
    return text
