"""Asks the encoder worker for a query's vector over a list in the broker, and waits a moment for the answer."""

import time
from typing import Final, cast
from uuid import uuid4

import msgspec
from redis.exceptions import RedisError

from apps.core.broker import redis_client

REQUESTS: Final = "docintel:query-vectors"
ANSWER_TTL_S: Final = 10
MOST_WAITING: Final = 200
PATIENCE_S: Final = 0.3


class Request(msgspec.Struct, frozen=True):
    """A text to be encoded; `asked_at` in seconds since the epoch."""

    id: str
    text: str
    asked_at: float


class Answer(msgspec.Struct, frozen=True):
    """A unit-length vector, and the model that made it."""

    model: str
    vector: list[float]


def answer_key(request_id: str) -> str:
    """Name the list on which an answer comes."""
    return f"docintel:query-vector:{request_id}"


def ask(text: str) -> Request | None:
    """Ask for a query's vector without waiting; None if the broker is away."""
    request = Request(id=uuid4().hex, text=text, asked_at=time.time())
    try:
        asking = redis_client().pipeline()
        asking.rpush(REQUESTS, msgspec.msgpack.encode(request))
        asking.ltrim(REQUESTS, -MOST_WAITING, -1)  # where no encoder takes them, nobody waits for the old ones
        asking.execute()
    except RedisError:
        return None
    return request


def collect(request: Request | None, *, patience_s: float = PATIENCE_S) -> Answer | None:
    """Return the vector that was asked for, or None if it has not come `patience_s` after the question."""
    if request is None:
        return None
    left = max(request.asked_at + patience_s - time.time(), 0.001)  # 0 would wait for ever
    try:
        taken = redis_client().blpop([answer_key(request.id)], timeout=left)
    except RedisError:
        return None
    return msgspec.msgpack.decode(cast("bytes", taken[1]), type=Answer) if taken else None


def query_vector(text: str, *, patience_s: float = PATIENCE_S) -> Answer | None:
    """Return a query's vector, or None if the encoder does not answer in time."""
    return collect(ask(text), patience_s=patience_s)
