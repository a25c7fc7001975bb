"""Reading values: a person's word before a machine's, those of a document, those of all that somebody may see."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import BooleanField, Case, F, OuterRef, Q, QuerySet, Value, When

from apps.accounts.models import User
from apps.core.errors import NotFoundError
from apps.core.prepared import Given, Prepared
from apps.documents.models import Document
from apps.documents.selectors import visible_to
from apps.extraction.fields.selectors.schemas import Field, fields_of_document
from apps.extraction.fields.standing import decisions_of
from apps.extraction.models import FieldValue, Method, ValueState


def counts_in(reading: F | OuterRef) -> Q:
    """Tell the values that count where this is the document's current reading, a person's word in every one.

    Said as a CASE, of which PostgreSQL guesses that half of the rows pass: of the same said with OR it guesses that
    none does, and then sorts half a million values to show fifty (at 100,000 documents 2.7 s, and so 7 ms).
    """
    of_now = Case(
        When(reading__isnull=True, then=Value(True)), default=Q(reading_id=reading), output_field=BooleanField()
    )
    return Q(is_effective=True) & Q(of_now)


EFFECTIVE = counts_in(F("document__current_reading_id"))
_WITH_READING: Final = Prepared(
    lambda: FieldValue.objects.filter(
        Q(reading__isnull=True) | Q(reading_id=Given("reading_id")),
        is_effective=True,
        document_id=Given("document_id"),
    ).order_by("key", "position", "id")
)


def values_for_document(*, document: Document) -> list[FieldValue]:
    """Return the values that count, a person's before a machine's, in the order of the document's schema."""
    found = FieldValue.objects.filter(EFFECTIVE, document=document).select_related("organisation")
    order = {field.key: place for place, field in enumerate(fields_of_document(document=document))}
    return sorted(found, key=lambda value: (order.get(value.key, len(order)), value.key, value.position, value.pk))


def values_with_reading(*, document: Document, reading_id: UUID) -> list[FieldValue]:
    """Return the values that would count if a reading were the document's current one."""
    return _WITH_READING.rows(document_id=document.pk, reading_id=reading_id)


def count_of_values(*, document: Document) -> int:
    """Count the values that count."""
    return FieldValue.objects.filter(EFFECTIVE, document=document).count()


def values_of_documents(*, document_ids: Iterable[UUID]) -> QuerySet[FieldValue]:
    """Return the values that count of several documents, by document, key and place."""
    found = FieldValue.objects.filter(EFFECTIVE, document_id__in=list(document_ids))
    return found.order_by("document_id", "key", "position", "id")


def values_visible_to(*, user: User, workspace_id: UUID) -> QuerySet[FieldValue]:
    """Return the values that count of all documents the user may see, newest first, each with its document."""
    documents = visible_to(user=user, workspace_id=workspace_id)
    values = FieldValue.objects.filter(EFFECTIVE, document__in=documents, workspace_id=workspace_id)
    return values.select_related("document").order_by("-id")


def value_get(*, document: Document, value_id: UUID) -> FieldValue:
    """Return one value of a document, of its current reading or a person's; raises NotFoundError."""
    of_now = Q(reading__isnull=True) | Q(reading__current_of=document)
    value = FieldValue.objects.filter(of_now, document=document, pk=value_id).first()
    if value is None:
        raise NotFoundError("There is no such value.")
    return value


def machine_value(value: FieldValue | None) -> FieldValue | None:
    """Return the machine's value that a person's word stands in place of, if it is still there."""
    while value is not None and value.is_human:
        value = value.supersedes
    return value


def missing_fields(*, document: Document, values: Iterable[FieldValue] | None = None) -> list[Field]:
    """Return the fields of the document's schema without a value, those that a person said are absent left out."""
    found = values_for_document(document=document) if values is None else values
    known = {value.key for value in found}
    known |= set(rejected_keys(document=document))
    return [field for field in fields_of_document(document=document) if field.key not in known]


def rejected_keys(*, document: Document) -> list[str]:
    """Return the keys of which a person said that the document has no such value."""
    return sorted({word.key for word in decisions_of(document_id=document.pk) if word.state == ValueState.REJECTED})


def decisions_on(*, document: Document, key: str) -> QuerySet[FieldValue]:
    """Return what people said of a field of a document, newest first, replaced words included."""
    return FieldValue.objects.filter(document=document, key=key, method=Method.HUMAN).order_by("-id")
