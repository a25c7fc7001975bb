"""The models this process has loaded: one encoder, one type head."""

import threading
from functools import cache

from django.conf import settings

from apps.classification.engine.head import TypeHead
from apps.classification.heads import DOCUMENT_TYPE
from apps.classification.runtime.encoder import Encoder

# The worker and the thread that answers queries ask at the same time; two loads at once would mix number formats.
_loading = threading.Lock()


def encoder() -> Encoder:
    """Give the configured encoder, loaded once. It may use every core: it is the nicest process of all."""
    with _loading:
        return _encoder()


@cache
def _encoder() -> Encoder:
    return Encoder.load(settings.ENCODER, threads=settings.WORKERS)


@cache
def type_head() -> TypeHead:
    """Give the document-type head, loaded once, its hash checked."""
    return TypeHead.load(DOCUMENT_TYPE)
