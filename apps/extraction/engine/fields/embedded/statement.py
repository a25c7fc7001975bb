"""What an e-invoice states, in the words of its XML, whichever syntax it came in."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class StatedLine:
    """A line; the price is for `base_quantity` pieces."""

    description: str = ""
    quantity: str = ""
    unit_price: str = ""
    base_quantity: str = ""
    amount: str = ""
    tax_rate: str = ""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """An invoice, a credit note or an order; empty texts where it does not say. `due` and `accounts` may be several.

    `issuer` is who sends it: the buyer in an order, the seller otherwise.
    """

    syntax: str
    profile: str
    number: str
    issued: str
    due: list[str]
    order: str
    currency: str
    seller: str
    seller_vat: str
    buyer: str
    accounts: list[str]
    net: str
    tax: str
    total: str
    is_order: bool = False
    lines: list[StatedLine] = field(default_factory=list)
