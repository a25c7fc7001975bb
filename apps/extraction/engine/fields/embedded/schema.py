"""What data and words say of a type: an e-invoice is an invoice, and a bill with a payment code most likely is."""

from collections.abc import Sequence
from typing import Final

from msgspec import structs

from apps.extraction.engine.fields.types import FieldReading, FieldsInput

_INVOICE: Final = "invoice"
_NOTE: Final = "note: taken from the payment code"
# Types that a bill is mistaken for; a letter or a contract with a payment code stays what it is.
_LIKE_BILLS: Final = frozenset({None, "other", "receipt"})


def by_its_data(document: FieldsInput) -> FieldsInput:
    """Return the document, as an invoice where its data tell so: fields are looked for whatever the type says."""
    keys = {value.key for value in document.machine.values}
    is_bill = "amount_due" in keys and document.type_label in _LIKE_BILLS
    if is_bill or {"invoice_number", "grand_total"} & keys:
        return structs.replace(document, type_label=_INVOICE)
    return document


def as_read(document: FieldsInput, read: Sequence[FieldReading]) -> FieldsInput:
    """Return the document, as an invoice where one was read: its lines and its payment code are then an invoice's."""
    if document.type_label != _INVOICE and any(value.key == "grand_total" for value in read):
        return structs.replace(document, type_label=_INVOICE)
    return document


def with_total(values: list[FieldReading], type_label: str | None) -> list[FieldReading]:
    """Return an invoice's values; what its payment code asks for is the total where nothing else tells one."""
    due = next((value for value in values if value.key == "amount_due"), None)
    if type_label != _INVOICE or due is None or any(value.key == "grand_total" for value in values):
        return values
    return [*values, structs.replace(due, key="grand_total", checks=[*due.checks, _NOTE])]
