"""Checks of values against each other and against the rules of their kind; each adds a sentence to what it concerns.

The sentences show; no confidence is changed here. What checks that fail mean for a probability was fitted to outcomes:
see `ranking/signs.py`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from msgspec import structs

from apps.extraction.engine.fields.normalise import identifiers
from apps.extraction.engine.fields.types import FieldReading, LineItem

_ROUNDING: Final = Decimal("0.05")  # the smallest coin that totals are rounded to, in Switzerland
_CENT: Final = Decimal("0.01")
_MOST_DAYS_AHEAD: Final = 366
_EARLIEST: Final = date(1980, 1, 1)
_DATES: Final = ("issue_date", "document_date", "date", "effective_date")
_AMOUNTS: Final = ("net_total", "tax_total", "grand_total", "total", "amount_due")


class Finding(NamedTuple):
    """A sentence and the values that it concerns."""

    keys: tuple[str, ...]
    sentence: str


class _Values:
    """The values of a document by key; a repeated key is known by its first value."""

    def __init__(self, values: Sequence[FieldReading]) -> None:
        self._first: dict[str, FieldReading] = {}
        for value in values:
            self._first.setdefault(value.key, value)

    def get(self, key: str) -> FieldReading | None:
        """Return the reading of a key."""
        return self._first.get(key)

    def text(self, key: str) -> str:
        """Return a value as text, empty where there is none."""
        reading = self._first.get(key)
        return reading.value if reading is not None and isinstance(reading.value, str) else ""

    def amount(self, key: str) -> Decimal | None:
        """Return an amount."""
        return number_of(self.text(key))

    def day(self, key: str) -> date | None:
        """Return a date."""
        try:
            return date.fromisoformat(self.text(key))
        except ValueError:
            return None

    def lines(self) -> list[LineItem]:
        """Return the line items."""
        reading = self._first.get("line_items")
        return reading.value if reading is not None and isinstance(reading.value, list) else []


def checked(values: Sequence[FieldReading], *, today: date | None = None) -> list[FieldReading]:
    """Return the values with what the checks say of them; `today` tells which dates lie ahead."""
    known = _Values(values)
    day = today or datetime.now(tz=UTC).date()
    sentences: dict[str, list[str]] = defaultdict(list)
    for finding in (*(found for check in _CHECKS for found in check(known)), *_plausible_dates(known, day)):
        for key in finding.keys:
            sentences[key].append(finding.sentence)
    return [
        structs.replace(value, checks=[*value.checks, *sentences.get(value.key, ())])
        if known.get(value.key) is value
        else value
        for value in values
    ]


def number_of(text: str) -> Decimal | None:
    """Return a decimal text as a number, None for what is none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _totals(known: _Values) -> Iterator[Finding]:
    net, tax, total = (known.amount(key) for key in ("net_total", "tax_total", "grand_total"))
    if net is None or tax is None or total is None:
        return
    keys = ("net_total", "tax_total", "grand_total")
    if abs(net + tax - total) <= _ROUNDING:
        yield Finding(keys, "ok: net and tax make the total")
    else:
        yield Finding(keys, f"failed: {net} net and {tax} tax make {net + tax}, not {total}")


def _line_sums(known: _Values) -> Iterator[Finding]:
    """Compare the lines with the net total, or with the total where prices include tax.

    Discounts and freight may stand below the lines, so a difference speaks against the lines only.
    """
    amounts = [number_of(line.amount) for line in known.lines()]
    told = [amount for amount in amounts if amount is not None]
    totals = {key: amount for key in ("net_total", "grand_total") if (amount := known.amount(key)) is not None}
    if not told or not totals:
        return
    made = sum(told, Decimal(0))
    slack = _ROUNDING + _CENT * len(told)
    agreeing = [key for key, amount in totals.items() if abs(made - amount) <= slack]
    if agreeing:
        yield Finding(("line_items", agreeing[0]), f"ok: the lines make the {_words(agreeing[0])}")
    else:
        key, amount = next(iter(totals.items()))
        yield Finding(("line_items",), f"failed: the lines make {made}, the {_words(key)} is {amount}")


