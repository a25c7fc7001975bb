"""Workers for the fault tests; every one is killed when its test ends."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from apps.core.broker import redis_client
from tests.integration.faults.workers import Worker


@pytest.fixture
def start(transactional_db: None, own_storage: Path, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Give a function that starts a worker of a kind on this test's database, with more variables if wanted."""
    redis_client().flushdb()
    started: list[Worker] = []

    def start_one(kind: str, **more: str) -> Worker:
        started.append(Worker(kind, storage=own_storage, folder=tmp_path, number=len(started), more=more))
        return started[-1]

    yield start_one
    for worker in started:
        worker.kill()
    redis_client().flushdb()
