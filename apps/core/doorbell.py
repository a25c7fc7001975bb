"""The doorbell: the only place that sends Celery messages. A message says "look at the table" and may be lost."""

from typing import Final

from django.db import transaction
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError
from structlog import get_logger

from apps.core.broker import redis_client
from apps.core.servers.errors import ServersError
from docintel.celery import app

log = get_logger(__name__)

TASKS: Final = {
    "reading": "pipeline.work_reading",
    "encoder": "pipeline.work_encoder",
    "exports": "pipeline.work_exports",
}
# Which workers take what: exports are seldom, and need what reading workers have.
QUEUES: Final = {"exports": "reading"}


def ring(queue: str, *, times: int = 1) -> None:
    """Wake up to `times` workers of a queue; an unreachable broker is logged, since the sweeper rings again."""
    try:
        for _ in range(times):
            served_by = QUEUES.get(queue, queue)
            app.send_task(TASKS[queue], queue=served_by, ignore_result=True, retry=False)
    except (BrokerError, RedisError, ServersError, OSError) as error:
        log.warning("doorbell_failed", queue=queue, error=str(error))


def ring_on_commit(queue: str, *, times: int = 1) -> None:
    """Wake workers once the current transaction is committed."""
    transaction.on_commit(lambda: ring(queue, times=times))


def waiting(queue: str) -> int:
    """Return how many messages of a queue no worker has taken."""
    return int(redis_client().llen(QUEUES.get(queue, queue)))
