"""From what an e-invoice states to values: normalised, with the checks that need nothing but the value itself."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

import msgspec

from apps.extraction.engine.fields.embedded.statement import StatedLine, Statement
from apps.extraction.engine.fields.normalise import identifiers
from apps.extraction.engine.fields.types import FieldReading, LineItem, ValueType

PRODUCER: Final = "einvoice-1"
_PLACES: Final = 2  # of an amount of money, at least
_DAY: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d{7})")  # ISO 8601, and the formats 102 and 203 of EDIFACT
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})$")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_DECIMAL_COMMA: Final = re.compile(r"[+-]?\d+,\d+")
_LARGEST: Final = 18  # digits before the point


def values_of(statement: Statement) -> list[FieldReading]:
    """Return the values in the order of the schema; what is missing or makes no sense is left out."""
    return list(_values(statement))


def _values(stated: Statement) -> Iterator[FieldReading]:
    currency = stated.currency.upper() if _CURRENCY.fullmatch(stated.currency.upper()) else ""
    issuer = stated.buyer if stated.is_order else stated.seller
    dues = sorted({day for text in stated.due if (day := day_of(text))})
    yield from _plain("invoice_number", stated.number, "identifier")
    yield from _day("issue_date", stated.issued)
    if dues:  # the last one: earlier terms are those with a discount
        raw = next(text for text in stated.due if day_of(text) == dues[-1])
        yield from _day("due_date", raw)
    yield from _plain("order_reference", stated.order, "identifier")
    yield from _plain("currency", currency, "text")
    yield from _plain("seller_name", stated.seller, "text")
    yield from _vat_id(stated.seller_vat)
    yield from _plain("buyer_name", stated.buyer, "text")
    yield from _accounts(stated.accounts)
    for key, text in (("net_total", stated.net), ("tax_total", stated.tax), ("grand_total", stated.total)):
        yield from _amount(key, text, currency)
    yield from _lines(stated.lines, currency)
    yield from _plain("sender", issuer, "text")
    yield from _day("document_date", stated.issued)


def day_of(text: str) -> str:
    """Return the day that a text begins with as ISO 8601, an empty text where there is none."""
    found = _DAY.match(text)
    parts = found.groups() if found else tuple(reversed(day.groups())) if (day := _DAY_FIRST.match(text)) else None
    try:
        return date(*map(int, parts)).isoformat() if parts else ""
    except ValueError:
        return ""


def decimal_of(text: str) -> Decimal | None:
    """Return a number of XML, None for what is none; a comma in the point's place is forgiven."""
    plain = text.replace(" ", "")
    if _DECIMAL_COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    if not number.is_finite() or (number and abs(number.adjusted()) >= _LARGEST):  # a tiny one has as many zeros
        return None
    return number


def decimal_text(number: Decimal | None, *, places: int = 0) -> str:
    """Return a number without needless zeros, but with that many places at least."""
    if number is None:
        return ""
    shown = format(number.normalize() if number else Decimal(0), "f")
    whole, _, rest = shown.partition(".")
    rest = rest.ljust(places, "0")
    return f"{whole}.{rest}" if rest else whole


def embedded(
    key: str,
    value: str | list[LineItem],
    kind: ValueType,
    raw: str,
    *,
    currency: str = "",
    producer: str = PRODUCER,
) -> FieldReading:
    """Return a value that the file states of itself; its place on a page, if any, is found later."""
    return FieldReading(
        key=key,
        value=value,
        value_type=kind,
        raw_text=raw,
        method="embedded",
        producer=producer,
        currency=currency,
    )


def _plain(key: str, text: str, kind: ValueType) -> Iterator[FieldReading]:
    if text:
        yield embedded(key, text, kind, text)


def _day(key: str, text: str) -> Iterator[FieldReading]:
    if day := day_of(text):
        yield embedded(key, day, "date", text)


def _amount(key: str, text: str, currency: str) -> Iterator[FieldReading]:
    number = decimal_of(text)
    if number is not None:
        yield embedded(key, decimal_text(number, places=_PLACES), "amount", text, currency=currency)


def _vat_id(text: str) -> Iterator[FieldReading]:
    found = identifiers.vat_id(text)
    if found is not None or text:
        yield embedded("seller_vat_id", found.value if found else text, "identifier", text)


def _accounts(texts: list[str]) -> Iterator[FieldReading]:
    """Give the first account, the others as its alternatives; one without the form of an IBAN only if there is none."""
    found = {text: number.value for text in texts if (number := identifiers.iban(text)) is not None}
    if not found:
        found = {text: text for text in texts[:1] if text}
    readings = [embedded("iban", value, "identifier", text) for text, value in found.items()]
    if readings:
        yield msgspec.structs.replace(readings[0], alternatives=readings[1:])


def _lines(lines: list[StatedLine], currency: str) -> Iterator[FieldReading]:
    """Give the lines; those that only carry a remark are left out."""
    items = [_line(line) for line in lines if line.description and (line.amount or line.quantity or line.unit_price)]
    if items:
        yield embedded("line_items", items, "table", f"{len(items)} lines", currency=currency)


def _line(line: StatedLine) -> LineItem:
    price, base = decimal_of(line.unit_price), decimal_of(line.base_quantity)
    if price is not None and base is not None and base > 0:
        price = price / base
    return LineItem(
        description=line.description,
        quantity=decimal_text(decimal_of(line.quantity)),
        unit_price=decimal_text(price, places=_PLACES),
        amount=decimal_text(decimal_of(line.amount), places=_PLACES),
        tax_rate=decimal_text(decimal_of(line.tax_rate)),
    )
