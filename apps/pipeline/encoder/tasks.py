"""The Celery task of the encoder worker.

Started with `celery -A docintel worker -Q encoder -P threads -c 2 -I apps.pipeline.encoder.tasks`.
"""

from collections.abc import Sequence

from celery import shared_task
from celery.signals import worker_ready

from apps.pipeline.encoder import embed, queries, type  # noqa: A004  (the step's name)
from apps.pipeline.outcome import Lease, Outcome
from apps.pipeline.worker import Batch, work_in_batches

PARTS_A_BATCH = 16
STEPS: dict[str, Batch] = {"embed": embed.execute, "type": type.execute}


@worker_ready.connect
def _answer_queries(**_: object) -> None:
    """Answer search queries beside the bulk work."""
    queries.start()


def _execute(leases: Sequence[Lease]) -> list[Outcome]:
    return STEPS[leases[0].step](leases)


@shared_task(name="pipeline.work_encoder", ignore_result=True)
def work_encoder() -> int:
    """Execute ready parts of the encoder queue, many documents' at once."""
    return work_in_batches(queue="encoder", execute=_execute, size=PARTS_A_BATCH)
