"""The live queue: what waits and runs now, and when it should be done by this installation's own history."""

from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from apps.pipeline.models import LIVE_RUN_STATES, PipelineRun, StepRun, StepState

RUNS_LOOKED_AT: Final = 200
FEWEST_RUNS: Final = 5

# The pace while there was work: from the end of the run before (or from its own start, when it had not come in by
# then) to a run's end. Idle time is left out by that.
PACE: Final = """
    SELECT avg(extract(epoch FROM finished_at - greatest(created_at, before))), count(*) FROM (
        SELECT created_at, finished_at, lag(finished_at) OVER (ORDER BY finished_at) AS before FROM (
            SELECT created_at, finished_at FROM pipeline_pipelinerun WHERE finished_at IS NOT NULL
            ORDER BY finished_at DESC LIMIT %s) AS recent) AS paced
"""


def queue_figures(*, workspace_id: UUID) -> dict[str, Any]:
    """Count a workspace's live documents and parts; `eta_s` is null while there is no history to tell it from."""
    live = PipelineRun.objects.filter(state__in=LIVE_RUN_STATES).aggregate(
        all=Count("id"), mine=Count("id", filter=Q(workspace_id=workspace_id))
    )
    parts = StepRun.objects.filter(workspace_id=workspace_id)  # counted apart: each state has a partial index
    return {
        "documents": live["mine"],
        "parts_ready": parts.filter(state=StepState.READY).count(),
        "parts_running": parts.filter(state=StepState.RUNNING).count(),
        "eta_s": _eta_s(live["all"]) if live["mine"] else None,
    }


def _eta_s(live_runs: int) -> float | None:
    """Expect all live runs to end at the recent pace: workers are shared by the workspaces."""
    with connection.cursor() as cursor:
        cursor.execute(PACE, [RUNS_LOOKED_AT])
        pace_s, count = cursor.fetchone()
    return float(pace_s) * live_runs if count >= FEWEST_RUNS else None
