"""Cutting a bundle: the thumbnails with the proposed cuts, and what a person decides."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.policy import Action
from apps.core.errors import DocintelError, NotFoundError
from apps.pipeline.services.bundles import bundle_keep_whole, bundle_split, can_split
from apps.web.bundles.sheets import TURNS, Sheet, asked_sheets, parts_of_sheets, proposed_sheets
from apps.web.documents.access import DocumentRequest, may, on_document
from apps.web.documents.bulk import count_of


@require_http_methods(["GET", "HEAD", "POST"])
@on_document()
def bundle(request: DocumentRequest) -> HttpResponse:
    """Show the pages; a form shows them anew, splits, or keeps the document whole."""
    if not can_split(request.document):
        raise NotFoundError("This document has no pages that could be cut apart.")
    if request.method != "POST":
        return _shown(request, proposed_sheets(request.document))
    if not may(request, Action.EDIT):
        raise PermissionDenied("Your role in this workspace does not allow that.")
    action = request.POST.get("action")
    if action == "whole":
        bundle_keep_whole(document=request.document, by=request.user)
        messages.success(request, f"Noted: “{request.document.title}” is one document.")
        return redirect("web:document_detail", request.document.pk)
    sheets = asked_sheets(request.document, request.POST)
    return _split(request, sheets) if action == "split" else _shown(request, sheets)


def _split(request: DocumentRequest, sheets: Sequence[Sheet]) -> HttpResponse:
    try:
        made = bundle_split(document=request.document, parts=parts_of_sheets(sheets), by=request.user)
    except DocintelError as error:
        messages.error(request, error.message)
        return _shown(request, sheets)
    messages.success(request, f"Made {count_of(len(made))} of “{request.document.title}”. The original is kept.")
    return redirect("web:document_tab", request.document.pk, "parts")


def _shown(request: DocumentRequest, sheets: Sequence[Sheet]) -> HttpResponse:
    context = {
        "document": request.document,
        "sheets": sheets,
        "turns": TURNS,
        "part_count": len(parts_of_sheets(sheets)),
        "can_edit": may(request, Action.EDIT),
    }
    return render(request, "bundles/page.html", context)
