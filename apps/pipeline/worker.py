"""What every Celery task of the pipeline does: claim parts, execute them, store what came out, claim again."""

import itertools
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from types import SimpleNamespace

from django.db import close_old_connections, connection
from structlog import get_logger
from structlog.contextvars import bound_contextvars

from apps.core.doorbell import claiming, ring
from apps.pipeline.leases import keeper, owner_name
from apps.pipeline.outcome import Lease, LeaseLostError, Outcome, WorkerBrokenError
from apps.pipeline.services import claims
from apps.pipeline.services.steps import step_complete, step_fail
from apps.pipeline.table import BY_NAME, STEPS

log = get_logger(__name__)

# Celery stops a worker between two tasks: a task that claims for longer than this would make people wait for it.
LONGEST_TASK_S = 2.0

Execute = Callable[[Lease], Outcome]
Batch = Callable[[Sequence[Lease]], list[Outcome]]
_turn = itertools.count()
# Commits reach the disk a moment later, so that uploads need not share it: results and the state of their step are lost
# or kept together, and a crash of the machine costs a repetition only. Most of what workers ask is about one document,
# and one plan serves all of them.
_SETTINGS = "SELECT set_config('synchronous_commit', 'off', false), set_config('plan_cache_mode', 'auto', false)"
# A plan made while tables were nearly empty would serve until the next ANALYZE, a minute into a large upload.
_PLANS_SERVE_S = 10.0
_plans = SimpleNamespace(end_at=0.0)  # in seconds of the monotonic clock


def _open_connection() -> None:
    """Have a connection that works, with the settings of workers."""
    if not connection.in_atomic_block:  # a caller's transaction keeps its connection, whatever its age
        close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        if time.monotonic() >= _plans.end_at:
            cursor.execute("DISCARD PLANS")
            _plans.end_at = time.monotonic() + _PLANS_SERVE_S


def work(*, queue: str, execute: Execute) -> int:
    """Execute one part after the other for at most about two seconds; rings again if there may be more."""
    _open_connection()
    done = 0
    ends_at = time.monotonic() + LONGEST_TASK_S
    while time.monotonic() < ends_at:
        leases = _claim(queue, limit=1)
        if not leases:
            return done
        _execute_one(leases[0], execute)
        done += 1
    ring(queue)
    return done


def work_in_batches(
    *,
    queue: str,
    execute: Batch,
    size: int,
    may_claim: Callable[[], bool] = lambda: True,
    at_rest: Callable[[], object] = lambda: None,
) -> int:
    """Execute parts of many documents at once, while it may claim; a batch that fails is tried again one by one.

    So are parts that were tried before: one that ends the process each time takes no neighbours along. `at_rest` is
    called when something was done and nothing is left to do.
    """
    _open_connection()
    done = 0
    ends_at = time.monotonic() + LONGEST_TASK_S
    while may_claim() and time.monotonic() < ends_at:
        leases = _claim(queue, limit=size)
        if not leases:
            if done:
                at_rest()
            return done
        _execute_claimed(leases, execute)
        done += len(leases)
    ring(queue)
    return done


def _claim(queue: str, *, limit: int) -> list[Lease]:
    """Claim by priority; every second time the newest first, so that a fresh upload never waits behind a long queue."""
    names = [step.name for step in STEPS if step.queue == queue]
    newest = next(_turn) % 2 == 1
    return claims.claim(queue=queue, steps=names, owner=owner_name(), limit=limit, newest=newest)


def _execute_one(lease: Lease, execute: Execute) -> None:
    with bound_contextvars(run=str(lease.run_id), step=lease.step, part=lease.part), keeper.holding([lease]):
        try:
            outcome = execute(lease)
            with claiming(BY_NAME[lease.step].queue):
                step_complete(lease=lease, outcome=outcome)
        except LeaseLostError:
            log.warning("lease_lost")
        except SystemExit:  # the pool was told to stop: the attempt was not the document's fault
            claims.give_back(lease=lease)
            raise
        except WorkerBrokenError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever a step raises becomes its recorded failure)
            with suppress(LeaseLostError):
                step_fail(lease=lease, error=error)


def _execute_claimed(leases: Sequence[Lease], execute: Batch) -> None:
    """Execute step by step, what is new at once; leases whose turn has not come are kept alive."""
    for name in dict.fromkeys(lease.step for lease in leases):
        of_step = [lease for lease in leases if lease.step == name]
        with keeper.holding(leases):
            if fresh := [lease for lease in of_step if lease.attempt == 1]:
                _execute_batch(fresh, execute)
            _execute_alone([lease for lease in of_step if lease.attempt > 1], execute)


def _execute_batch(leases: Sequence[Lease], execute: Batch) -> None:
    try:
        outcomes = execute(leases)
    except WorkerBrokenError:
        raise
    except Exception as error:
        log.warning("batch_failed", size=len(leases), error=repr(error), exc_info=True)
        _execute_alone(leases, execute)
        return
    for lease, outcome in zip(leases, outcomes, strict=True):
        _execute_one(lease, partial(_have, outcome))


def _execute_alone(leases: Sequence[Lease], execute: Batch) -> None:
    for lease in leases:
        _execute_one(lease, lambda lease: execute([lease])[0])


def _have(outcome: Outcome, lease: Lease) -> Outcome:
    """Stand for the execution of a part whose outcome is known."""
    del lease
    return outcome
