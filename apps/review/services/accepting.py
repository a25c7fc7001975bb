"""Taking back what was accepted automatically: it goes to a person, and is not accepted by itself again."""

from typing import Final
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import ConflictError, NotFoundError
from apps.core.generations import bump_on_commit
from apps.documents.models import Document
from apps.documents.services import document_lock
from apps.documents.typing import documents_refuse_types
from apps.extraction.fields.selectors.values import value_get
from apps.extraction.models import FieldValue, ValueState
from apps.review.acceptance.drawing import TAKEN_BACK
from apps.review.models import Correction
from apps.review.services.doubts import type_questions_route
from apps.review.services.record import correction_record
from apps.review.services.routing import fields_route

REASON: Final = "Somebody took back that it was accepted automatically."


class NotAcceptedError(ConflictError):
    """What is to be taken back was not accepted automatically, or no longer is."""

    code = "not_accepted"
    message = "This was not accepted automatically, or somebody has decided it since."


@transaction.atomic
def type_acceptance_take_back(*, document: Document, by: User) -> Correction:
    """Have a person asked about a type that was accepted automatically. Raises NotAcceptedError."""
    _lock(document)
    certificate_id = document.type_certificate_id
    if certificate_id is None:
        raise NotAcceptedError
    documents_refuse_types(document_ids=[document.pk])
    type_questions_route(workspace_id=document.workspace_id, doubts={document.pk: REASON})
    bump_on_commit(document.workspace_id)
    before = {"label": document.type_label, "certificate": str(certificate_id)}
    return correction_record(document=document, subject=TAKEN_BACK, before=before, after=None, by=by)


@transaction.atomic
def value_acceptance_take_back(*, document: Document, value_id: UUID, by: User) -> Correction:
    """Propose a value again that was accepted automatically. Raises NotFoundError or NotAcceptedError."""
    _lock(document)
    value = value_get(document=document, value_id=value_id)
    if value.certificate_id is None or not value.is_effective:
        raise NotAcceptedError
    before = {"value": value.value, "certificate": str(value.certificate_id)}
    FieldValue.objects.filter(pk=value.pk).update(state=ValueState.PROPOSED, certificate_id=None)
    fields_route(document=document)
    bump_on_commit(document.workspace_id)
    return correction_record(document=document, subject=f"{TAKEN_BACK}.{value.key}", before=before, after=None, by=by)


def _lock(document: Document) -> None:
    if not document_lock(document_id=document.pk):
        raise NotFoundError("There is no such document.")
    document.refresh_from_db()
