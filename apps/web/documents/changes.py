"""Changing one document: title, tags, type, another reading, the trash."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.accounts.policy import Action
from apps.core.errors import ConflictError
from apps.documents.services import TITLE_LENGTH, document_update, documents_trash
from apps.pipeline.selectors import latest_runs
from apps.pipeline.services.again import document_reprocess as reprocess
from apps.pipeline.services.again import run_retry
from apps.review.services import UnknownTypeError, type_correct
from apps.web.documents.access import DocumentRequest, on_document
from apps.web.documents.bulk import back
from apps.web.documents.tags import tag_names
from apps.web.documents.types import type_title


def _return(request: DocumentRequest) -> HttpResponse:
    if request.POST.get("next"):
        return back(request, "web:document_list")
    return redirect("web:document_detail", request.document.pk)


@require_POST
@on_document(Action.EDIT)
def document_edit(request: DocumentRequest) -> HttpResponse:
    """Rename a document, set its tags, or both: what the form does not hold stays as it is."""
    title = request.POST.get("title")
    typed_tags = request.POST.get("tags")
    if title is not None and not title.strip():
        messages.error(request, "A document needs a title.")
        return _return(request)
    document_update(
        document=request.document,
        by=request.user,
        title=title.replace("\x00", "").strip()[:TITLE_LENGTH] if title else None,
        tags=None if typed_tags is None else tag_names(typed_tags),
    )
    return _return(request)


@require_POST
@on_document(Action.REVIEW)
def document_type(request: DocumentRequest) -> HttpResponse:
    """Record what a person says the document is, be it the model's own word or another."""
    label = request.POST.get("label", "")
    try:
        type_correct(document=request.document, label=label, by=request.user)
    except UnknownTypeError:
        messages.error(request, "There is no such type.")
    else:
        messages.success(request, f"Noted: this is “{type_title(label)}”.")
    return _return(request)


@require_POST
@on_document(Action.EDIT)
def document_reprocess(request: DocumentRequest) -> HttpResponse:
    """Read the document once more; the reading shown stays until the new one is there."""
    try:
        reprocess(document=request.document, by=request.user)
    except ConflictError as error:
        messages.warning(request, error.message)
    return _return(request)


@require_POST
@on_document(Action.EDIT)
def document_retry(request: DocumentRequest) -> HttpResponse:
    """Try the parts once more that were given up."""
    run = latest_runs(document_ids=[request.document.pk]).get(request.document.pk)
    count = run_retry(run_id=run.pk, by=request.user) if run else 0
    if not count:
        messages.warning(request, "There is nothing left to try again.")
    return _return(request)


@require_POST
@on_document(Action.DELETE)
def document_trash(request: DocumentRequest) -> HttpResponse:
    """Move the document to the trash."""
    documents_trash(documents=[request.document], by=request.user)
    messages.success(request, f"“{request.document.title}” is in the trash.")
    return redirect("web:document_list")
