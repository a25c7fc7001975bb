"""Saying of all values of a document at once that they are right."""

from django.db import transaction

from apps.accounts.models import User
from apps.documents.models import Document
from apps.documents.services import document_lock
from apps.extraction.fields.selectors.values import values_for_document
from apps.extraction.models import ValueState
from apps.review.services.fields import field_confirm


@transaction.atomic
def fields_confirm(*, document: Document, by: User) -> int:
    """Record that every value a machine proposes for a document is right; returns how many there were."""
    document_lock(document_id=document.pk)
    values = values_for_document(document=document)
    proposed = [value for value in values if not value.is_human and value.state == ValueState.PROPOSED]
    for value in proposed:
        field_confirm(document=document, value_id=value.pk, by=by)
    return len(proposed)
