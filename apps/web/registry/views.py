"""The pages of model versions."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.policy import Action
from apps.classification.models import ModelVersion
from apps.classification.selectors import configured_version_seen, version_get, versions_in
from apps.classification.services import shipped_version, version_activate
from apps.classification.services.versions import version_in_use, version_is_usable
from apps.core.errors import ConflictError
from apps.web.documents.access import may
from apps.web.registry.figures import confusions_of, figures_of, labels_of, learning_of, reliability_of
from apps.web.registry.rankings import rankings_in
from apps.web.shell import WorkspaceRequest, in_workspace

MOST_SHOWN: Final = 50


@require_safe
@in_workspace()
def model_list(request: WorkspaceRequest) -> HttpResponse:
    """List the shipped version and those learned here, newest first."""
    own = list(versions_in(workspace_id=request.workspace.pk)[:MOST_SHOWN])
    in_use = _in_use(request)
    configured = configured_version_seen()
    versions = [*([configured] if configured else []), *own, shipped_version()]
    context = {
        "rows": [(version, version.pk == in_use.pk) for version in versions],
        "is_configured": is_configured(),
        "rankings": rankings_in(request.workspace.pk),
        "can_manage": may(request, Action.MANAGE),
    }
    return render(request, "registry/list.html", context)


@require_safe
@in_workspace()
def model_detail(request: WorkspaceRequest, version_id: UUID) -> HttpResponse:
    """Show a version's figures, all of documents that the scored fit had not seen."""
    version = version_get(workspace_id=request.workspace.pk, version_id=version_id)
    reliability, learning = reliability_of(version), learning_of(version)
    in_use = _in_use(request)
    context = {
        "learned": version,
        "is_in_use": version.pk == in_use.pk,
        "in_use": in_use,
        "figures": figures_of(version),
        "held_out": version.metrics.get("documents") or version.metrics.get("held_out"),
        "curve": version.metrics.get("few_examples") or [],
        "labels": labels_of(version),
        "confusions": confusions_of(version),
        "reliability": reliability,
        "learning": learning,
        "chart_data": {chart.id: chart.data for chart in (reliability, learning) if chart},
        "can_activate": _can_activate(request, version, in_use),
        "is_configured": is_configured(),
    }
    return render(request, "registry/detail.html", context)


@require_safe
@in_workspace()
def model_compare(request: WorkspaceRequest) -> HttpResponse:
    """Show two versions' figures side by side; without a choice, the newest beside the shipped one."""
    versions = [*versions_in(workspace_id=request.workspace.pk)[:MOST_SHOWN], shipped_version()]
    by_id = {str(version.pk): version for version in versions}
    first = by_id.get(request.GET.get("a", ""), versions[0])
    second = by_id.get(request.GET.get("b", ""), versions[-1])
    context = {"versions": versions, "first": first, "second": second, "figures": figures_of(first, second)}
    return render(request, "registry/compare.html", context)


@require_POST
@in_workspace(Action.MANAGE)
def model_activate(request: WorkspaceRequest, version_id: UUID) -> HttpResponse:
    """Put a version to use, or the shipped one: also the way back from a worse one."""
    version = version_get(workspace_id=request.workspace.pk, version_id=version_id)
    try:
        chosen = version if version.workspace_id else None
        version_activate(workspace_id=request.workspace.pk, version=chosen, by=request.user)
    except ConflictError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "In use now. Documents that nobody confirmed are being typed once more by it.")
    return redirect("web:model_detail", version_id)


def _in_use(request: WorkspaceRequest) -> ModelVersion:
    return version_in_use(workspace_id=request.workspace.pk)


def _can_activate(request: WorkspaceRequest, version: ModelVersion, in_use: ModelVersion) -> bool:
    is_other = version.pk != in_use.pk and version_is_usable(version)
    return may(request, Action.MANAGE) and is_other and not is_configured()


def is_configured() -> bool:
    """Tell whether a configured model types all documents, so that no version here can be put to use."""
    return bool(settings.TYPE_MODEL)
