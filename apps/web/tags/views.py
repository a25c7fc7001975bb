"""The pages of tags: all of them with their figures, one version of the heads, and answers to suggestions."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.policy import Action
from apps.classification.engine.training.tag_calibration import FEWEST_OUTCOMES, PRECISION
from apps.classification.engine.training.tag_fit import FEWEST
from apps.classification.selectors import TAGS, active_version
from apps.classification.services import version_activate
from apps.classification.services.versions import version_is_usable
from apps.classification.suggestions.selectors import (
    last_tag_refit,
    tag_version_get,
    tag_versions_in,
    tags_listed,
)
from apps.core.errors import ConflictError
from apps.documents.selectors import visible_to
from apps.documents.tagging import UnknownTagError, tags_decide
from apps.web.documents.access import DocumentRequest, may, on_document
from apps.web.documents.bulk import back
from apps.web.shell import WorkspaceRequest, in_workspace

MOST_VERSIONS: Final = 20


@require_safe
@in_workspace()
def tag_list(request: WorkspaceRequest) -> HttpResponse:
    """List the tags with what people said of them and how good suggestions are, then the versions of the heads."""
    workspace_id = request.workspace.pk
    version = active_version(workspace_id=workspace_id, family=TAGS)
    context = {
        "rows": tags_listed(
            workspace_id=workspace_id, documents=visible_to(user=request.user, workspace_id=workspace_id)
        ),
        "in_use": version,
        "versions": list(tag_versions_in(workspace_id=workspace_id)[:MOST_VERSIONS]),
        "refit": last_tag_refit(workspace_id=workspace_id),
        "fewest": FEWEST,
        "fewest_outcomes": FEWEST_OUTCOMES,
        "precision": round(100 * PRECISION),
    }
    return render(request, "tags/list.html", context)


@require_safe
@in_workspace()
def tag_version(request: WorkspaceRequest, version_id: UUID) -> HttpResponse:
    """Show a version's figures, all of documents that the scored fit had not seen."""
    version = tag_version_get(workspace_id=request.workspace.pk, version_id=version_id)
    in_use = active_version(workspace_id=request.workspace.pk, family=TAGS)
    scores = version.metrics.get("tags", {}).values()
    context = {
        "learned": version,
        "is_in_use": version == in_use,
        "scores": sorted(scores, key=lambda score: (score["f1"], score["name"])),
        "can_activate": may(request, Action.MANAGE) and version != in_use and version_is_usable(version),
    }
    return render(request, "tags/version.html", context)


@require_POST
@in_workspace(Action.MANAGE)
def tag_version_activate(request: WorkspaceRequest, version_id: UUID) -> HttpResponse:
    """Put a version to use: also the way back from a worse one, until people say more."""
    version = tag_version_get(workspace_id=request.workspace.pk, version_id=version_id)
    try:
        version_activate(workspace_id=request.workspace.pk, version=version, by=request.user, family=TAGS)
    except ConflictError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "In use now. Tags are being suggested anew by it.")
    return redirect("web:tag_version", version_id)


@require_POST
@on_document(Action.REVIEW)
def document_decide_tag(request: DocumentRequest) -> HttpResponse:
    """Record a person's word on one tag: the button pressed says yes, no, or that no was said by mistake."""
    yes, no, forget = ([name] if (name := request.POST.get(button)) else [] for button in ("yes", "no", "forget"))
    try:
        tags_decide(document=request.document, by=request.user, accepted=yes, refused=no, forgotten=forget)
    except UnknownTagError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _noted(request))
    return back(request, "web:document_list")


def _noted(request: DocumentRequest) -> str:
    if name := request.POST.get("yes"):
        return f"Tagged “{name}”. Taking the tag off takes that back."
    if name := request.POST.get("no"):
        return f"Noted: not “{name}”. It is not suggested for “{request.document.title}” again."
    return "Taken back."