def _rates(known: _Values) -> Iterator[Finding]:
    """Compare the tax with what the lines' rates make of their amounts, or the total's rate with whole percents."""
    net, tax = known.amount("net_total"), known.amount("tax_total")
    if net is None or tax is None or not net:
        return
    pairs = [(number_of(line.amount), number_of(line.tax_rate)) for line in known.lines()]
    told = [(amount, rate) for amount, rate in pairs if amount is not None and rate is not None]
    if told and len(told) == len(pairs) and abs(sum(amount for amount, _ in told) - net) <= _ROUNDING:
        made = sum((amount * rate / 100 for amount, rate in told), Decimal(0))
        if abs(made - tax) <= _ROUNDING + _CENT * len(told):
            yield Finding(("tax_total",), "ok: the lines' rates make the tax")
        else:
            yield Finding(("tax_total",), f"failed: the lines' rates make a tax of {made.quantize(_CENT)}, not {tax}")
        return
    rate = tax / net * 100
    whole = rate.to_integral_value()
    if whole and abs(net * whole / 100 - tax) <= 2 * _CENT:
        yield Finding(("tax_total",), f"ok: the tax is {whole} % of the net total")


def _order_of_days(known: _Values) -> Iterator[Finding]:
    for earlier, later, words in (
        ("issue_date", "due_date", "due {} it was issued"),
        ("effective_date", "expiration_date", "ends {} it begins"),
    ):
        first, second = known.day(earlier), known.day(later)
        if first is not None and second is not None:
            is_fine = first <= second
            sentence = words.format("not before" if is_fine else "before")
            yield Finding((earlier, later), f"{'ok' if is_fine else 'failed'}: {sentence}")


def _check_digits(known: _Values) -> Iterator[Finding]:
    kinds: tuple[tuple[str, Callable[[str], identifiers.Identifier | None]], ...] = (
        ("iban", identifiers.iban),
        ("seller_vat_id", identifiers.vat_id),
    )
    for key, read in kinds:
        number = read(known.text(key))
        if number is None and key == "iban" and known.text(key):
            yield Finding((key,), "failed: this has not the form of an IBAN")
        if number is not None:
            sentence = "ok: the check digits hold" if number.is_valid else "failed: the check digits do not hold"
            yield Finding((key,), sentence)


def _currencies(known: _Values) -> Iterator[Finding]:
    """Compare the currencies beside the amounts with each other and with that of the document."""
    beside = {key: value.currency for key in _AMOUNTS if (value := known.get(key)) is not None and value.currency}
    named = {"currency": known.text("currency")} if known.text("currency") else {}
    told = {**named, **beside}
    if len(told) < 2:
        return
    if len(set(told.values())) == 1:
        if named:
            yield Finding(("currency",), "ok: the amounts are in this currency")
    else:
        yield Finding(tuple(told), f"failed: amounts are told in {' and '.join(sorted(set(told.values())))}")


def _plausible_dates(known: _Values, today: date) -> Iterator[Finding]:
    for key in _DATES:
        day = known.day(key)
        if day is not None and (day - today).days > _MOST_DAYS_AHEAD:
            yield Finding((key,), "failed: lies more than a year ahead")
        elif day is not None and day < _EARLIEST:
            yield Finding((key,), f"failed: lies before {_EARLIEST.year}")


def _payment(known: _Values) -> Iterator[Finding]:
    """Compare the total with what a payment code asks for; less may be due than the total."""
    due, total = known.amount("amount_due"), known.amount("grand_total")
    if due is None or total is None:
        return
    if due == total:
        yield Finding(("grand_total",), "ok: the payment code asks for it")
    else:
        yield Finding(("grand_total",), f"note: the payment code asks for {due}")


def _words(key: str) -> str:
    return key.replace("_", " ")


_CHECKS: Final = (_totals, _line_sums, _rates, _order_of_days, _check_digits, _currencies, _payment)
