"""What the encoder workers have computed, counted in the broker, so that every web process tells the same."""

from contextlib import suppress
from typing import Final, NamedTuple, cast

import psutil
from redis.exceptions import RedisError

from apps.core.broker import redis_client

KEY: Final = "docintel:encoder"
_TOKENS: Final = "tokens"
_SECONDS: Final = "seconds"
_MEMORY: Final = "memory"


class Usage(NamedTuple):
    """Tokens that were encoded, the seconds that took, and the bytes that the last reporter held in memory."""

    tokens: int
    seconds: float
    memory: int


def usage_add(*, tokens: int, seconds: float, memory: int) -> None:
    """Add what was computed since the last time; a broker that is away costs a figure and no work."""
    with suppress(RedisError):
        pipeline = redis_client().pipeline()
        pipeline.hincrby(KEY, _TOKENS, tokens)
        pipeline.hincrbyfloat(KEY, _SECONDS, seconds)
        pipeline.hset(KEY, _MEMORY, memory)
        pipeline.execute()


def resident_bytes() -> int:
    """Return how much memory this process holds."""
    return int(psutil.Process().memory_info().rss)


def usage() -> Usage:
    """Return what was computed since the broker began to count."""
    found = cast("dict[bytes, bytes]", redis_client().hgetall(KEY))
    values = {name.decode(): float(value) for name, value in found.items()}
    return Usage(int(values.get(_TOKENS, 0)), values.get(_SECONDS, 0.0), int(values.get(_MEMORY, 0)))
