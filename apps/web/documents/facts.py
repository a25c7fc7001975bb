"""Sender, date and total of documents in a list, and where each stands with the clerk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from apps.documents.models import Document
from apps.extraction.fields.selectors.values import values_of_documents
from apps.extraction.models import FieldValue
from apps.review.selectors import accounting_states, warned_documents
from apps.web.fields.words import shown_value

# The first key with a value counts: who sent it, when, and how much it is about.
SENDERS: Final = ("seller_name", "merchant_name", "sender", "party")
DATES: Final = ("issue_date", "date", "effective_date", "document_date")
TOTALS: Final = ("grand_total", "total")


@dataclass(frozen=True)
class Facts:
    """What a row tells of a document's values; empty texts where there are none. `state` is with the clerk."""

    sender: str = ""
    date: str = ""
    total: str = ""
    state: str = ""
    is_warned: bool = False


def facts_of(documents: Sequence[Document]) -> dict[UUID, Facts]:
    """Return the facts of documents with three queries, however many there are."""
    ids = [document.pk for document in documents]
    by_document: dict[UUID, dict[str, FieldValue]] = {}
    for value in values_of_documents(document_ids=ids).filter(key__in=(*SENDERS, *DATES, *TOTALS)):
        by_document.setdefault(value.document_id, {}).setdefault(value.key, value)
    states, warned = accounting_states(document_ids=ids), warned_documents(document_ids=ids)
    return {pk: _facts(by_document.get(pk, {}), states.get(pk, ""), is_warned=pk in warned) for pk in ids}


def _facts(values: dict[str, FieldValue], state: str, *, is_warned: bool) -> Facts:
    def first(keys: Sequence[str]) -> str:
        found = next((values[key] for key in keys if key in values and values[key].value), None)
        if found is None:
            return ""
        if found.value_date is not None:
            return f"{found.value_date.day} {found.value_date:%b %Y}"
        return shown_value(found.value_type, found.value, currency=found.currency)

    return Facts(sender=first(SENDERS), date=first(DATES), total=first(TOTALS), state=state, is_warned=is_warned)
