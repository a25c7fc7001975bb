"""Where on the pages an embedded value is printed, in whichever usual writing."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import Final, TypeAlias

from msgspec import structs

from apps.extraction.engine.fields.normalise.amounts import amounts_in
from apps.extraction.engine.fields.normalise.dates import dates_in
from apps.extraction.engine.fields.running import RunningText
from apps.extraction.engine.fields.types import FieldReading
from apps.extraction.engine.types import PageReading

Span: TypeAlias = tuple[int, int]
_BETWEEN: Final = r"[\W_]*"  # what may be printed between two letters or digits of a value
_SHORTEST: Final = 2  # letters or digits: less is found anywhere
_LONGEST: Final = 300
# Totals stand below what they sum up, everything else is first named where it belongs.
_LAST: Final = frozenset({"net_total", "tax_total", "grand_total", "amount_due"})


def placed(values: Sequence[FieldReading], pages: Sequence[PageReading]) -> list[FieldReading]:
    """Return the values; those printed on a page with its number, the box and the words that show them."""
    if not any(_is_to_be_found(value) for value in values):
        return list(values)
    running = RunningText(pages)
    if not running.text:
        return list(values)
    places = _Places(running)
    return [_placed(value, places) for value in values]


def _is_to_be_found(value: FieldReading) -> bool:
    return value.page is None and value.value_type != "table"


class _Places:
    """The amounts and dates of a running text by their values, searched once."""

    def __init__(self, running: RunningText) -> None:
        self.running = running
        self.amounts: dict[Decimal, list[Span]] = {}
        self.dates: dict[str, list[Span]] = {}
        self.currencies: dict[str, list[Span]] = {}
        for amount in amounts_in(running.text):
            self.currencies.setdefault(amount.currency, []).append((amount.start, amount.end))
            # Credit notes print what they pay back with or without a sign.
            self.amounts.setdefault(abs(Decimal(amount.value)), []).append((amount.start, amount.end))
        text = running.text
        for day in chain(dates_in(text, day_first=True), dates_in(text, day_first=False)):
            self.dates.setdefault(day.value, []).append((day.start, day.end))

    def spans(self, value: FieldReading) -> Iterator[Span]:
        """Give the stretches of text that show a value, in their order."""
        shown = str(value.value)
        if value.value_type == "amount":
            yield from self.amounts.get(abs(Decimal(shown)), ())
        elif value.value_type == "date":
            yield from self.dates.get(shown, ())
        elif value.key == "currency":
            yield from self._writings(shown)
            yield from self.currencies.get(shown, ())  # by its sign, which alone is no text to point at
        else:
            yield from self._writings(shown)

    def _writings(self, text: str) -> Iterator[Span]:
        letters = [character for character in text[:_LONGEST] if character.isalnum()]
        if len(letters) < _SHORTEST:
            return
        pattern = _BETWEEN.join(re.escape(letter) for letter in letters)
        for match in re.finditer(rf"(?<![^\W_]){pattern}(?![^\W_])", self.running.text, re.IGNORECASE):
            yield match.span()


def _placed(value: FieldReading, places: _Places) -> FieldReading:
    if not _is_to_be_found(value):
        return value
    spans = list(places.spans(value))
    for span in reversed(spans) if value.key in _LAST else spans:
        shown = places.running.reading(
            span, key=value.key, value=str(value.value), value_type=value.value_type, producer=value.producer
        )
        if shown is not None:
            return structs.replace(value, page=shown.page, box=shown.box, words=shown.words, raw_text=shown.raw_text)
    return value
