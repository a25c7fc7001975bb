"""Line items and the totals that follow from them, shared by every document that asks for money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.pipeline.samples.numbers import cents


@dataclass(frozen=True, slots=True)
class Item:
    """One billed line; `tax_rate` is in percent."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal
    unit: str = ""
    code: str = ""

    @property
    def amount(self) -> Decimal:
        """Net amount of the line."""
        return cents(self.quantity * self.unit_price)

    def truth(self) -> dict[str, str]:
        """Return the line as the contract's `line_items` value states it."""
        return {
            "description": self.description,
            "quantity": str(self.quantity),
            "unit_price": str(self.unit_price),
            "amount": str(self.amount),
            "tax_rate": str(self.tax_rate),
        }


def item(description: str, quantity: str, unit_price: str, tax_rate: str, *, unit: str = "", code: str = "") -> Item:
    """Return an `Item` from decimal strings, so that tables of data stay readable."""
    return Item(description, Decimal(quantity), Decimal(unit_price), Decimal(tax_rate), unit, code)


@dataclass(frozen=True, slots=True)
class Bill:
    """Items with their totals; tax is rounded once per rate."""

    items: Sequence[Item]

    @property
    def net_total(self) -> Decimal:
        """Sum of the lines before tax."""
        return sum((line.amount for line in self.items), Decimal("0.00"))

    @property
    def taxes(self) -> dict[Decimal, Decimal]:
        """Tax by rate in percent, highest rate first."""
        rates = sorted({line.tax_rate for line in self.items}, reverse=True)
        return {rate: cents(self.net_of(rate) * rate / 100) for rate in rates}

    def net_of(self, rate: Decimal) -> Decimal:
        """Sum of the lines taxed at `rate`."""
        return sum((line.amount for line in self.items if line.tax_rate == rate), Decimal("0.00"))

    @property
    def tax_total(self) -> Decimal:
        """Sum of the taxes of all rates."""
        return sum(self.taxes.values(), Decimal("0.00"))

    @property
    def grand_total(self) -> Decimal:
        """What has to be paid."""
        return self.net_total + self.tax_total

    def totals(self) -> dict[str, str]:
        """Return the three totals as field values."""
        return {
            "net_total": str(self.net_total),
            "tax_total": str(self.tax_total),
            "grand_total": str(self.grand_total),
        }

    def line_items(self) -> tuple[dict[str, str], ...]:
        """Return the lines as the contract's `line_items` value."""
        return tuple(line.truth() for line in self.items)


def document_fields(sender: str, day: date) -> dict[str, str]:
    """Return the two fields that every document has."""
    return {"sender": sender, "document_date": day.isoformat()}
