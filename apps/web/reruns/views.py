"""The pages of re-runs: all of them, one with its documents, the two readings of one document."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.policy import Action
from apps.classification.models import ModelVersion
from apps.classification.selectors import prediction_of, version_get, versions_seen
from apps.classification.services.versions import version_is_usable
from apps.core.errors import ConflictError
from apps.documents.models import Document
from apps.documents.selectors import visible_to
from apps.pipeline.models import LIVE_RUN_STATES, Rerun, RerunDecision, RerunItem
from apps.pipeline.reruns.differences import Kind
from apps.pipeline.reruns.figures import compared, figures_of, sums
from apps.pipeline.reruns.selectors import item_get, items_of, rerun_get, reruns_in
from apps.pipeline.reruns.services import item_discard, item_promote, items_discard, items_promote, rerun_start
from apps.web.documents.access import DocumentRequest, may, on_document
from apps.web.documents.bulk import MOST_DOCUMENTS, count_of
from apps.web.documents.types import type_choices
from apps.web.fields.editing import uuid_in
from apps.web.shell import WorkspaceRequest, in_workspace

MOST_SHOWN: Final = 50
MOST_VERSIONS: Final = 20


@require_safe
@in_workspace()
def rerun_list(request: WorkspaceRequest) -> HttpResponse:
    """List what was read once more beside, newest first, and start another one."""
    context = {
        "reruns": list(reruns_in(workspace_id=request.workspace.pk)[:MOST_SHOWN]),
        "can_edit": may(request, Action.EDIT),
        "type_choices": type_choices(workspace_id=request.workspace.pk),
        "versions": _versions(request),
        "most": MOST_DOCUMENTS,
    }
    return render(request, "reruns/list.html", context)


@require_POST
@in_workspace(Action.EDIT)
def rerun_begin(request: WorkspaceRequest) -> HttpResponse:
    """Read the newest documents of a type once more beside, typed by a chosen version."""
    documents = visible_to(user=request.user, workspace_id=request.workspace.pk).order_by("-received_at", "-pk")
    if label := request.POST.get("type", ""):
        documents = documents.filter(type_label=label)
    asked = request.POST.get("count", "")
    count = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else MOST_DOCUMENTS
    version_id = uuid_in(request.POST.get("version"))
    version = version_get(workspace_id=request.workspace.pk, version_id=version_id) if version_id else None
    return _started(request, list(documents[: min(count, MOST_DOCUMENTS)]), version)


@require_POST
@on_document(Action.EDIT)
def document_beside(request: DocumentRequest) -> HttpResponse:
    """Read one document once more beside."""
    return _started(request, [request.document], None)


def _started(request: WorkspaceRequest, documents: list[Document], version: ModelVersion | None) -> HttpResponse:
    try:
        made = rerun_start(workspace_id=request.workspace.pk, chosen=documents, by=request.user, version=version)
    except ConflictError as error:
        messages.warning(request, error.message)
        return redirect("web:rerun_list")
    return redirect("web:rerun_detail", made.pk)


@require_safe
@in_workspace()
def rerun_detail(request: WorkspaceRequest, rerun_id: UUID) -> HttpResponse:
    """Show what differs in all documents of a re-run together, and each of them in a line."""
    rerun = rerun_get(workspace_id=request.workspace.pk, rerun_id=rerun_id)
    items = list(items_of(user=request.user, rerun=rerun))
    rows = [(item, figures_of(item)) for item in items]
    context = {
        "rerun": rerun,
        "rows": rows,
        "sums": sums(figures for _, figures in rows if figures is not None),
        "waiting": sum(item.decision == RerunDecision.PENDING for item in items),
        "is_under_way": any(_is_live(item) for item in items),
        "can_edit": may(request, Action.EDIT),
    }
    return render(request, "reruns/detail.html", context)


@require_safe
@in_workspace()
def rerun_document(request: WorkspaceRequest, rerun_id: UUID, item_id: UUID) -> HttpResponse:
    """Show the values of a document's two readings side by side."""
    rerun, item = _found(request, rerun_id, item_id)
    is_there = item.decision == RerunDecision.PENDING and not _is_live(item)
    found = compared(item) if is_there or item.decision == RerunDecision.PROMOTED else None
    context = {
        "rerun": rerun,
        "item": item,
        "figures": found.figures if found else figures_of(item),
        "differing": [each for each in found.values if each.kind is not Kind.SAME] if found else [],
        "same": [each for each in found.values if each.kind is Kind.SAME] if found else [],
        "made": _made(item) if found else None,
        "is_under_way": _is_live(item),
        "has_failed": item.run is not None and item.run.state == "FAILED",
        "can_decide": is_there and may(request, Action.EDIT),
    }
    return render(request, "reruns/document.html", context)


