"""Asks the encoder worker for a query's vector over a list in the broker, and waits a moment for the answer."""

import time
from typing import Final, cast
from uuid import uuid4

import msgspec
from redis.exceptions import RedisError

from apps.core.broker import redis_client

REQUESTS: Final = "docintel:query-vectors"
ANSWER_TTL_S: Final = 10
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


def query_vector(text: str, *, patience_s: float = PATIENCE_S) -> Answer | None:
    """Return a query's vector, or None if the encoder does not answer in time."""
    request = Request(id=uuid4().hex, text=text, asked_at=time.time())
    try:
        client = redis_client()
        client.rpush(REQUESTS, msgspec.msgpack.encode(request))
        taken = client.blpop([answer_key(request.id)], timeout=patience_s)
    except RedisError:
        return None
    return msgspec.msgpack.decode(cast("bytes", taken[1]), type=Answer) if taken else None
