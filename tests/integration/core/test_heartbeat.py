"""Signs of life: who gave one lately is alive, whoever has been silent is not."""

import importlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.core import heartbeat
from apps.core.broker import redis_client

DOCKER = Path(__file__).resolve().parents[3] / "docker"
KIND = "tested"


@pytest.fixture(autouse=True)
def nobody() -> Iterator[None]:
    redis_client().delete(heartbeat.key(KIND))
    yield
    redis_client().delete(heartbeat.key(KIND))


def gave_a_sign(member: str, *, seconds_ago: float) -> None:
    seconds, _ = redis_client().time()
    redis_client().zadd(heartbeat.key(KIND), {member: seconds - seconds_ago})


def test_a_process_counts_once_however_often_it_beats() -> None:
    assert heartbeat.alive(KIND) == 0
    heartbeat.beat(KIND)
    heartbeat.beat(KIND)
    assert heartbeat.alive(KIND) == 1
    gave_a_sign("elsewhere:1", seconds_ago=heartbeat.TTL_S - 2)
    assert heartbeat.alive(KIND) == 2
    assert heartbeat.alive("another kind") == 0


def test_the_silent_are_dead_and_forgotten_at_the_next_beat() -> None:
    gave_a_sign("elsewhere:1", seconds_ago=heartbeat.TTL_S + 2)
    assert heartbeat.alive(KIND) == 0
    heartbeat.beat(KIND)
    assert redis_client().zrange(heartbeat.key(KIND), 0, -1) == [f"{socket.gethostname()}:{os.getpid()}".encode()]
    assert 0 < redis_client().ttl(heartbeat.key(KIND)) <= heartbeat.TTL_S


def test_a_host_is_told_from_others_whose_names_begin_alike() -> None:
    gave_a_sign("host-1:7", seconds_ago=1)
    gave_a_sign("host:8", seconds_ago=heartbeat.TTL_S + 2)
    assert heartbeat.is_alive_on("host-1", KIND)
    assert not heartbeat.is_alive_on("host", KIND)


def test_the_containers_check_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCKER))
    healthcheck = importlib.import_module("healthcheck")
    assert not healthcheck.is_well(KIND)
    heartbeat.beat(KIND)
    assert healthcheck.is_well(KIND)
