"""The pages of types: all of them, adding one, changing or retiring one."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.policy import Action
from apps.classification import services as classification
from apps.classification.selectors import label_get, types_listed
from apps.classification.services import LabelDraft
from apps.core.errors import DocintelError
from apps.documents.selectors import visible_to
from apps.web.documents.access import may
from apps.web.fields.editing import text_in
from apps.web.shell import WorkspaceRequest, in_workspace


def _draft(request: WorkspaceRequest) -> LabelDraft:
    return LabelDraft(name=text_in(request.POST, "name"), description=text_in(request.POST, "description"))


@require_safe
@in_workspace()
def label_list(request: WorkspaceRequest) -> HttpResponse:
    """List the workspace's own types and those built in, with their confirmed examples."""
    documents = visible_to(user=request.user, workspace_id=request.workspace.pk)
    rows = types_listed(workspace_id=request.workspace.pk, documents=documents)
    context = {
        "own": [row for row in rows if not row.is_built_in and not row.is_retired],
        "built_in": sorted((row for row in rows if row.is_built_in), key=lambda row: (-row.confirmed_count, row.name)),
        "retired": [row for row in rows if row.is_retired],
        "can_edit": may(request, Action.EDIT),
        "is_configured": bool(settings.TYPE_MODEL),
    }
    return render(request, "labels/list.html", context)


@require_POST
@in_workspace(Action.EDIT)
def label_new(request: WorkspaceRequest) -> HttpResponse:
    """Add a type by its name and a sentence."""
    draft = _draft(request)
    try:
        label = classification.label_create(workspace_id=request.workspace.pk, draft=draft, by=request.user)
    except DocintelError as error:
        messages.error(request, error.message)
    else:
        looked = "" if settings.TYPE_MODEL else " Those that nobody confirmed are being looked through with it."
        messages.success(request, f"New documents can be “{label.name}” from now on.{looked}")
    return redirect("web:label_list")


@require_safe
@in_workspace()
def label_detail(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Show a type of the workspace's own, to be changed."""
    label = label_get(workspace_id=request.workspace.pk, slug=slug)
    documents = visible_to(user=request.user, workspace_id=request.workspace.pk).filter(type_label=slug)
    rows = types_listed(workspace_id=request.workspace.pk, documents=documents)
    row = next(row for row in rows if row.slug == slug)
    context = {"label": label, "row": row, "can_edit": may(request, Action.EDIT)}
    return render(request, "labels/detail.html", context)


@require_POST
@in_workspace(Action.EDIT)
def label_save(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Change a type's name and sentence."""
    label = label_get(workspace_id=request.workspace.pk, slug=slug)
    try:
        classification.label_edit(label=label, draft=_draft(request), by=request.user)
    except DocintelError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Saved.")
    return redirect("web:label_detail", slug)


@require_POST
@in_workspace(Action.EDIT)
def label_retire(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Propose a type no longer, or again."""
    label = label_get(workspace_id=request.workspace.pk, slug=slug)
    retired = request.POST.get("retired", "1") == "1"
    classification.label_retire(label=label, by=request.user, retired=retired)
    messages.success(request, f"“{label.name}” is {'no longer proposed' if retired else 'proposed again'}.")
    return redirect("web:label_detail", slug)
