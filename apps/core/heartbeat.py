"""Signs of life of processes: keys in the broker that vanish by themselves when a process stops renewing them."""

import os
import socket
import threading
from typing import Final

from redis.exceptions import RedisError

from apps.core.broker import redis_client
from apps.core.servers.errors import ServersError

TTL_S: Final = 15
PAUSE_S: Final = 4.0
PREFIX: Final = "docintel:alive"


def beat(kind: str) -> None:
    """Give one sign of life of this process."""
    redis_client().set(f"{PREFIX}:{kind}:{socket.gethostname()}:{os.getpid()}", 1, ex=TTL_S)


def alive(kind: str) -> int:
    """Count the processes of a kind that gave a sign of life lately."""
    return sum(1 for _ in redis_client().scan_iter(f"{PREFIX}:{kind}:*", count=1000))


def start(kind: str) -> None:
    """Give signs of life from a thread for as long as the process lives."""
    threading.Thread(target=_beat_forever, args=(kind,), name="heartbeat", daemon=True).start()


def _beat_forever(kind: str) -> None:
    pause = threading.Event()
    while True:
        try:
            beat(kind)
        except (RedisError, OSError, ServersError):  # being silent is what an absent broker looks like from outside
            pause.wait(PAUSE_S / 4)
            continue
        pause.wait(PAUSE_S)
