"""An encoder that answers from a table, in a thread, over the real broker."""

import threading
from collections.abc import Callable, Iterator
from typing import cast

import msgspec
import pytest

from apps.core.broker import redis_client
from apps.search.vectors import REQUESTS, Answer, Request, answer_key
from tests.library import MODEL


@pytest.fixture
def encoder() -> Iterator[Callable[[dict[str, list[float]]], None]]:
    """Give a way to start an encoder that knows the vectors of these queries."""
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def start(known: dict[str, list[float]]) -> None:
        def answer() -> None:
            client = redis_client()
            while not stop.is_set():
                taken = client.blpop([REQUESTS], timeout=0.05)
                if not taken:
                    continue
                request = msgspec.msgpack.decode(cast("bytes", taken[1]), type=Request)
                if request.text in known:
                    message = msgspec.msgpack.encode(Answer(model=MODEL, vector=known[request.text]))
                    client.rpush(answer_key(request.id), message)

        threads.append(threading.Thread(target=answer, daemon=True))
        threads[-1].start()

    redis_client().delete(REQUESTS)
    yield start
    stop.set()
    for thread in threads:
        thread.join()
    redis_client().delete(REQUESTS)
