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
_DEVICE: Final = "device"
_NUMBER_FORMAT: Final = "number_format"
_DEVICE_MEMORY: Final = "device_memory"


class Usage(NamedTuple):
    """Tokens that were encoded, the seconds that took, and the bytes that the last reporter held in memory.

    `device` is what that one computed on, in which format, and the bytes of a card's memory that it held tensors in.
    """

    tokens: int
    seconds: float
    memory: int
    device: str
    number_format: str
    device_memory: int


def usage_add(*, tokens: int, seconds: float, memory: int, device: str, number_format: str, device_memory: int) -> None:
    """Add what was computed since the last time; a broker that is away costs a figure and no work."""
    with suppress(RedisError):
        pipeline = redis_client().pipeline()
        pipeline.hincrby(KEY, _TOKENS, tokens)
        pipeline.hincrbyfloat(KEY, _SECONDS, seconds)
        pipeline.hset(KEY, _MEMORY, memory)
        pipeline.hset(KEY, _DEVICE, device)
        pipeline.hset(KEY, _NUMBER_FORMAT, number_format)
        pipeline.hset(KEY, _DEVICE_MEMORY, device_memory)
        pipeline.execute()


def resident_bytes() -> int:
    """Return how much memory this process holds."""
    return int(psutil.Process().memory_info().rss)


def usage() -> Usage:
    """Return what was computed since the broker began to count."""
    found = cast("dict[bytes, bytes]", redis_client().hgetall(KEY))
    values = {name.decode(): value.decode() for name, value in found.items()}
    return Usage(
        tokens=int(values.get(_TOKENS, 0)),
        seconds=float(values.get(_SECONDS, 0)),
        memory=int(values.get(_MEMORY, 0)),
        device=values.get(_DEVICE, ""),
        number_format=values.get(_NUMBER_FORMAT, ""),
        device_memory=int(values.get(_DEVICE_MEMORY, 0)),
    )
