"""Reading runs and their parts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from apps.core.prepared import Given, Prepared
from apps.pipeline.models import LIVE_RUN_STATES, LIVE_STEP_STATES, PipelineRun, StepRun, StepState
from apps.pipeline.table import BY_NAME

_TROUBLED = Prepared(
    lambda: StepRun.objects.filter(~Q(problems=[]) | Q(state=StepState.FAILED), run_id=Given("run_id")).order_by(
        "finished_at", "id"
    )
)


@dataclass(frozen=True)
class Progress:
    """How many parts of a run are laid out, and how many of them have ended."""

    done: int
    total: int


def latest_runs(*, document_ids: Iterable[UUID]) -> dict[UUID, PipelineRun]:
    """Return the newest run of each document, by document id; what is read beside is no matter of the document's."""
    runs = PipelineRun.objects.filter(document_id__in=list(document_ids), is_beside=False)
    return {run.document_id: run for run in runs.order_by("document_id", "-id").distinct("document_id")}


def progress_of(*, run_ids: Iterable[UUID]) -> dict[UUID, Progress]:
    """Count the parts of runs, by run id."""
    ended = Count("id", filter=~Q(state__in=LIVE_STEP_STATES))
    rows = StepRun.objects.filter(run_id__in=list(run_ids)).order_by().values("run_id")
    return {
        row["run_id"]: Progress(done=row["done"], total=row["total"])
        for row in rows.annotate(total=Count("id"), done=ended)
    }


def runs_of(*, document_id: UUID) -> QuerySet[PipelineRun]:
    """Return a document's runs, newest first; what is read beside is no matter of the document's."""
    return PipelineRun.objects.filter(document_id=document_id, is_beside=False).order_by("-id")


def run_with_progress(*, document_id: UUID) -> tuple[PipelineRun | None, Progress]:
    """Return a document's newest run and how far it is; without one nothing is laid out."""
    ended = Count("steps", filter=~Q(steps__state__in=LIVE_STEP_STATES))
    run = runs_of(document_id=document_id).annotate(laid_out=Count("steps"), ended=ended).first()
    return (run, Progress(done=run.ended, total=run.laid_out)) if run else (None, Progress(done=0, total=0))


def step_summaries(*, run_ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """Sum up the parts of runs by step: counts by outcome, first start, last end, milliseconds of work together."""
    steps = StepRun.objects.filter(run_id__in=list(run_ids)).order_by().values("run_id", "step")
    summed = steps.annotate(
        parts=Count("id"),
        live=Count("id", filter=Q(state__in=LIVE_STEP_STATES)),
        failed=Count("id", filter=Q(state=StepState.FAILED)),
        first_started_at=Min("started_at"),
        last_finished_at=Max("finished_at"),
        work_ms=Sum("duration_ms"),
    )
    return [dict(row) for row in summed.order_by("run_id", "step")]


def run_errors(*, run: PipelineRun) -> list[dict[str, Any]]:
    """Return what has gone wrong in a run so far, in the order it happened: [{code, message, page?, step}]."""
    if run.state not in LIVE_RUN_STATES:
        return list(run.errors)
    return [*run.earlier_errors, *errors_on_parts(run_id=run.pk)]


def errors_on_parts(*, run_id: UUID) -> list[dict[str, Any]]:
    """Gather what is noted on the parts of a run: why the dead ones died, and what was wrong with the others."""
    errors: list[dict[str, Any]] = []
    for part in _TROUBLED.rows(run_id=run_id):
        errors += [{**problem, "step": part.step} for problem in part.problems]
        if part.state == StepState.FAILED:
            errors.append({"code": part.error_code, "message": part.error_message, "step": part.step})
    return errors


def removed_parts() -> QuerySet[StepRun]:
    """Return the waiting parts of steps that this version does not have, so that no worker will ever claim them."""
    return StepRun.objects.filter(state=StepState.READY).exclude(step__in=BY_NAME)


def dead_letters_of(*, run_id: UUID) -> QuerySet[StepRun]:
    """Return the parts of a run that were given up."""
    return StepRun.objects.filter(run_id=run_id, state=StepState.FAILED).order_by("id")
