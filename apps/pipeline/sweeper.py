"""The sweeper: takes back expired leases, rings for ready parts nobody took, hands out the outbox's events."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now
from django.utils.module_loading import import_string
from structlog import get_logger

from apps.classification.services.refits import refits_sweep
from apps.core import doorbell
from apps.core.clock import now
from apps.core.models import OutboxEvent
from apps.extraction.fields.services.refining import rankings_sweep
from apps.pipeline.events import HANDLERS
from apps.pipeline.exports.services import exports_sweep
from apps.pipeline.models import StepRun, StepState
from apps.pipeline.selectors import removed_parts
from apps.pipeline.services.runs import run_drop_removed
from apps.pipeline.services.steps import step_expire
from apps.pipeline.table import QUEUES

log = get_logger(__name__)

EVENTS_A_SWEEP = 200
# Only an upgrade removes a step, and looking for its parts reads all that wait.
SECONDS_BETWEEN_LOOKS: Final = 60.0
# While processes are upgraded one after the other, an older sweeper meets steps that only newer workers know.
REMOVED_AFTER: Final = timedelta(minutes=5)


class Sweeper:
    """What a process that sweeps remembers between two rounds."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._next_look = monotonic()

    def sweep(self) -> int:
        """Do one round; returns how many leases were taken back."""
        expired = StepRun.objects.filter(state=StepState.RUNNING, lease_expires_at__lt=Now())
        taken_back = sum(_take_back(step_id) for step_id in list(expired.values_list("pk", flat=True)))
        if self._monotonic() >= self._next_look:
            self._next_look = self._monotonic() + SECONDS_BETWEEN_LOOKS
            drop_removed_steps()
        for queue in QUEUES:
            _ring_again(queue)
        if refits_sweep() + rankings_sweep() and not doorbell.waiting("encoder"):
            doorbell.ring("encoder")
        if exports_sweep() and not doorbell.waiting("exports"):
            doorbell.ring("exports")
        hand_out_events()
        return taken_back


sweep = Sweeper().sweep


def drop_removed_steps() -> int:
    """End the parts of steps that an upgrade took out of the step table; returns how many there were."""
    waiting = removed_parts().filter(available_at__lt=now() - REMOVED_AFTER).order_by()
    dropped = 0
    for run_id in list(waiting.values_list("run_id", flat=True).distinct()):
        try:
            dropped += run_drop_removed(run_id=run_id)
        except Exception:
            log.exception("drop_failed", run=str(run_id))
    return dropped


def _take_back(step_id: UUID) -> bool:
    """Take back one expired lease; one that cannot be must not keep the others, and the doorbell, from their turn."""
    try:
        return step_expire(step_id=step_id)
    except Exception:
        log.exception("expiry_failed", part=str(step_id))
        return False


def _ring_again(queue: str) -> None:
    """Ring for ready parts, unless enough messages are waiting already."""
    wanted = settings.WORKERS if queue == "reading" else 1
    ready = StepRun.objects.filter(queue=queue, state=StepState.READY, available_at__lte=now())
    count = ready[:wanted].count()
    missing = min(count, wanted) - doorbell.waiting(queue) if count else 0
    if missing > 0:
        doorbell.ring(queue, times=missing)


def hand_out_events() -> int:
    """Call the handlers of new events in order; one that fails is logged and not tried again."""
    events = list(OutboxEvent.objects.filter(handled_at__isnull=True).order_by("id")[:EVENTS_A_SWEEP])
    for event in events:
        for path in HANDLERS.get(event.kind, ()):
            try:
                import_string(path)(event)
            except Exception:
                log.exception("event_failed", kind=event.kind, event_id=str(event.pk), handler=path)
        OutboxEvent.objects.filter(pk=event.pk).update(handled_at=now())
    return len(events)
