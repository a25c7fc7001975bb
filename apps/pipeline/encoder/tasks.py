"""The Celery task of the encoder worker.

Started with `celery -A docintel worker -Q encoder -P threads -c 2 -I apps.pipeline.encoder.tasks`.
"""

from collections.abc import Sequence

from celery import shared_task
from celery.signals import worker_init, worker_ready, worker_shutting_down
from django.conf import settings

from apps.classification.runtime.device_errors import DeviceError, DeviceLostError
from apps.core.doorbell import ring
from apps.extraction.engine.guard.limits import return_free_memory
from apps.pipeline.encoder import embed, entities, learning, queries, refining, stopping
from apps.pipeline.encoder import type as typing_step
from apps.pipeline.outcome import Lease, Outcome
from apps.pipeline.worker import Batch, work_in_batches

PARTS_A_BATCH = 16
STEPS: dict[str, Batch] = {
    "embed": embed.execute,
    "type": typing_step.execute,
    "entities": entities.execute,
}


@worker_init.connect
def _need_card(**_: object) -> None:
    """End before anything is claimed where the card that is asked for does not compute: all work waits for it then."""
    if not settings.DEVICE.startswith("cuda"):
        return
    from apps.classification.runtime.device import chosen  # noqa: PLC0415 - torch: 2 s

    try:
        chosen(settings.DEVICE)
    except DeviceError as error:
        raise SystemExit(f"DOCINTEL_DEVICE is {settings.DEVICE}: {error}") from error


@worker_ready.connect
def _begin(**_: object) -> None:
    """Answer search queries beside the bulk work, take up what a former worker gave back, and be ready to stop."""
    queries.start()
    stopping.watch()
    ring("encoder")


@worker_shutting_down.connect
def _stop(**_: object) -> None:
    """Claim nothing more, and leave within seconds."""
    stopping.request()


def _execute(leases: Sequence[Lease]) -> list[Outcome]:
    with stopping.computing(leases):
        return STEPS[leases[0].step](leases)


def _may_claim() -> bool:
    return not stopping.is_requested()


@shared_task(name="pipeline.work_encoder", ignore_result=True)
def work_encoder() -> int:
    """Learn what people corrected, types before fields, then execute ready parts of the queue, many at once."""
    try:
        if _may_claim() and (learning.refit_next() or refining.ranking_next()):
            ring("encoder")  # another may wait, and the parts have their turn in between
    except DeviceLostError as error:
        stopping.lost(error)
        raise
    return work_in_batches(
        queue="encoder", execute=_execute, size=PARTS_A_BATCH, may_claim=_may_claim, at_rest=return_free_memory
    )
