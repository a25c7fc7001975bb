"""Query vectors for search, answered from a thread of the encoder worker ahead of bulk work."""

import threading
import time
from typing import cast

import msgspec
from django.conf import settings
from redis.exceptions import RedisError
from structlog import get_logger

from apps.classification.runtime.device_errors import DeviceLostError
from apps.core.broker import redis_client
from apps.pipeline.encoder import stopping
from apps.pipeline.encoder.models import encoder
from apps.search.vectors import ANSWER_TTL_S, REQUESTS, Answer, Request, answer_key

log = get_logger(__name__)

STALE_S = 2.0
PAUSE_S = 1.0
LOADING_PAUSE_S = 10.0  # between two attempts to load the encoder
WAIT_S = 2  # below the client's own limit for an answer


def start() -> None:
    """Load the encoder, as often as it takes, and begin to answer."""
    threading.Thread(target=_answer_forever, name="query-vectors", daemon=True).start()


def _answer_forever() -> None:
    client, is_loaded = redis_client(), False
    while True:
        try:
            if not is_loaded:
                log.info("encoder_loaded", model=encoder().model, name=settings.ENCODER)
                is_loaded = True
            taken = client.blpop([REQUESTS], timeout=WAIT_S)
            if taken:
                _answer(cast("bytes", taken[1]))
        except RedisError as error:
            log.warning("query_vectors_waiting", error=str(error))
            time.sleep(PAUSE_S)
        except DeviceLostError as error:
            log.warning("query_vector_failed", error=str(error))
            stopping.lost(error)
            return
        except Exception:  # one bad request, or a model or server that does not start: the thread must outlive them
            log.exception("query_vector_failed")
            time.sleep(PAUSE_S if is_loaded else LOADING_PAUSE_S)


def _answer(message: bytes) -> None:
    request = msgspec.msgpack.decode(message, type=Request)
    if time.time() - request.asked_at > STALE_S:  # whoever asked has gone on without it
        return
    vector = encoder().encode([request.text])[0].tolist()
    answer = msgspec.msgpack.encode(Answer(model=encoder().model, vector=vector))
    pipeline = redis_client().pipeline()
    pipeline.rpush(answer_key(request.id), answer)
    pipeline.expire(answer_key(request.id), ANSWER_TTL_S)
    pipeline.execute()