@require_POST
@in_workspace(Action.EDIT)
def rerun_promote(request: WorkspaceRequest, rerun_id: UUID) -> HttpResponse:
    """Make all new readings current that wait for a decision."""
    return _decided(request, rerun_id, items_promote, "Promoted {}.")


@require_POST
@in_workspace(Action.EDIT)
def rerun_discard(request: WorkspaceRequest, rerun_id: UUID) -> HttpResponse:
    """Remove all new readings that wait for a decision."""
    return _decided(request, rerun_id, items_discard, "Discarded {}.")


@require_POST
@in_workspace(Action.EDIT)
def rerun_document_promote(request: WorkspaceRequest, rerun_id: UUID, item_id: UUID) -> HttpResponse:
    """Make one document's new reading the current one."""
    return _decided_one(request, rerun_id, item_id, item_promote, "The document shows the new reading.")


@require_POST
@in_workspace(Action.EDIT)
def rerun_document_discard(request: WorkspaceRequest, rerun_id: UUID, item_id: UUID) -> HttpResponse:
    """Remove one document's new reading."""
    return _decided_one(request, rerun_id, item_id, item_discard, "The new reading is gone.")


def _decided(request: WorkspaceRequest, rerun_id: UUID, decide: Callable[..., int], words: str) -> HttpResponse:
    rerun = rerun_get(workspace_id=request.workspace.pk, rerun_id=rerun_id)
    waiting = list(items_of(user=request.user, rerun=rerun).filter(decision=RerunDecision.PENDING))
    count = decide(items=waiting, by=request.user)
    note = f" {count_of(passed).capitalize()} passed over." if (passed := len(waiting) - count) else ""
    messages.success(request, words.format(count_of(count)) + note)
    return redirect("web:rerun_detail", rerun_id)


def _decided_one(
    request: WorkspaceRequest, rerun_id: UUID, item_id: UUID, decide: Callable[..., None], words: str
) -> HttpResponse:
    _, item = _found(request, rerun_id, item_id)
    try:
        decide(item=item, by=request.user)
    except ConflictError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, words)
    return redirect("web:rerun_document", rerun_id, item_id)


def _found(request: WorkspaceRequest, rerun_id: UUID, item_id: UUID) -> tuple[Rerun, RerunItem]:
    rerun = rerun_get(workspace_id=request.workspace.pk, rerun_id=rerun_id)
    return rerun, item_get(user=request.user, rerun=rerun, item_id=item_id)


def _made(item: RerunItem) -> dict[str, str]:
    """Tell which docintel made the two readings, which versions typed them, and whether the settings were the same."""
    told = {}
    for name, reading in (("before", item.before), ("after", item.after)):
        prediction = prediction_of(reading_id=reading.pk) if reading else None
        typed = f", types by {prediction.model_version.version}" if prediction else ""
        told[name] = f"{reading.producer}{typed}" if reading else "a reading that is gone"
    is_same = item.before and item.after and item.before.config_hash == item.after.config_hash
    return {**told, "settings": "the same" if is_same else "others"}


def _is_live(item: RerunItem) -> bool:
    return item.run is not None and item.run.is_beside and item.run.state in LIVE_RUN_STATES


def _versions(request: WorkspaceRequest) -> list[ModelVersion]:
    found = versions_seen(workspace_id=request.workspace.pk).select_related("weights")[:MOST_VERSIONS]
    return [each for each in found if version_is_usable(each)]
