"""What an export says of documents: a row each with its values, and the rows of their tables."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from apps.documents.models import Document
from apps.extraction.fields.selectors.values import values_of_documents
from apps.extraction.models import FieldValue
from apps.review.models import Accounting, AccountingState

FIXED: Final = ("document_id", "title", "file_name", "type", "received_at", "accounting_state", "accounting_by")
Cell = str | Decimal | date | None


@dataclass
class DocumentRows:
    """A document with its values by key, and the rows of its table-valued fields as (key, number, columns)."""

    fixed: dict[str, Cell]
    values: dict[str, Cell] = field(default_factory=dict)
    lines: list[tuple[str, int, dict[str, str]]] = field(default_factory=list)


def rows_of(documents: Sequence[Document]) -> Iterator[DocumentRows]:
    """Yield the rows of some documents in their order, with a few queries for all of them."""
    ids = [document.pk for document in documents]
    accounting = {row.document_id: row for row in Accounting.objects.filter(document_id__in=ids)}
    values: dict[Any, list[FieldValue]] = {}
    for value in values_of_documents(document_ids=ids):
        values.setdefault(value.document_id, []).append(value)
    for document in documents:
        found = DocumentRows(_fixed(document, accounting.get(document.pk)))
        for value in values.get(document.pk, ()):
            _add(found, value)
        if "currency" not in found.values:  # of no field of its own
            found.values["currency"] = next(
                (each.currency for each in values.get(document.pk, ()) if each.currency), ""
            )
        yield found


def _fixed(document: Document, accounting: Accounting | None) -> dict[str, Cell]:
    return {
        "document_id": str(document.pk),
        "title": document.title,
        "file_name": document.file_name,
        "type": document.type_label,
        "received_at": document.received_at.isoformat(timespec="seconds"),
        "accounting_state": (accounting.state if accounting else AccountingState.TO_CHECK).lower(),
        "accounting_by": accounting.by_label if accounting else "",
    }


def _add(found: DocumentRows, value: FieldValue) -> None:
    """Add a value; those of a repeatable field stand in one cell, one a line."""
    if value.value_table is not None:
        found.lines += [(value.key, number, row) for number, row in enumerate(value.value_table, 1)]
        return
    if value.key in found.values:
        found.values[value.key] = f"{found.values[value.key]}\n{value.value}"
        return
    # The text keeps the digits behind the point as they were; the column for comparing has four for all.
    typed: Cell = Decimal(value.value) if value.value_number is not None else value.value_date
    found.values[value.key] = value.value if typed is None else typed


def keys_of(values: Iterable[tuple[str, bool]]) -> tuple[list[str], bool]:
    """Return the keys of plain values in order, and whether there are tables; given as (key, is a table)."""
    found = sorted(set(values))
    plain = {key for key, is_table in found if not is_table}
    return sorted(plain | {"currency"}), any(is_table for _, is_table in found)
