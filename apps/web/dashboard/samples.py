"""Putting the sample documents into a workspace, and taking them out again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.accounts.policy import Action
from apps.pipeline.services.samples import samples_add, samples_remove
from apps.web.shell import WorkspaceRequest, in_workspace


@require_POST
@in_workspace(Action.EDIT)
def samples_load(request: WorkspaceRequest) -> HttpResponse:
    """Add the sample documents."""
    count = samples_add(workspace=request.workspace, by=request.user)
    messages.success(request, f"{count} sample documents are on their way. Watch them being read.")
    return redirect("web:dashboard")


@require_POST
@in_workspace(Action.DELETE)
def samples_delete(request: WorkspaceRequest) -> HttpResponse:
    """Delete the sample documents for good; a person's own documents stay."""
    count = samples_remove(workspace=request.workspace, by=request.user)
    messages.success(request, f"{count} sample documents were removed.")
    return redirect("web:dashboard")
