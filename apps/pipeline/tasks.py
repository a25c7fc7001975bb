"""The Celery tasks of the reading workers. Those of the encoder worker are in encoder/tasks.py, which imports torch."""

from typing import TYPE_CHECKING

from celery import shared_task
from celery.signals import worker_ready
from django.utils.module_loading import import_string

from apps.core import heartbeat
from apps.core.doorbell import ring
from apps.pipeline.exports.writing import export_next
from apps.pipeline.housekeeping import tidy
from apps.pipeline.outcome import Lease, Outcome
from apps.pipeline.table import BY_NAME
from apps.pipeline.worker import work

if TYPE_CHECKING:  # programs that only ring need no worker's parts
    from celery.worker.consumer import Consumer


@worker_ready.connect
def _announce(sender: "Consumer", **_: object) -> None:
    """Give signs of life for every queue that this worker serves."""
    for queue in sender.app.amqp.queues.consume_from:
        heartbeat.start(queue)


def _execute(lease: Lease) -> Outcome:
    handler = import_string(BY_NAME[lease.step].handler)
    outcome: Outcome = handler(lease)
    return outcome


@shared_task(name="pipeline.work_reading", ignore_result=True)
def work_reading() -> int:
    """Execute ready parts of the reading queue."""
    return work(queue="reading", execute=_execute)


@shared_task(name="pipeline.work_exports", ignore_result=True)
def work_exports() -> bool:
    """Write one export; another ring follows as long as any waits, so that reading has its turn in between."""
    wrote = export_next()
    if wrote:
        ring("exports")
        ring("reading")  # messages of exports may have been taken for ones that wake it
    return wrote


@shared_task(name="pipeline.tidy", ignore_result=True)
def tidy_up() -> None:
    """Delete what has had its time; rung by the schedule once an hour."""
    tidy()
