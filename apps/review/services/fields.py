"""What people say of a document's values, and all that follows: history, memory, questions, warnings, accounting."""

from typing import Any
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import NotFoundError
from apps.documents.models import Document
from apps.documents.services import document_lock
from apps.extraction.fields.selectors.values import value_get
from apps.extraction.fields.services.decisions import Decision, Given
from apps.extraction.fields.services.decisions import field_confirm as confirm
from apps.extraction.fields.services.decisions import field_reject as reject
from apps.extraction.fields.services.decisions import field_set as set_value
from apps.extraction.fields.services.memory import decision_remember
from apps.extraction.fields.services.refining import ranking_request
from apps.extraction.models import FieldValue, ValueState
from apps.review.acceptance.judging import values_judge
from apps.review.models import Correction
from apps.review.services.accounting import accounting_reopen
from apps.review.services.record import correction_record
from apps.review.services.routing import fields_route
from apps.review.services.warnings import warnings_refresh


@transaction.atomic
def field_correct(*, document: Document, key: str, given: Given, by: User, value_id: UUID | None = None) -> Correction:
    """Record a person's value of a field, given as a normalised value, as a text and its place, or as a page's words.

    `value_id` names the value it replaces, where a repeatable field has several; without it a repeatable field gets
    one more. The machine's own value is thereby accepted. Raises UnknownFieldError, InvalidValueError, NotFoundError.
    """
    _lock(document)
    decision = set_value(document=document, key=key, given=given, target=_target(document, value_id), by=by)
    return _settle(document, decision, by)


@transaction.atomic
def field_confirm(*, document: Document, value_id: UUID, by: User) -> Correction:
    """Record that a value is right as the machine read it. Raises NotFoundError or ConflictError."""
    _lock(document)
    target = value_get(document=document, value_id=value_id)
    return _settle(document, confirm(document=document, target=target, by=by), by)


@transaction.atomic
def field_reject(*, document: Document, key: str, by: User, value_id: UUID | None = None) -> Correction:
    """Record that a document has no such value: none of the field at all, or not this one of a repeatable field."""
    _lock(document)
    return _settle(document, reject(document=document, key=key, target=_target(document, value_id), by=by), by)


def _lock(document: Document) -> None:
    """Lock a document, and know it as it is now: its fields may have been read anew since the caller looked."""
    if not document_lock(document_id=document.pk):
        raise NotFoundError("There is no such document.")
    document.refresh_from_db()


def _target(document: Document, value_id: UUID | None) -> FieldValue | None:
    return value_get(document=document, value_id=value_id) if value_id else None


def _settle(document: Document, decision: Decision, by: User) -> Correction:
    """Do what follows from a decision, in its transaction."""
    after = decision.after
    decision_remember(document=document, decision=decision)
    values_judge(document=document, decisions=[decision], by=by)
    if after.state != ValueState.ACCEPTED:
        accounting_reopen(document=document, by=by)
    warnings_refresh(document=document)
    fields_route(document=document)
    ranking_request(workspace_id=document.workspace_id, document_type=document.type_label)
    before = told(decision.before) if decision.before else None
    return correction_record(document=document, subject=f"field.{after.key}", before=before, after=told(after), by=by)


def told(value: FieldValue) -> dict[str, Any]:
    """Return what the history keeps of a value."""
    return {
        "id": str(value.pk),
        "value": value.value if value.value_table is None else value.value_table,
        "currency": value.currency,
        "raw_text": value.raw_text,
        "page": value.page_number,
        "box": value.box,
        "method": value.method.lower(),
        "state": value.state.lower(),
        "confidence": value.confidence,
    }
