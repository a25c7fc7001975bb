"""The values fields speak: what an extractor is given, and one typed value with its place and how it was found."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from apps.extraction.engine.types import Box, PageReading, TableReading

if TYPE_CHECKING:  # brings NumPy, which the guarded child needs for nothing else here
    from apps.extraction.engine.fields.refining.second_stage import Refinement

ValueType: TypeAlias = Literal["text", "date", "amount", "number", "boolean", "identifier", "table"]
Method: TypeAlias = Literal["embedded", "rule", "model", "human"]


class LineItem(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an invoice; every column a normalised text, empty where the document does not say."""

    description: str = ""
    quantity: str = ""
    unit_price: str = ""
    amount: str = ""
    tax_rate: str = ""


class FieldReading(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One value. `value` is normalised: ISO 8601 dates, decimal amounts with a point, ISO 4217 currencies.

    `words` are the indices, in the page's list of words, of those that produced the value; `box` is made of them.
    `confidence` is a probability fitted to outcomes on the set that the producer's card names, or None. `checks` are
    sentences for a person, each beginning with `ok: `, `failed: ` or `note: `.
    """

    key: str
    value: str | list[LineItem]
    value_type: ValueType
    raw_text: str
    method: Method
    producer: str
    confidence: float | None = None
    page: int | None = None
    box: Box | None = None
    words: list[int] = []
    checks: list[str] = []
    currency: str = ""  # of an amount
    is_supported: bool = True  # the words under the box contain the raw text; see `support`
    alternatives: list["FieldReading"] = []  # other candidates, best first, for one click


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """A QR or bar code on a page with its content."""

    page: int
    box: Box | None
    kind: str
    content: str


class MachineData(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of itself in a machine's language: values of an e-invoice's XML, codes on its pages."""

    values: list[FieldReading] = []
    codes: list[Code] = []
    profile: str = ""  # such as the guideline's URN of a Factur-X invoice


class FieldsInput(msgspec.Struct, frozen=True, kw_only=True):
    """A document as the readers of fields see it; pages are laid out, their words are in reading order."""

    pages: list[PageReading]
    tables: list[TableReading] = []
    type_label: str | None = None
    type_shares: dict[str, float] = {}  # probabilities of types, where they are known
    media_type: str = ""
    metadata: dict[str, Any] = {}
    machine: MachineData = MachineData()
    refinements: Mapping[str, "Refinement"] = {}  # what a workspace learned on top of the shipped rankers, by schema
