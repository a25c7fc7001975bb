"""The doorbell: the only place that sends Celery messages. A message says "look at the table" and may be lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from django.conf import settings
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
_claiming: ContextVar[str] = ContextVar("claiming", default="")


def ring(queue: str, *, times: int = 1) -> None:
    """Wake up to `times` workers of a queue; an unreachable broker is logged, since the sweeper rings again."""
    try:
        for _ in range(times):
            served_by = QUEUES.get(queue, queue)
            app.send_task(TASKS[queue], queue=served_by, ignore_result=True, retry=False)
    except (BrokerError, RedisError, ServersError, OSError) as error:
        log.warning("doorbell_failed", queue=queue, error=str(error))


@contextmanager
def claiming(queue: str) -> Iterator[None]:
    """Mark the work of a worker that looks at the table of a queue again afterwards: it need not wake itself."""
    token = _claiming.set(queue)
    try:
        yield
    finally:
        _claiming.reset(token)


def ring_on_commit(queue: str, *, times: int = 1) -> None:
    """Have up to `times` workers look at the table of a queue once the current transaction is committed."""
    transaction.on_commit(lambda: _ring_missing(queue, times))


def _ring_missing(queue: str, times: int) -> None:
    """Ring for as many workers as do not look at the table anyway: a message costs each side a few statements.

    A message that nobody has taken yet will be taken later than now. Two uploads within a millisecond need two all the
    same, each for a worker of its own; with as many as there are workers, all of them will look.
    """
    if queue in QUEUES:  # messages of what serves it as well are about something else
        ring(queue, times=times)
        return
    times -= _claiming.get() == queue
    try:
        missing = min(times, settings.WORKERS - waiting(queue)) if times else 0
    except (RedisError, ServersError, OSError) as error:
        log.warning("doorbell_failed", queue=queue, error=str(error))
        return
    if missing > 0:
        ring(queue, times=missing)


def waiting(queue: str) -> int:
    """Return how many messages of a queue no worker has taken."""
    return int(redis_client().llen(QUEUES.get(queue, queue)))
