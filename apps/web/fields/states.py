"""Where a document stands with the clerk, and the warnings about it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from apps.accounts.policy import Action
from apps.core.errors import NotFoundError
from apps.review.models import AccountingState
from apps.review.selectors import warnings_of
from apps.review.services.accounting import accounting_set
from apps.review.services.warnings import warning_dismiss as dismiss
from apps.web.documents.access import DocumentRequest, on_document
from apps.web.documents.bulk import back
from apps.web.fields.editing import text_in
from apps.web.fields.views import answer

CHOOSABLE = (AccountingState.TO_CHECK, AccountingState.APPROVED)


@require_POST
@on_document(Action.REVIEW)
def document_accounting(request: DocumentRequest) -> HttpResponse:
    """Approve a document, or take that back; only an export makes it exported."""
    state = text_in(request.POST, "state").upper()
    if state not in CHOOSABLE:
        messages.error(request, "There is no such state.")
        return answer(request)
    accounting_set(documents=[request.document], state=AccountingState(state), by=request.user)
    return answer(request)


@require_POST
@on_document(Action.REVIEW)
def warning_dismiss(request: DocumentRequest, warning_id: UUID) -> HttpResponse:
    """Note that a warning was seen and that all is right."""
    warning = warnings_of(document_id=request.document.pk, dismissed=True).filter(pk=warning_id).first()
    if warning is None:
        raise NotFoundError
    dismiss(warning=warning, by=request.user)
    return back(request, "web:document_list")
