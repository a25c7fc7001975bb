"""Documents with what they say, as labelled candidates."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import numpy as np
import numpy.typing as npt

from apps.extraction.engine.fields.ranking.candidates import Kind
from apps.extraction.engine.fields.ranking.features import Ranked
from apps.extraction.engine.fields.ranking.schemas import FIELDS, Schema, tables
from apps.extraction.engine.fields.ranking.sheet import Sheet
from apps.extraction.engine.fields.ranking.training.invoices import invoice
from apps.extraction.engine.fields.ranking.training.paper import misread, noisy
from apps.extraction.engine.fields.ranking.training.receipts import receipt
from apps.extraction.engine.fields.support import bare
from apps.extraction.engine.fields.types import FieldsInput
from apps.extraction.engine.layout import lay_out_document
from apps.extraction.engine.types import PageReading, TableReading

Flags = npt.NDArray[np.bool_]
GENERATED = "generated"
_NOISY = 0.55  # share of generated documents that recognition is imitated on
_MOST_NOISE = 0.06
_MISREAD = 0.1  # of the numbers of documents that are misread


@dataclass(frozen=True, kw_only=True)
class TrueDocument:
    """A document as it was read, with its values by key; what is not among them is unknown unless `is_complete`."""

    name: str
    schema: Schema
    source: str
    group: str
    licence: str
    pages: list[PageReading]
    tables: list[TableReading]
    truth: dict[str, str]
    is_complete: bool


@dataclass(frozen=True)
class Example:
    """A document's candidates by kind with their features."""

    document: TrueDocument
    sheet: Sheet
    ranked: Mapping[Kind, Ranked]

    def is_known(self, key: str) -> bool:
        """Whether it is known what the document says of a field, that it says nothing included."""
        return self.document.is_complete or bool(self.document.truth.get(key))

    def right(self, key: str) -> Flags:
        """Return which candidates of a field's kind are right."""
        kind = FIELDS[self.document.schema][key]
        truth = self.document.truth.get(key, "")
        own = self.ranked.get(kind)
        if own is None:
            return np.zeros(0, dtype=np.bool_)
        return np.array([bool(truth) and is_same(kind, each.value, truth) for each in own.candidates], dtype=np.bool_)


def is_same(kind: Kind, value: str, truth: str) -> bool:
    """Tell whether two normalised values are the same: amounts by their size, texts by letters and digits."""
    if kind == "amount":
        try:
            return Decimal(value).quantize(Decimal("0.01")) == Decimal(truth).quantize(Decimal("0.01"))
        except InvalidOperation:
            return False
    if kind == "date":
        return value == truth
    return bare(value) == bare(truth)


def example_of(document: TrueDocument) -> Example:
    """Return a document's candidates."""
    pages = list(lay_out_document(document.pages, document.tables))
    sheet = Sheet(FieldsInput(pages=pages, tables=document.tables))
    return Example(document, sheet, tables(sheet, document.schema))


def generated(schema: Schema, count: int, *, seed: int, is_misread: bool = False) -> Iterator[TrueDocument]:
    """Yield generated documents, the same ones for the same seed; some digits are not as the truth says if misread."""
    make = invoice if schema == "invoice" else receipt
    for number in range(count):
        rng = random.Random(f"{schema} {seed} {number}")  # noqa: S311  (nothing secret: documents that repeat)
        made = make(rng)
        page = made.page
        if rng.random() < _NOISY:
            page = noisy(page, rng, rng.uniform(0.0, _MOST_NOISE))
        if is_misread:
            page = misread(page, rng, _MISREAD)
        yield TrueDocument(
            name=f"{schema}-{number}", schema=schema, source=GENERATED, group=GENERATED, licence="Apache-2.0",
            pages=[page], tables=[], truth=made.truth, is_complete=True,
        )  # fmt: skip
