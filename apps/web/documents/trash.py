"""The trash: what lies there, taking it out, deleting it for good."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.policy import Action
from apps.documents.selectors import visible_to
from apps.documents.services import documents_purge, documents_restore
from apps.web.documents.access import may
from apps.web.documents.bulk import chosen_documents, count_of
from apps.web.documents.keyset import cut
from apps.web.shell import WorkspaceRequest, in_workspace


@require_safe
@in_workspace()
def trash(request: WorkspaceRequest) -> HttpResponse:
    """List the documents in the trash."""
    documents = visible_to(user=request.user, workspace_id=request.workspace.pk, in_trash=True)
    found = cut(documents, before=request.GET.get("before", ""), after=request.GET.get("after", ""))
    context = {
        "documents": found.documents,
        "previous_url": f"?before={found.newer}" if found.newer else "",
        "next_url": f"?after={found.older}" if found.older else "",
        "count": documents.count(),
        "days": settings.TRASH_DAYS,
        "can_delete": may(request, Action.DELETE),
    }
    return render(request, "documents/trash.html", context)


@require_POST
@in_workspace(Action.DELETE)
def trash_restore(request: WorkspaceRequest) -> HttpResponse:
    """Take the ticked documents out of the trash."""
    documents = chosen_documents(request, in_trash=True)
    if documents:
        documents_restore(documents=documents, by=request.user)
        messages.success(request, f"Restored {count_of(len(documents))}.")
    else:
        messages.warning(request, "Nothing was chosen: tick documents first.")
    return redirect("web:trash")


@require_POST
@in_workspace(Action.DELETE)
def trash_delete(request: WorkspaceRequest) -> HttpResponse:
    """Delete the ticked documents for good."""
    documents = chosen_documents(request, in_trash=True)
    if documents:
        documents_purge(documents=documents, by=request.user)
        messages.success(request, f"Deleted {count_of(len(documents))} for good.")
    else:
        messages.warning(request, "Nothing was chosen: tick documents first.")
    return redirect("web:trash")


@require_POST
@in_workspace(Action.DELETE)
def trash_empty(request: WorkspaceRequest) -> HttpResponse:
    """Delete everything in the workspace's trash for good."""
    documents = visible_to(user=request.user, workspace_id=request.workspace.pk, in_trash=True)
    count = documents_purge(documents=documents, by=request.user)
    messages.success(request, f"The trash is empty: {count_of(count)} deleted for good.")
    return redirect("web:trash")
