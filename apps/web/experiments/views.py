"""The pages of experiments."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.policy import Action
from apps.classification.experiments.planning import plan_of, plans_beside
from apps.classification.experiments.results import result_of
from apps.classification.experiments.selectors import experiment_get, experiments_in
from apps.classification.experiments.services import (
    experiment_create,
    experiment_promote,
    experiment_roll_back,
    experiment_start,
    experiment_stop,
)
from apps.classification.models import Experiment, ExperimentMode, ExperimentState, ModelVersion
from apps.classification.selectors import active_version, versions_in
from apps.classification.services import shipped_version
from apps.classification.services.versions import version_is_usable
from apps.core.errors import UserError
from apps.web.documents.access import may
from apps.web.experiments.forms import ExperimentForm
from apps.web.experiments.words import counted, evidence_chart, verdict_of
from apps.web.shell import WorkspaceRequest, in_workspace

MOST_SHOWN: Final = 50
MOST_VERSIONS: Final = 20


@require_safe
@in_workspace()
def experiment_list(request: WorkspaceRequest) -> HttpResponse:
    """List the experiments, newest first, with what they have shown."""
    found = list(experiments_in(workspace_id=request.workspace.pk)[:MOST_SHOWN])
    rows = [(each, verdict_of(each, result)) for each in found for result in (result_of(each),)]
    can_manage = may(request, Action.MANAGE) and not settings.TYPE_MODEL
    context = {"rows": rows, "can_manage": can_manage, "is_configured": bool(settings.TYPE_MODEL)}
    return render(request, "experiments/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_workspace(Action.MANAGE)
def experiment_new(request: WorkspaceRequest) -> HttpResponse:
    """Show the plan of an experiment before anything is stored, then store it."""
    in_use = active_version(workspace_id=request.workspace.pk) or shipped_version()
    versions = _others(request, in_use)
    form = ExperimentForm(
        request.POST or None,
        versions=versions,
        chosen=request.GET.get("treatment", ""),
        expected_rate=in_use.metrics.get("accuracy"),
    )
    context: dict[str, Any] = {"form": form, "in_use": in_use, "versions": versions}
    if request.method == "POST" and form.is_valid():
        try:
            draft = form.draft()
            if request.POST.get("action") == "create":
                made = experiment_create(workspace_id=request.workspace.pk, draft=draft, by=request.user)
                return redirect("web:experiment_detail", made.pk)
            context |= {"plan": plan_of(draft), "others": plans_beside(draft)}
            context["is_live"] = draft.mode == ExperimentMode.LIVE
        except UserError as error:
            form.add_error(None, error.message)
    return render(request, "experiments/new.html", context, status=422 if form.errors else 200)


@require_safe
@in_workspace()
def experiment_detail(request: WorkspaceRequest, experiment_id: UUID) -> HttpResponse:
    """Show what an experiment has shown so far, its plan, and what can be done about it."""
    experiment = experiment_get(workspace_id=request.workspace.pk, experiment_id=experiment_id)
    result = result_of(experiment)
    chart = evidence_chart(result)
    context = {
        "experiment": experiment,
        "result": result,
        "arms": [
            ("Control", experiment.control, result.control),
            ("Treatment", experiment.treatment, result.treatment),
        ],
        "verdict": verdict_of(experiment, result),
        "counted": counted(experiment),
        "is_live": experiment.mode == ExperimentMode.LIVE,
        "chart": chart,
        "chart_data": {chart.id: chart.data} if chart else {},
        "can": _moves(experiment) if may(request, Action.MANAGE) else set(),
        "is_configured": bool(settings.TYPE_MODEL),
    }
    return render(request, "experiments/detail.html", context)


@require_POST
@in_workspace(Action.MANAGE)
def experiment_begin(request: WorkspaceRequest, experiment_id: UUID) -> HttpResponse:
    """Let documents take part from now on."""
    return _moved(request, experiment_id, experiment_start, "Started. Documents that come in now take part.")


@require_POST
@in_workspace(Action.MANAGE)
def experiment_end(request: WorkspaceRequest, experiment_id: UUID) -> HttpResponse:
    """End an experiment with the control in use."""
    return _moved(request, experiment_id, experiment_stop, "Stopped. The control stays in use.")


@require_POST
@in_workspace(Action.MANAGE)
def experiment_put_to_use(request: WorkspaceRequest, experiment_id: UUID) -> HttpResponse:
    """Put the treatment to use."""
    words = "In use now. Documents that nobody confirmed are being typed once more by the treatment."
    return _moved(request, experiment_id, experiment_promote, words)


@require_POST
@in_workspace(Action.MANAGE)
def experiment_go_back(request: WorkspaceRequest, experiment_id: UUID) -> HttpResponse:
    """Put the control to use again."""
    words = "Back to the control. Documents that nobody confirmed are being typed once more by it."
    return _moved(request, experiment_id, experiment_roll_back, words)


def _moved(request: WorkspaceRequest, experiment_id: UUID, move: Callable[..., None], words: str) -> HttpResponse:
    experiment = experiment_get(workspace_id=request.workspace.pk, experiment_id=experiment_id)
    try:
        move(experiment=experiment, by=request.user)
    except UserError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, words)
    return redirect("web:experiment_detail", experiment_id)


def _others(request: WorkspaceRequest, in_use: ModelVersion) -> list[ModelVersion]:
    """Return the versions that can be compared with the one in use, newest first."""
    own = versions_in(workspace_id=request.workspace.pk).select_related("weights")[:MOST_VERSIONS]
    return [each for each in (*own, shipped_version()) if each != in_use and version_is_usable(each)]


def _moves(experiment: Experiment) -> set[str]:
    """Return what can be done with an experiment; in the shadow there is nothing to go back from before it ended.

    Where a configured model types documents no version can be put to use.
    """
    if settings.TYPE_MODEL:
        return {
            ExperimentState.PLANNED.value: {"drop"},
            ExperimentState.RUNNING.value: {"stop"},
        }.get(experiment.state, set())
    was_shown = {"roll_back"} if experiment.mode == ExperimentMode.LIVE else set()
    return {
        ExperimentState.PLANNED.value: {"start", "drop"},
        ExperimentState.RUNNING.value: {"stop", "promote"} | was_shown,
        ExperimentState.STOPPED.value: {"promote"} if experiment.started_at else set(),
        ExperimentState.PROMOTED.value: {"roll_back"},
    }.get(experiment.state, set())
