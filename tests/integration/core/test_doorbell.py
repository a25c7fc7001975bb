"""The doorbell rings for as many workers as do not look at the table anyway."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from pytest_django import Settings

from apps.core.broker import redis_client
from apps.core.doorbell import claiming, ring, ring_on_commit, waiting

pytestmark = pytest.mark.django_db
Captured = Callable[..., AbstractContextManager[list[Any]]]


@pytest.fixture(autouse=True)
def silence(settings: Settings) -> None:
    settings.WORKERS = 3
    redis_client().delete("reading", "encoder")


def rung(capture: Captured, queue: str, times: int) -> int:
    before = waiting(queue)
    with capture(execute=True):
        ring_on_commit(queue, times=times)
        assert waiting(queue) == before  # not before the commit
    return waiting(queue) - before


def test_no_more_messages_wait_than_there_are_workers(django_capture_on_commit_callbacks: Captured) -> None:
    assert rung(django_capture_on_commit_callbacks, "reading", 2) == 2
    assert rung(django_capture_on_commit_callbacks, "reading", 1) == 1  # another document is for another worker
    assert rung(django_capture_on_commit_callbacks, "reading", 3) == 0
    assert rung(django_capture_on_commit_callbacks, "encoder", 1) == 1


def test_a_worker_does_not_wake_itself(django_capture_on_commit_callbacks: Captured) -> None:
    with claiming("reading"):
        assert rung(django_capture_on_commit_callbacks, "reading", 1) == 0
        assert rung(django_capture_on_commit_callbacks, "reading", 2) == 1
        assert rung(django_capture_on_commit_callbacks, "encoder", 1) == 1
    redis_client().delete("reading")
    assert rung(django_capture_on_commit_callbacks, "reading", 1) == 1


def test_exports_ring_whatever_else_waits_for_those_who_write_them(
    django_capture_on_commit_callbacks: Captured,
) -> None:
    ring("reading")
    assert rung(django_capture_on_commit_callbacks, "exports", 1) == 1
