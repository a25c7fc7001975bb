"""Saying of all values of a document at once that they are right."""

from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import NotFoundError
from apps.documents.models import Document
from apps.documents.services import document_lock
from apps.extraction.fields.selectors.values import values_for_document
from apps.extraction.fields.services.decisions import field_confirm
from apps.extraction.fields.services.memory import decision_remember
from apps.extraction.fields.services.refining import ranking_request
from apps.extraction.models import ValueState
from apps.review.acceptance.judging import values_judge
from apps.review.services.fields import told
from apps.review.services.record import correction_record
from apps.review.services.routing import fields_route
from apps.review.services.warnings import warnings_refresh


@transaction.atomic
def fields_confirm(*, document: Document, by: User) -> int:
    """Record that every value that no person has decided is right; returns how many there were.

    Those that were accepted automatically are among them: the person has seen the whole document.
    """
    if not document_lock(document_id=document.pk):
        raise NotFoundError("There is no such document.")
    document.refresh_from_db()
    values = values_for_document(document=document)
    undecided = [value for value in values if not value.is_human and value.state != ValueState.REJECTED]
    decisions = [field_confirm(document=document, target=value, by=by) for value in undecided]
    for value, decision in zip(undecided, decisions, strict=True):
        decision_remember(document=document, decision=decision)
        subject, before, after = f"field.{value.key}", told(value), told(decision.after)
        correction_record(document=document, subject=subject, before=before, after=after, by=by)
    values_judge(document=document, decisions=decisions, by=by)
    warnings_refresh(document=document)
    fields_route(document=document)
    if undecided:
        ranking_request(workspace_id=document.workspace_id, document_type=document.type_label)
    return len(undecided)
