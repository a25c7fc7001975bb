"""The pages of what was learned: all receipts, one with its documents, taking it back, a line for a document's page."""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.policy import Action
from apps.classification.experiments.selectors import experiment_running
from apps.classification.models import ModelState, Refit, RefitCause, RefitState
from apps.classification.selectors import refit_get, refit_of_correction, refits_in
from apps.classification.services import refit_request
from apps.classification.services.versions import CONFIGURED
from apps.core.errors import ConflictError
from apps.documents.selectors import visible_to
from apps.review.selectors import corrections_of
from apps.review.services.learning import refit_undo
from apps.web.documents.access import DocumentRequest, may, on_document
from apps.web.documents.bulk import count_of
from apps.web.shell import WorkspaceRequest, in_workspace

MOST_SHOWN: Final = 50
MOST_CHANGES: Final = 500


@require_safe
@in_workspace()
def refit_list(request: WorkspaceRequest) -> HttpResponse:
    """List what was learned, newest first."""
    refits = list(refits_in(workspace_id=request.workspace.pk)[:MOST_SHOWN])
    can_edit = may(request, Action.EDIT) and not settings.TYPE_MODEL
    context = {"refits": refits, "can_edit": can_edit, "is_configured": bool(settings.TYPE_MODEL)}
    return render(request, "learning/list.html", context)


@require_POST
@in_workspace(Action.EDIT)
def refit_look_again(request: WorkspaceRequest) -> HttpResponse:
    """Look through the pending documents with the types as they are now; not where a configured model types them."""
    if settings.TYPE_MODEL:
        messages.error(request, CONFIGURED)
        return redirect("web:refit_list")
    refit = refit_request(workspace_id=request.workspace.pk, cause=RefitCause.TYPES, by=request.user)
    messages.success(request, "Documents that nobody confirmed are being looked through with the types there are now.")
    return redirect("web:refit_detail", refit.pk)


@require_safe
@in_workspace()
def refit_detail(request: WorkspaceRequest, refit_id: UUID) -> HttpResponse:
    """Show a receipt: what was said, which documents changed, and how long it took."""
    refit = refit_get(workspace_id=request.workspace.pk, refit_id=refit_id)
    there = visible_to(user=request.user, workspace_id=request.workspace.pk)
    changes = refit.changes.filter(document__in=there).select_related("document")[:MOST_CHANGES]
    context = {
        "refit": refit,
        "changes": list(changes),
        "is_under_way": is_under_way(refit),
        "is_held": is_held(refit),
        "is_beside": is_beside(refit),
        "is_configured": bool(settings.TYPE_MODEL),
        "can_undo": may(request, Action.REVIEW) and _can_undo(refit),
    }
    return render(request, "learning/detail.html", context)


@require_POST
@in_workspace(Action.REVIEW)
def refit_take_back(request: WorkspaceRequest, refit_id: UUID) -> HttpResponse:
    """Take back what was said and what changed because of it."""
    refit = refit_get(workspace_id=request.workspace.pk, refit_id=refit_id)
    try:
        count = refit_undo(refit=refit, by=request.user)
    except ConflictError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, f"Taken back: {count_of(count)} as before.")
    return redirect("web:refit_detail", refit_id)


@require_safe
@on_document()
def document_learned(request: DocumentRequest) -> HttpResponse:
    """Tell in a line what was learned from the last word on a document's type; asked for until it is known."""
    last = corrections_of(document_id=request.document.pk).filter(subject="type").first()
    refit = refit_of_correction(workspace_id=request.workspace.pk, correction_id=last.pk) if last else None
    context: dict[str, Any] = {"refit": refit, "document": request.document}
    context |= {
        "is_under_way": refit is not None and is_under_way(refit),
        "is_held": refit is not None and is_held(refit),
        "is_beside": refit is not None and is_beside(refit),
    }
    return render(request, "learning/line.html", context)


def is_under_way(refit: Refit) -> bool:
    """Tell whether a refit is yet to end."""
    return refit.state in {RefitState.READY, RefitState.RUNNING}


def is_held(refit: Refit) -> bool:
    """Tell whether a refit waits until an experiment ends."""
    return refit.state == RefitState.READY and experiment_running(workspace_id=refit.workspace_id) is not None


def is_beside(refit: Refit) -> bool:
    """Tell whether what was said is not in use, as somebody put another version to use before it was learned."""
    if refit.cause == RefitCause.ACTIVATION:
        return bool(refit.corrections)
    return refit.model_version is not None and refit.model_version.state == ModelState.CANDIDATE


def _can_undo(refit: Refit) -> bool:
    return refit.state == RefitState.SUCCEEDED and refit.undone_at is None and bool(refit.corrections)
