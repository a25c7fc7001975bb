"""Fitting a workspace's head anew: asking for it, claiming it, noting what came of it. The row is the job."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Now

from apps.accounts.models import User
from apps.classification.models import (
    Experiment,
    ExperimentState,
    ModelVersion,
    Refit,
    RefitCause,
    RefitChange,
    RefitState,
)
from apps.classification.selectors import FAMILY
from apps.core.clock import now
from apps.core.doorbell import ring_on_commit
from apps.core.errors import TransientError
from apps.core.generations import bump_on_commit

QUEUE: Final = "encoder"
MOST_ATTEMPTS: Final = 3
_LONGEST_MESSAGE: Final = 400


class RefitLostError(TransientError):
    """Another worker has taken a refit over."""

    code = "lease_lost"
    message = "Another worker has taken over."


@dataclass(frozen=True)
class RefitLease:
    """A claimed refit and the proof that it still is this worker's."""

    refit_id: UUID
    workspace_id: UUID
    token: UUID
    family: str


@transaction.atomic
def refit_request(
    *,
    workspace_id: UUID,
    cause: RefitCause,
    correction_ids: Iterable[UUID] = (),
    by: User | None = None,
    family: str = FAMILY,
    after_s: float = 0.0,
) -> Refit:
    """Ask for a workspace's heads to be fitted anew; what is said until a worker begins is learned in one go.

    A person's choice of a version takes the place of what waits: that is learned with the next word after the choice.
    `after_s`: it may wait for more of the same that long.
    """
    ids = [str(each) for each in correction_ids]
    by_id, by_label = (by.pk, str(by)) if by else (None, "")
    at = now() + timedelta(seconds=after_s)
    waiting = Refit.objects.select_for_update().filter(workspace_id=workspace_id, family=family, state=RefitState.READY)
    refit = None
    while refit is None:  # once, unless a worker takes the row just before it can be locked
        new = Refit(
            workspace_id=workspace_id,
            family=family,
            cause=cause,
            by_id=by_id,
            by_label=by_label,
            available_at=at,
        )
        Refit.objects.bulk_create([new], ignore_conflicts=True)  # of two who ask at once one waits here
        refit = waiting.first()
    if _is_last_word(refit, cause):  # also where something else was waited for
        refit.corrections, refit.cause = [*refit.corrections, *ids], cause
        refit.by_id, refit.by_label = by_id, by_label
        refit.save(update_fields=["corrections", "cause", "by_id", "by_label"])
    if at < refit.available_at and not refit.attempt:  # one that failed has its pause
        refit.available_at = at
        refit.save(update_fields=["available_at"])
    if not after_s:  # else the sweeper rings
        ring_on_commit(QUEUE)
    return refit


def _is_last_word(waiting: Refit, cause: RefitCause) -> bool:
    """Tell whether a refit that waits is now made for another cause."""
    is_chosen = waiting.cause == RefitCause.ACTIVATION
    return cause in {RefitCause.CORRECTION, RefitCause.ACTIVATION} or (is_chosen and cause == RefitCause.UNDO)


# As with the parts of a run: claimed by one statement, the attempt counted there. A workspace is fitted by one worker
# at a time, so that the version that stays is the newest; its types not at all while an experiment compares versions.
CLAIM: Final = """
    UPDATE classification_refit SET state = 'RUNNING', attempt = attempt + 1, lease_token = gen_random_uuid(),
        lease_expires_at = clock_timestamp() + make_interval(secs => %(seconds)s), started_at = clock_timestamp()
    WHERE id = (
        SELECT id FROM classification_refit AS waiting
        WHERE ((state = 'READY' AND available_at <= clock_timestamp())
               OR (state = 'RUNNING' AND lease_expires_at < clock_timestamp() AND attempt < %(most)s))
              AND NOT EXISTS (
                  SELECT FROM classification_refit AS other
                  WHERE other.workspace_id = waiting.workspace_id AND other.id <> waiting.id
                        AND other.state = 'RUNNING' AND other.lease_expires_at >= clock_timestamp()
              )
              AND NOT EXISTS (
                  SELECT FROM classification_experiment AS trial
                  WHERE trial.workspace_id = waiting.workspace_id AND trial.family = waiting.family
                        AND trial.state = 'RUNNING'
              )
        ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING id, workspace_id, lease_token, family
"""


