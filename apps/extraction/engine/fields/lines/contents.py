"""Columns by what stands in them: of the columns of numbers below a head, which are quantity, price and amount.

Heads are worded in many ways, and some wrongly; but quantity times price makes the amount.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, permutations, product
from typing import Final

from apps.extraction.engine.fields.lines.headers import Column, Role
from apps.extraction.engine.fields.lines.rows import Number, Row

_MOST_NUMBERS: Final = 600
_MOST_STACKS: Final = 12
_SHARED: Final = 0.5  # of the narrower number: so much lies over another one of its column
_LEAST_FITTING: Final = 0.5  # of the rows that have all three
_LEAST_COVERED: Final = 0.4  # of the amounts' rows, notes between them included
_NO_MONEY: Final[tuple[Role, ...]] = ("position", "code", "date")
_TRIVIAL: Final = 0.3  # of a row: one piece costs what it costs, and many numbers are 1
_HEAD: Final = 0.25  # what a column's name counts beside a row that fits
_CENT: Final = Decimal("0.01")
_HIGHEST_RATE: Final = 30  # percent


@dataclass
class Stack:
    """Numbers that stand above each other, by their rows' places."""

    x0: float
    x1: float
    numbers: dict[int, Number] = field(default_factory=dict)

    def takes(self, number: Number) -> bool:
        """Whether a number stands under those here."""
        shared = min(self.x1, number.x1) - max(self.x0, number.x0)
        return shared >= _SHARED * min(self.x1 - self.x0, number.x1 - number.x0)

    def add(self, place: int, number: Number) -> None:
        """Take a number."""
        self.numbers.setdefault(place, number)
        self.x0, self.x1 = min(self.x0, number.x0), max(self.x1, number.x1)

    @property
    def decimals(self) -> float:
        """Return how many decimals its numbers have on average."""
        return sum(number.decimals for number in self.numbers.values()) / len(self.numbers)

    @property
    def units(self) -> int:
        """Return how many of its numbers a unit may follow."""
        return sum(number.has_unit for number in self.numbers.values())


@dataclass(frozen=True)
class Triple:
    """Three stacks of which the first two make the third; `score`: in how many rows, and how well their names agree."""

    quantity: Stack
    unit_price: Stack
    amount: Stack
    score: float
    tax_rate: Stack | None = None  # where amounts include it


def fits(quantity: Decimal | None, price: Decimal | None, amount: Decimal | None) -> bool:
    """Whether quantity times price makes the amount, up to the rounding of a price to cents."""
    if quantity is None or price is None or amount is None:
        return False
    return abs(abs(quantity * price) - abs(amount)) <= _CENT + abs(quantity) * _CENT / 2


def told_by_contents(columns: Sequence[Column], rows: Sequence[Row], *, fewest: int = 1) -> list[Column]:
    """Return the columns with quantity, price and amount where `fewest` rows prove them, else as they are."""
    stacks = [stack for stack in stacks_of(rows) if not _is_text(stack, columns)]
    triples = (triple for triple in _triples(stacks, columns) if triple.score >= fewest)
    best = max(triples, key=lambda triple: triple.score, default=None)
    best = best or max(_taxed_triples(stacks, columns, rows), key=lambda triple: triple.score, default=None)
    if best is None:
        return list(columns)
    proven: list[Column] = [
        _column("quantity", best.quantity, columns),
        _column("unit_price", best.unit_price, columns),
        _column("amount", best.amount, columns),
    ]
    if best.tax_rate is not None:
        proven.append(_column("tax_rate", best.tax_rate, columns))
    others = [column for column in columns if not any(_overlap(column, new) for new in proven)]
    kept = [_demoted(column) for column in others]
    return sorted([*proven, *kept], key=lambda column: column.x0)


def stacks_of(rows: Sequence[Row]) -> list[Stack]:
    """Return the columns of numbers that are no percentages, those with most numbers first."""
    stacks: list[Stack] = []
    count = 0
    for place, row in enumerate(rows):
        for number in row.numbers:
            count += 1
            if number.is_percent or count > _MOST_NUMBERS:
                continue
            home = next((stack for stack in stacks if stack.takes(number) and place not in stack.numbers), None)
            if home is None:
                home = Stack(number.x0, number.x1)
                stacks.append(home)
            home.add(place, number)
    return sorted(stacks, key=lambda stack: -len(stack.numbers))[:_MOST_STACKS]


