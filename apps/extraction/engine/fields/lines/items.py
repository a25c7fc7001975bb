"""A line of an invoice while it is put together, and its numbers mended where arithmetic proves how."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product
from typing import Final

from apps.extraction.engine.fields.lines.contents import fits
from apps.extraction.engine.fields.lines.headers import Role
from apps.extraction.engine.fields.lines.rows import Number, Row

_LONGEST_DESCRIPTION: Final = 400  # characters
_GROUP: Final = 1000


@dataclass
class Item:
    """A line of the invoice while it is put together."""

    numbers: dict[Role, Number] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    own_texts: int = 0  # how many of the texts stand above or beside the numbers; the others follow below

    def value(self, role: Role) -> Decimal | None:
        """Return the number of a column."""
        number = self.numbers.get(role)
        return number.value if number is not None else None

    @property
    def is_whole(self) -> bool:
        """Whether quantity times price makes the amount."""
        return fits(self.value("quantity"), self.value("unit_price"), self.value("amount"))

    @property
    def description(self) -> str:
        """Return what the line is for."""
        return " ".join(" ".join(self.texts).split())[:_LONGEST_DESCRIPTION]


def mended(item: Item) -> Item:
    """Return the item; where a number lost its thousands to a wide blank, with them, if the product then holds."""
    quantity = item.numbers.get("quantity")
    price, amount = item.numbers.get("unit_price"), item.numbers.get("amount")
    if quantity is None or price is None or amount is None or item.is_whole:
        return item
    for one, two in product(_writings(item, price), _writings(item, amount)):
        if fits(quantity.value, one.value, two.value):
            return replace(item, numbers={**item.numbers, "unit_price": one, "amount": two})
    return item


def _writings(item: Item, number: Number) -> Iterator[Number]:
    """Give a number as it stands, then with the digits that stand before it as its thousands."""
    yield number
    row = next((row for row in item.rows if number.words[0] in row.words), None)
    if row is None or not 0 <= number.value < _GROUP:
        return
    place = row.words.index(number.words[0])
    before = row.texts[place - 1].strip("€$£") if place else ""
    digits = "".join(character for character in row.texts[place] if character.isdigit())
    if before.isdecimal() and len(before) <= 3 and len(digits) - number.decimals == 3:
        yield replace(number, value=number.value + _GROUP * int(before), words=(row.words[place - 1], *number.words))
