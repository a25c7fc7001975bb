"""Ending a part: success with its results, failure with a reason, or another attempt later."""

import json
import random
import traceback
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now
from structlog import get_logger

from apps.core.clock import now
from apps.core.errors import BugError, DocintelError, TransientError, UserError
from apps.documents.services import document_lock
from apps.pipeline.models import StepRun, StepState
from apps.pipeline.outcome import Lease, LeaseLostError, Outcome, Problem
from apps.pipeline.services.runs import parts_add, run_advance, run_lock
from apps.pipeline.table import BY_NAME

log = get_logger(__name__)

MAX_ATTEMPTS = 3
MAX_ATTEMPTS_BUG = 2
LONGEST_MESSAGE = 2_000
SUCCEED = """
    UPDATE pipeline_steprun
    SET state = 'SUCCEEDED', lease_token = NULL, lease_expires_at = NULL, finished_at = %(ended)s,
        duration_ms = round(extract(epoch FROM %(ended)s - started_at) * 1000), problems = %(problems)s
    WHERE id = %(id)s AND state = 'RUNNING' AND lease_token = %(token)s
"""


def _hold(lease: Lease) -> None:
    """Lock the document of a part, before the part itself and its run: the order in which everybody locks.

    Raises LeaseLostError where the document was deleted for good.
    """
    if not document_lock(document_id=lease.document_id):
        raise LeaseLostError


def _end(lease: Lease, state: StepState, **columns: object) -> StepRun:
    """Move a part out of RUNNING if the lease is still ours, else raise LeaseLostError."""
    held = StepRun.objects.select_for_update().filter(pk=lease.step_id, state=StepState.RUNNING)
    step = held.filter(lease_token=lease.token).first()
    if step is None:
        raise LeaseLostError
    ended = now()
    step.state, step.lease_token, step.lease_expires_at = state, None, None
    step.duration_ms = round((ended - step.started_at).total_seconds() * 1000) if step.started_at else None
    step.finished_at = None if state == StepState.READY else ended
    for name, value in columns.items():
        setattr(step, name, value)
    step.save()
    return step


def _succeed(lease: Lease, problems: list[dict[str, Any]]) -> None:
    """Do what `_end` does in one statement: it is done for every part, a failure now and then."""
    values: dict[str, Any] = {"id": lease.step_id, "token": lease.token, "ended": now()}
    with connection.cursor() as cursor:
        cursor.execute(SUCCEED, {**values, "problems": json.dumps(problems)})
        if cursor.rowcount != 1:
            raise LeaseLostError


@transaction.atomic
def step_complete(*, lease: Lease, outcome: Outcome) -> None:
    """Store a part's results and move the run on, all in one transaction; raises LeaseLostError (nothing is stored)."""
    _hold(lease)
    _succeed(lease, [_noted(problem) for problem in outcome.problems])
    run = run_lock(run_id=lease.run_id)
    outcome.store()
    if outcome.more:
        parts_add(run=run, step=BY_NAME[lease.step], inputs=list(outcome.more), first_part=lease.part + 1)
    run_advance(run=run)


def _noted(problem: Problem) -> dict[str, Any]:
    page = {"page": problem.page} if problem.page else {}
    return {"code": problem.code, "message": problem.message, **page}


@transaction.atomic
def step_fail(*, lease: Lease, error: Exception) -> None:
    """Note a failure: the file's own fault ends the part, everything else is tried again up to the limit."""
    told = error if isinstance(error, DocintelError) else BugError()  # what other errors say is not for everybody
    if told is not error:
        log.error("step_bug", step=lease.step, run=str(lease.run_id), trace=traceback.format_exception(error))
    limit = (
        1 if isinstance(error, UserError) else MAX_ATTEMPTS if isinstance(error, TransientError) else MAX_ATTEMPTS_BUG
    )
    message = told.message.replace("\x00", "")[:LONGEST_MESSAGE]
    columns = {"error_code": told.code, "error_message": message}
    if lease.attempt < limit:
        delay = 2**lease.attempt * random.uniform(0.5, 1.5)  # noqa: S311  (jitter, no secret)
        _end(lease, StepState.READY, available_at=now() + timedelta(seconds=delay), **columns)
        return
    _hold(lease)
    step = _end(lease, StepState.FAILED, **columns)
    _bury(step)


def _bury(step: StepRun) -> None:
    """Let the run of a dead letter go on with what is left."""
    run = run_lock(run_id=step.run_id)
    run_advance(run=run)
    log.warning("dead_letter", step=step.step, part=step.part, run=str(run.pk), code=step.error_code)


@transaction.atomic
def step_expire(*, step_id: UUID) -> bool:
    """Take back a part whose lease ran out: ready again, or dead after the last attempt. False if it was not so."""
    document_id = StepRun.objects.filter(pk=step_id).values_list("run__document_id", flat=True).first()
    if document_id is None or not document_lock(document_id=document_id, wait=False):
        return False
    expired = StepRun.objects.select_for_update(skip_locked=True)
    step = expired.filter(pk=step_id, state=StepState.RUNNING, lease_expires_at__lt=Now()).first()
    if step is None:
        return False
    step.lease_token = step.lease_expires_at = None
    if step.attempt < MAX_ATTEMPTS:
        step.state, step.available_at = StepState.READY, now()
        step.save()
        return True
    step.state, step.finished_at = StepState.FAILED, now()
    step.error_code = "worker_lost"
    step.error_message = f"The worker died {step.attempt} times while working on this."
    step.save()
    _bury(step)
    return True
