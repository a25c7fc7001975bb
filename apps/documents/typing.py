"""Setting the types of many documents at once, as a model sees them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from apps.documents.models import Document, TypeSource

# Only while the document still is of the model's typing, and shows the reading that was looked at.
_SET: Final = """
    UPDATE documents_document AS document SET type_label = given.label, type_confidence = given.confidence,
        type_certificate_id = NULL
    FROM unnest(%(documents)s::uuid[], %(readings)s::uuid[], %(labels)s::text[], %(confidences)s::float8[])
         AS given (document_id, reading_id, label, confidence)
    WHERE document.id = given.document_id AND document.current_reading_id = given.reading_id
          AND document.type_source = 'MODEL'
    RETURNING document.id
"""


def document_take_back_type(*, document_id: UUID, label: str, confidence: float | None, source: str) -> None:
    """Give a document the type again that it had before a person spoke; "" for both where it had none."""
    Document.objects.filter(pk=document_id).update(
        type_label=label, type_confidence=confidence, type_source=source, type_certificate_id=None
    )


@dataclass(frozen=True)
class TypeSet:
    """What a model says now of the reading that a document shows."""

    document_id: UUID
    reading_id: UUID
    label: str
    confidence: float | None


def documents_set_types(*, rows: Sequence[TypeSet]) -> set[UUID]:
    """Keep the copies that lists show; returns the documents that were set. The caller holds a transaction.

    People's words stay, and what was found of a reading that is no longer shown is passed over.
    """
    if not rows:
        return set()
    ordered = sorted(rows, key=lambda row: row.document_id)  # as all who change several do
    with connection.cursor() as cursor:
        cursor.execute(
            _SET,
            {
                "documents": [row.document_id for row in ordered],
                "readings": [row.reading_id for row in ordered],
                "labels": [row.label for row in ordered],
                "confidences": [row.confidence for row in ordered],
            },
        )
        return {row[0] for row in cursor.fetchall()}


def documents_accept_types(*, certificates: Mapping[UUID, UUID]) -> None:
    """Note by which certificate the model's word on each document is accepted; a person's word needs none.

    The caller holds a transaction in which the model's words were set.
    """
    by_certificate: dict[UUID, list[UUID]] = {}
    for document_id, certificate_id in certificates.items():
        by_certificate.setdefault(certificate_id, []).append(document_id)
    for certificate_id, ids in by_certificate.items():
        documents = Document.objects.filter(pk__in=ids, type_source=TypeSource.MODEL)
        documents.update(type_certificate_id=certificate_id)


def documents_refuse_types(*, document_ids: Iterable[UUID]) -> None:
    """Let the model's word on documents be a proposal again."""
    Document.objects.filter(pk__in=list(document_ids)).update(type_certificate_id=None)
