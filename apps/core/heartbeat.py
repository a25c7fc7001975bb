"""Signs of life of processes: one sorted set a kind in the broker, of who gave the last sign when."""

import os
import socket
import threading
from typing import Final, cast

from redis.exceptions import RedisError

from apps.core.broker import redis_client
from apps.core.servers.errors import ServersError

TTL_S: Final = 15
PAUSE_S: Final = 4.0


def key(kind: str) -> str:
    """Name the sorted set of a kind: members are `host:pid`, scores are seconds by the broker's clock."""
    return f"docintel:alive:{kind}"


def beat(kind: str) -> None:
    """Give one sign of life of this process, and forget those whose last one is too long ago."""
    moment = _moment()
    pipeline = redis_client().pipeline()
    pipeline.zadd(key(kind), {f"{socket.gethostname()}:{os.getpid()}": moment})
    pipeline.zremrangebyscore(key(kind), "-inf", moment - TTL_S)
    pipeline.expire(key(kind), TTL_S)
    pipeline.execute()


def alive(kind: str) -> int:
    """Count the processes of a kind that gave a sign of life lately."""
    return int(redis_client().zcount(key(kind), _moment() - TTL_S, "+inf"))


def is_alive_on(host: str, kind: str) -> bool:
    """Whether a process of a kind on this host gave a sign of life lately."""
    members = cast("list[bytes]", redis_client().zrangebyscore(key(kind), _moment() - TTL_S, "+inf"))
    return any(member.decode().rpartition(":")[0] == host for member in members)


def start(kind: str) -> None:
    """Give signs of life from a thread for as long as the process lives."""
    threading.Thread(target=_beat_forever, args=(kind,), name="heartbeat", daemon=True).start()


def _moment() -> float:
    """Ask the broker for the time: hosts' own clocks may differ by more than a sign of life lasts."""
    seconds, microseconds = redis_client().time()
    return seconds + microseconds / 1e6


def _beat_forever(kind: str) -> None:
    pause = threading.Event()
    while True:
        try:
            beat(kind)
        except (RedisError, OSError, ServersError):  # being silent is what an absent broker looks like from outside
            pause.wait(PAUSE_S / 4)
            continue
        pause.wait(PAUSE_S)
