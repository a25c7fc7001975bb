"""The page of what needs a person, and the actions on it."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.policy import Action
from apps.core.errors import ConflictError
from apps.documents.models import Document
from apps.documents.selectors import visible_to
from apps.pipeline.models import PipelineRun, RunState
from apps.pipeline.selectors import latest_runs
from apps.pipeline.services.again import document_reprocess, run_retry
from apps.review.acceptance.selectors import alarms_in
from apps.review.models import TaskKind
from apps.review.selectors import drawn_first, open_tasks
from apps.review.services import UnknownTypeError, type_correct
from apps.web.attention.questions import questions_of
from apps.web.documents.access import DocumentRequest, may, on_document
from apps.web.documents.bulk import count_of
from apps.web.documents.rows import TROUBLED, rows_of
from apps.web.documents.types import type_choices, type_title
from apps.web.fields.queue import first_url
from apps.web.shell import WorkspaceRequest, in_workspace

MOST_QUESTIONS: Final = 20
MOST_FIELDS: Final = 10
MOST_DOCUMENTS: Final = 50
MOST_RETRIED: Final = 500


def _questions(request: WorkspaceRequest) -> dict[str, Any]:
    workspace_id = request.workspace.pk
    return {
        "questions": questions_of(user=request.user, workspace_id=workspace_id, most=MOST_QUESTIONS),
        "question_count": open_tasks(user=request.user, workspace_id=workspace_id, kind=TaskKind.TYPE).count(),
        "type_choices": type_choices(workspace_id=workspace_id),
        "can_review": may(request, Action.REVIEW),
    }


def _fields(request: WorkspaceRequest) -> dict[str, Any]:
    workspace_id = request.workspace.pk
    tasks = open_tasks(user=request.user, workspace_id=workspace_id, kind=TaskKind.FIELDS)
    shown, count = list(drawn_first(tasks)[:MOST_FIELDS]), tasks.count()
    return {
        "field_tasks": shown,
        "field_count": count,
        "field_more": count - len(shown),
        "first_field_url": first_url(user=request.user, workspace_id=workspace_id),
    }


@require_safe
@in_workspace()
def attention(request: WorkspaceRequest) -> HttpResponse:
    """Show open questions, and what failed with its reasons; failed documents come before those read in part."""
    visible = visible_to(user=request.user, workspace_id=request.workspace.pk)
    troubled = visible.filter(status__in=TROUBLED)
    bundles = open_tasks(user=request.user, workspace_id=request.workspace.pk, kind=TaskKind.BUNDLE)
    context = {
        **_questions(request),
        **_fields(request),
        "alarms": alarms_in(workspace_id=request.workspace.pk),
        "bundles": list(bundles[:MOST_QUESTIONS]),
        "bundle_count": bundles.count(),
        "rows": rows_of(list(troubled.order_by("status", "-received_at", "-pk")[:MOST_DOCUMENTS])),
        "troubled_count": troubled.count(),
        "can_edit": may(request, Action.EDIT),
    }
    return render(request, "attention/page.html", context)


def _retry(document: Document, run: PipelineRun | None, by: User) -> bool:
    """Try the parts again that were given up, or read the whole document anew; False while it is being processed."""
    if run is not None and run.state == RunState.PARTIAL and run_retry(run_id=run.pk, by=by):
        return True
    try:
        document_reprocess(document=document, by=by)
    except ConflictError:
        return False
    return True


@require_POST
@on_document(Action.EDIT)
def retry_one(request: DocumentRequest) -> HttpResponse:
    """Try one document again."""
    run = latest_runs(document_ids=[request.document.pk]).get(request.document.pk)
    if _retry(request.document, run, request.user):
        messages.success(request, f"“{request.document.title}” is being read again.")
    else:
        messages.warning(request, f"“{request.document.title}” is being processed already.")
    return redirect("web:attention")


@require_POST
@in_workspace(Action.EDIT)
def retry_all(request: WorkspaceRequest) -> HttpResponse:
    """Try every document again that failed or was read in part."""
    visible = visible_to(user=request.user, workspace_id=request.workspace.pk)
    documents = list(visible.filter(status__in=TROUBLED).order_by("-received_at")[:MOST_RETRIED])
    runs = latest_runs(document_ids=[document.pk for document in documents])
    started = sum(_retry(document, runs.get(document.pk), request.user) for document in documents)
    messages.success(request, f"Reading {count_of(started)} again.")
    return redirect("web:attention")


@require_POST
@on_document(Action.REVIEW)
def decide(request: DocumentRequest) -> HttpResponse:
    """Record a person's word on a type; htmx gets the questions that are left."""
    label = request.POST.get("label", "")
    is_part = bool(request.headers.get("HX-Request"))
    try:
        type_correct(document=request.document, label=label, by=request.user)
    except UnknownTypeError:
        messages.error(request, "There is no such type.")
    else:
        if not is_part:
            messages.success(request, f"Noted: “{request.document.title}” is “{type_title(label)}”.")
    if not is_part:
        return redirect("web:attention")
    response = render(request, "attention/questions.html", {**_questions(request), "is_update": True})
    patch_vary_headers(response, ["HX-Request"])
    return response