def refit_claim() -> RefitLease | None:
    """Claim the oldest refit that waits, or whose worker is gone."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"seconds": settings.LEASE_S, "most": MOST_ATTEMPTS})
        row = cursor.fetchone()
    return RefitLease(*row) if row else None


def refit_renew(*, lease: RefitLease) -> None:
    """Keep a refit; raises RefitLostError where another worker has it by now."""
    if not held(lease).update(lease_expires_at=Now() + timedelta(seconds=settings.LEASE_S)):
        raise RefitLostError


def refit_fitted(
    *, lease: RefitLease, version: ModelVersion | None, previous: ModelVersion | None, example_count: int
) -> None:
    """Note the version that a refit made; raises RefitLostError."""
    noted = held(lease).update(
        model_version=version,
        previous_version=previous,
        example_count=example_count,
        rescored_count=0,
        fit_ms=_milliseconds(lease),
    )
    if not noted:
        raise RefitLostError


def refit_add_changes(*, lease: RefitLease, rescored: int, changes: Sequence[RefitChange]) -> None:
    """Add some rescored documents, and those of them that changed, to the receipt; raises RefitLostError."""
    RefitChange.objects.bulk_create(changes, ignore_conflicts=True)
    expires_at = Now() + timedelta(seconds=settings.LEASE_S)
    if not held(lease).update(rescored_count=F("rescored_count") + rescored, lease_expires_at=expires_at):
        raise RefitLostError


def refit_complete(*, lease: RefitLease, changed: int | None = None) -> None:
    """Note that all pending documents were looked at; raises RefitLostError. `changed`: if not those of the receipt."""
    if changed is None:
        changed = RefitChange.objects.filter(refit_id=lease.refit_id).count()
    ended = {"state": RefitState.SUCCEEDED, "finished_at": now(), "lease_token": None, "lease_expires_at": None}
    if not held(lease).update(**ended, changed_count=changed, error_code="", error_message=""):
        raise RefitLostError
    bump_on_commit(lease.workspace_id)


@transaction.atomic
def refit_fail(*, lease: RefitLease, code: str, message: str) -> None:
    """Note a failure: another attempt in a moment, up to the limit. What another one waits for is not lost with it."""
    refit = held(lease).select_for_update().first()
    if refit is None:
        return
    waiting = refits_waiting(workspace_id=refit.workspace_id, family=refit.family)
    is_last = refit.attempt >= MOST_ATTEMPTS or waiting  # the one that waits learns from the same documents
    refit.state = RefitState.FAILED if is_last else RefitState.READY
    refit.available_at = now() + timedelta(seconds=2**refit.attempt)
    refit.finished_at = now() if is_last else None
    refit.lease_token = refit.lease_expires_at = None
    refit.error_code, refit.error_message = code, message[:_LONGEST_MESSAGE]
    refit.save()
    bump_on_commit(refit.workspace_id)


def refit_mark_undone(*, refit: Refit) -> None:
    """Note that what a refit learned was taken back."""
    Refit.objects.filter(pk=refit.pk).update(undone_at=now())


def refits_waiting(*, workspace_id: UUID, family: str = FAMILY, is_due: bool = False) -> bool:
    """Tell whether a workspace has something more to learn, `is_due`: without waiting for more of it."""
    waiting = Refit.objects.filter(workspace_id=workspace_id, family=family, state=RefitState.READY)
    return (waiting.filter(available_at__lte=now()) if is_due else waiting).exists()


def refits_running(*, workspace_id: UUID, family: str = FAMILY) -> bool:
    """Tell whether a workspace's head is being fitted just now."""
    return Refit.objects.filter(workspace_id=workspace_id, family=family, state=RefitState.RUNNING).exists()


def choice_waits(*, workspace_id: UUID, family: str) -> bool:
    """Tell whether a person has put a version to use, and nobody has said anything since that is to be learned."""
    waiting = Refit.objects.filter(workspace_id=workspace_id, family=family, state=RefitState.READY)
    return waiting.filter(cause=RefitCause.ACTIVATION).exists()


def choice_stands(*, lease: RefitLease) -> bool:
    """Tell whether the version that a person chose stays in use: a refit is that choice, or nothing new was said."""
    own = Refit.objects.filter(workspace_id=lease.workspace_id, family=lease.family, pk__lte=lease.refit_id)
    last = own.exclude(cause=RefitCause.TYPES).order_by("-id").values_list("cause", flat=True).first()
    return last == RefitCause.ACTIVATION


def refits_sweep() -> int:
    """End refits whose workers died at every attempt; returns how many wait for a worker."""
    lost = Refit.objects.filter(state=RefitState.RUNNING, lease_expires_at__lt=Now(), attempt__gte=MOST_ATTEMPTS)
    message = f"The worker died {MOST_ATTEMPTS} times while learning."
    ended = {"state": RefitState.FAILED, "finished_at": now(), "lease_token": None, "lease_expires_at": None}
    lost.update(**ended, error_code="worker_lost", error_message=message)
    running = Experiment.objects.filter(
        workspace_id=OuterRef("workspace_id"), family=OuterRef("family"), state=ExperimentState.RUNNING
    )
    ready = Refit.objects.filter(~Exists(running), state=RefitState.READY, available_at__lte=now())
    expired = Refit.objects.filter(state=RefitState.RUNNING, lease_expires_at__lt=Now())
    return ready.count() + expired.count()


def held(lease: RefitLease) -> QuerySet[Refit]:
    """Return the refit if it still is this worker's."""
    return Refit.objects.filter(pk=lease.refit_id, state=RefitState.RUNNING, lease_token=lease.token)


def _milliseconds(lease: RefitLease) -> int:
    started_at = held(lease).values_list("started_at", flat=True).first()
    if started_at is None:
        raise RefitLostError
    return round((now() - started_at).total_seconds() * 1000)
