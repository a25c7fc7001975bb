"""Doing one thing to many documents."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from apps.accounts.policy import Action
from apps.core.errors import ConflictError
from apps.documents.models import Document
from apps.documents.selectors import visible_to
from apps.documents.services import documents_trash
from apps.documents.tagging import documents_tag
from apps.pipeline.reruns.services import rerun_start
from apps.pipeline.services.again import documents_reprocess
from apps.review.models import AccountingState
from apps.review.services import UnknownTypeError, types_correct
from apps.review.services.accounting import accounting_set
from apps.web.documents.access import may
from apps.web.documents.tags import tag_names
from apps.web.documents.types import type_title
from apps.web.shell import WorkspaceRequest, in_workspace

MOST_DOCUMENTS = 200


def count_of(number: int) -> str:
    """Return "1 document" or "n documents"."""
    return "1 document" if number == 1 else f"{number} documents"


def back(request: HttpRequest, fallback: str) -> HttpResponse:
    """Go to where the form says it was shown, if that is a page of ours."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if is_ours and target.startswith("/") else fallback)


def chosen_documents(request: WorkspaceRequest, *, in_trash: bool = False) -> list[Document]:
    """Return the ticked documents of the workspace that the person sees; anything else is passed over."""
    ids = []
    for value in request.POST.getlist("ids")[:MOST_DOCUMENTS]:
        try:
            ids.append(UUID(value))
        except ValueError:
            continue
    visible = visible_to(user=request.user, workspace_id=request.workspace.pk, in_trash=in_trash)
    return list(visible.filter(pk__in=ids))


def _tag(request: WorkspaceRequest, documents: list[Document]) -> str:
    names = tag_names(request.POST.get("tag", ""))
    if not names:
        return ""
    documents_tag(documents=documents, name=names[0], by=request.user)
    return f"Tagged {count_of(len(documents))} “{names[0]}”."


def _type(request: WorkspaceRequest, documents: list[Document]) -> str:
    label = request.POST.get("type", "")
    try:
        types_correct(documents=documents, label=label, by=request.user)
    except UnknownTypeError:
        return ""
    return f"{count_of(len(documents)).capitalize()} marked as {type_title(label).lower()}."


def _approve(request: WorkspaceRequest, documents: list[Document]) -> str:
    moved = accounting_set(documents=documents, state=AccountingState.APPROVED, by=request.user)
    passed = len(documents) - moved
    note = f" {count_of(passed).capitalize()} approved already." if passed else ""
    return f"Approved {count_of(moved)}.{note}"


def _reprocess(request: WorkspaceRequest, documents: list[Document]) -> str:
    started = documents_reprocess(documents=documents, by=request.user)
    passed = len(documents) - started
    note = f" {count_of(passed).capitalize()} passed over: being processed already." if passed else ""
    return f"Reading {count_of(started)} again.{note}"


def _beside(request: WorkspaceRequest, documents: list[Document]) -> str:
    try:
        made = rerun_start(workspace_id=request.workspace.pk, chosen=documents, by=request.user)
    except ConflictError as error:
        return error.message
    started = made.items.count()
    passed = len(documents) - started
    note = f" {count_of(passed).capitalize()} passed over." if passed else ""
    return f"Reading {count_of(started)} beside: see “Re-runs”.{note}"


def _trash(request: WorkspaceRequest, documents: list[Document]) -> str:
    documents_trash(documents=documents, by=request.user)
    return f"Moved {count_of(len(documents))} to the trash."


Change = Callable[[WorkspaceRequest, list[Document]], str]
CHANGES: dict[str, tuple[Action, Change]] = {
    "tag": (Action.EDIT, _tag),
    "type": (Action.REVIEW, _type),
    "approve": (Action.REVIEW, _approve),
    "reprocess": (Action.EDIT, _reprocess),
    "beside": (Action.EDIT, _beside),
    "trash": (Action.DELETE, _trash),
}


@require_POST
@in_workspace(Action.REVIEW)
def document_bulk(request: WorkspaceRequest) -> HttpResponse:
    """Tag, type, reprocess or trash the ticked documents."""
    action, change = CHANGES.get(request.POST.get("action", ""), (Action.VIEW, None))
    if not may(request, action):
        raise PermissionDenied("Your role in this workspace does not allow that.")
    documents = chosen_documents(request)
    if change is None or not documents:
        messages.warning(request, "Nothing was chosen: tick documents first, then say what to do with them.")
    elif said := change(request, documents):
        messages.success(request, said)
    else:
        messages.warning(request, "Give a tag or choose a type first.")
    return back(request, "web:document_list")