def _triples(stacks: Sequence[Stack], columns: Sequence[Column]) -> Iterator[Triple]:
    for amount in stacks:
        for one, two in combinations([stack for stack in stacks if stack is not amount], 2):
            places = one.numbers.keys() & two.numbers.keys() & amount.numbers.keys()
            fitting = [weight for place in places if (weight := _weight(one, two, amount, place))]
            if len(fitting) < max(_LEAST_FITTING * len(places), _LEAST_COVERED * len(amount.numbers), 1):
                continue
            for quantity, price in ((one, two), (two, one)):
                if any(_is_named(stack, role, columns) for stack in (price, amount) for role in _NO_MONEY):
                    continue
                agreeing = (
                    _is_named(quantity, "quantity", columns),
                    _is_named(price, "unit_price", columns),
                    _is_named(amount, "amount", columns),
                )
                if sum(fitting) >= 1 or sum(agreeing) > 1:
                    likely = sum(agreeing) + _usual(quantity, price, amount)
                    yield Triple(quantity, price, amount, sum(fitting) + _HEAD * likely)


def _weight(one: Stack, two: Stack, amount: Stack, place: int) -> float:
    """Return what a row says for a triple: 0 where it does not fit, little where a factor is 1."""
    factors = (one.numbers[place].value, two.numbers[place].value)
    made = amount.numbers[place].value
    if not made or not fits(*factors, made):
        return 0.0
    return _TRIVIAL if 1 in factors else 1.0


def _usual(quantity: Stack, price: Stack, amount: Stack) -> float:
    """Return how usual an order is: units say a little more than a name, the others less.

    Units follow quantities, prices have more decimals and mostly stand right of them, amounts stand last.
    """
    units = quantity.units > price.units
    decimals = price.decimals > quantity.decimals
    return 1.1 * units + 0.25 * decimals + 0.1 * (price.x0 > quantity.x0) + 0.2 * (amount.x0 > price.x0)


def _taxed_triples(stacks: Sequence[Stack], columns: Sequence[Column], rows: Sequence[Row]) -> Iterator[Triple]:
    """Give quantities and prices, by their names, with the amounts that they make with a tax rate of the same row."""
    quantities = [stack for stack in stacks if _is_named(stack, "quantity", columns)]
    prices = [stack for stack in stacks if _is_named(stack, "unit_price", columns)]
    for quantity, price in product(quantities, prices):
        for amount, rate in permutations([*stacks, *_percents(rows)], 2):
            if quantity is price or {id(amount), id(rate)} & {id(quantity), id(price)}:
                continue
            places = quantity.numbers.keys() & price.numbers.keys() & amount.numbers.keys() & rate.numbers.keys()
            made = [
                (quantity.numbers[place].value * price.numbers[place].value, rate.numbers[place].value, place)
                for place in places
                if 0 <= rate.numbers[place].value <= _HIGHEST_RATE
            ]
            fitting = sum(
                abs(net * (100 + tax) / 100 - amount.numbers[place].value) <= 2 * _CENT for net, tax, place in made
            )
            if fitting and fitting >= _LEAST_FITTING * len(places):
                yield Triple(quantity, price, amount, fitting, rate)


def _percents(rows: Sequence[Row]) -> list[Stack]:
    """Return the percentages of the rows as one column, wherever they stand."""
    found = {place: number for place, row in enumerate(rows) for number in row.numbers if number.is_percent}
    if not found:
        return []
    numbers = found.values()
    return [Stack(min(number.x0 for number in numbers), max(number.x1 for number in numbers), found)]


def _is_text(stack: Stack, columns: Sequence[Column]) -> bool:
    """Whether numbers stand in the midst of descriptions, which have room up to the next column."""
    middle = (stack.x0 + stack.x1) / 2
    for place, column in enumerate(columns[:-1]):
        if column.role == "description" and column.x0 <= middle <= columns[place + 1].x0 - (stack.x1 - stack.x0):
            return True
    return False


def _is_named(stack: Stack, role: Role, columns: Sequence[Column]) -> bool:
    return any(column.role == role and column.x0 <= stack.x1 and stack.x0 <= column.x1 for column in columns)


def _column(role: Role, stack: Stack, columns: Sequence[Column]) -> Column:
    words = [column.words for column in columns if column.x0 <= stack.x1 and stack.x0 <= column.x1]
    return Column(role, stack.x0, stack.x1, frozenset().union(*words))


def _overlap(column: Column, other: Column) -> bool:
    """Whether a name stands over a proven column; a description's may reach beside it."""
    shared = min(column.x1, other.x1) - max(column.x0, other.x0)
    return column.role != "description" and shared > 0


def _demoted(column: Column) -> Column:
    """Return a column whose name another one has proven to be its own: it only takes the numbers under it."""
    if column.role in {"quantity", "unit_price", "amount"}:
        return Column("other", column.x0, column.x1, column.words)
    return column
