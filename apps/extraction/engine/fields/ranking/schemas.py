"""The fields that are ranked: which kind of candidate each one is chosen from."""

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from apps.extraction.engine.fields.ranking import parties
from apps.extraction.engine.fields.ranking.candidates import Candidate, Kind, habits_of, plain_candidates
from apps.extraction.engine.fields.ranking.features import Ranked, by_kind, ranked
from apps.extraction.engine.fields.ranking.several_rates import with_summed_taxes
from apps.extraction.engine.fields.ranking.sheet import Sheet
from apps.extraction.engine.fields.types import ValueType

Schema: TypeAlias = Literal["invoice", "receipt"]
FIELDS: Final[dict[Schema, dict[str, Kind]]] = {
    "invoice": {
        "invoice_number": "number",
        "issue_date": "date",
        "due_date": "date",
        "order_reference": "number",
        "currency": "currency",
        "seller_name": "name",
        "seller_vat_id": "vat_id",
        "buyer_name": "name",
        "iban": "iban",
        "net_total": "amount",
        "tax_total": "amount",
        "grand_total": "amount",
    },
    "receipt": {
        "merchant_name": "name",
        "merchant_address": "address",
        "date": "date",
        "total": "amount",
        "currency": "currency",
        "tax_total": "amount",
    },
}
VALUE_TYPES: Final[dict[Kind, ValueType]] = {
    "date": "date",
    "amount": "amount",
    "number": "identifier",
    "iban": "identifier",
    "vat_id": "identifier",
    "currency": "text",
    "name": "text",
    "address": "text",
}


def tables(sheet: Sheet, schema: Schema) -> dict[Kind, Ranked]:
    """Return the candidates of a document that its fields are chosen from, by kind, with their features."""
    wanted = set(FIELDS[schema].values())
    found = with_summed_taxes(list(_candidates(sheet, schema)))
    return {kind: ranked(sheet, kind, own, found) for kind, own in by_kind(found).items() if kind in wanted}


def _candidates(sheet: Sheet, schema: Schema) -> Iterator[Candidate]:
    yield from plain_candidates(sheet, habits_of(sheet))
    yield from parties.names(sheet, joined=schema == "receipt")
    if schema == "receipt":
        yield from parties.addresses(sheet)
