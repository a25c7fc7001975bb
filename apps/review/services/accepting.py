"""Taking back what was accepted automatically: it goes to a person, and is not accepted by itself again."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from apps.accounts.models import User
from apps.core import audit, outbox
from apps.core.errors import ConflictError, NotFoundError
from apps.core.generations import bump_on_commit
from apps.documents.models import Document
from apps.documents.services import document_lock
from apps.documents.typing import documents_refuse_types
from apps.extraction.fields.selectors.values import value_get
from apps.extraction.models import FieldValue, ValueState
from apps.review.acceptance.items import TAKEN_BACK, TYPE
from apps.review.acceptance.selectors import LIVE
from apps.review.models import Certificate, Correction
from apps.review.services.doubts import type_questions_route
from apps.review.services.record import correction_record
from apps.review.services.routing import fields_route

EVENT: Final = "acceptances.unwanted"
AT_ONCE: Final = 20  # documents that one event takes back: the sweeper has other things to do too
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
    taken_back = correction_record(
        document=document, subject=f"{TAKEN_BACK}.{value.key}", before=before, after=None, by=by
    )
    fields_route(document=document)
    bump_on_commit(document.workspace_id)
    return taken_back


@transaction.atomic
def acceptances_take_back(*, certificate: Certificate, by: User) -> None:
    """Have people decide all that a certificate accepted, in the background; raises ConflictError for a live one."""
    if certificate.state in LIVE:
        raise ConflictError("It still accepts: begin anew first.", code="certificate_live")
    audit.record(
        action="certificate.take_back",
        object_kind="certificate",
        object_id=certificate.pk,
        workspace_id=certificate.workspace_id,
        actor=by,
    )
    _want(certificate, by)


def _want(certificate: Certificate, by: User) -> None:
    data = {"by": str(by.pk)}
    outbox.publish(kind=EVENT, workspace_id=certificate.workspace_id, subject_id=certificate.pk, data=data)


def acceptances_take_back_some(*, certificate: Certificate, by: User) -> int:
    """Take back what a certificate accepted on the next few documents, and ask for the rest; returns how many."""
    if certificate.key == TYPE:
        documents = Document.objects.filter(type_certificate_id=certificate.pk).order_by("pk")[:AT_ONCE]
        count = sum(_passed_over_or(type_acceptance_take_back, document=each, by=by) for each in documents)
    else:
        accepted = FieldValue.objects.filter(
            certificate_id=certificate.pk, is_effective=True, reading__current_of=F("document")
        )
        count = sum(
            _passed_over_or(value_acceptance_take_back, document=each.document, value_id=each.pk, by=by)
            for each in accepted.select_related("document").order_by("document_id", "pk")[:AT_ONCE]
        )
    if count:  # where none could be taken back others were quicker, and asking again would help nobody
        _want(certificate, by)
    return count


def _passed_over_or(take_back: Callable[..., Correction], **what: object) -> bool:
    """Take one back, unless somebody has just decided it."""
    try:
        take_back(**what)
    except (ConflictError, NotFoundError):
        return False
    return True


def _lock(document: Document) -> None:
    if not document_lock(document_id=document.pk):
        raise NotFoundError("There is no such document.")
    document.refresh_from_db()
