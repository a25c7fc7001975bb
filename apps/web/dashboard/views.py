"""The dashboard, and the parts of it that keep themselves up to date while documents are being processed."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.policy import Action
from apps.documents.selectors import visible_to
from apps.insights.selectors import workspace_figures
from apps.pipeline.services.samples import samples_present
from apps.web.attention.questions import questions_of
from apps.web.dashboard.charts import charts_of
from apps.web.dashboard.words import duration, time_left
from apps.web.documents.access import may
from apps.web.documents.rows import rows_of
from apps.web.shell import WorkspaceRequest, in_workspace

MOST_RECENT: Final = 8
MOST_QUESTIONS: Final = 4
MOST_FAILURES: Final = 5


def _context(request: WorkspaceRequest) -> dict[str, Any]:
    workspace_id = request.workspace.pk
    figures = workspace_figures(user=request.user, workspace_id=workspace_id)
    charts = charts_of(figures)
    waits = figures["durations_s"]
    recent = visible_to(user=request.user, workspace_id=workspace_id).order_by("-created_at", "-pk")[:MOST_RECENT]
    return {
        "figures": figures,
        "charts": charts,
        "chart_data": {name: chart.data for name, chart in charts.items()},
        "attention_total": sum(figures["attention"].values()),
        "searchable": {"p50": duration(waits["searchable"]["p50"]), "p95": duration(waits["searchable"]["p95"])},
        "finished": {"p50": duration(waits["finished"]["p50"]), "p95": duration(waits["finished"]["p95"])},
        "is_busy": figures["queue"]["documents"] > 0,
        "time_left": time_left(figures["queue"]["eta_s"]),
        "rows": rows_of(list(recent)),
        "failures": figures["failures"][:MOST_FAILURES],
        "questions": questions_of(user=request.user, workspace_id=workspace_id, most=MOST_QUESTIONS),
        "can_edit": may(request, Action.EDIT),
        "can_delete": may(request, Action.DELETE),
        "can_review": may(request, Action.REVIEW),
        "here": "/",
    }


@require_safe
@in_workspace()
def dashboard(request: WorkspaceRequest) -> HttpResponse:
    """Show the workspace at a glance, or the first steps where it holds nothing yet."""
    context = _context(request)
    if not context["figures"]["documents"]["total"]:
        return render(request, "dashboard/first_steps.html", context)
    context["has_samples"] = samples_present(workspace_id=request.workspace.pk)
    return render(request, "dashboard/page.html", context)


@require_safe
@in_workspace()
def dashboard_live(request: WorkspaceRequest) -> HttpResponse:
    """Give the changing parts anew; they ask again only while something is being processed."""
    return render(request, "dashboard/update.html", {**_context(request), "is_update": True})
