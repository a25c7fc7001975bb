"""The sweeper: takes back expired leases, rings for ready parts nobody took, hands out the outbox's events."""

from django.conf import settings
from django.utils.module_loading import import_string
from structlog import get_logger

from apps.core import doorbell
from apps.core.clock import now
from apps.core.models import OutboxEvent
from apps.pipeline.events import HANDLERS
from apps.pipeline.models import StepRun, StepState
from apps.pipeline.services.steps import step_expire
from apps.pipeline.table import QUEUES

log = get_logger(__name__)

EVENTS_A_SWEEP = 200


def sweep() -> int:
    """Do one round; returns how many leases were taken back."""
    expired = StepRun.objects.filter(state=StepState.RUNNING, lease_expires_at__lt=now())
    taken_back = sum(step_expire(step_id=step_id) for step_id in expired.values_list("pk", flat=True))
    for queue in QUEUES:
        _ring_again(queue)
    hand_out_events()
    return taken_back


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
