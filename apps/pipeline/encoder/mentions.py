"""Names that were found while passages got their vectors, kept in this process until the step `entities` asks.

Whatever is no longer here, as after a crash, is found anew: the model says the same of the same text, but for names at
the ends of passages.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from itertools import groupby
from types import SimpleNamespace
from typing import Final, NamedTuple

import msgspec
from structlog import get_logger

from apps.classification.engine.tagging.labels import Mention
from apps.classification.runtime.device_errors import DeviceLostError
from apps.classification.runtime.entities import Alongside
from apps.pipeline.encoder.models import entity_model

log = get_logger(__name__)
# Names wait until the passages of all documents before them have vectors. A printed page takes about one kilobyte; what
# is larger, such as a page of a list of names, is found again.
_MOST_PAGES: Final = 16_384
_MOST_BYTES_A_PAGE: Final = 8_192
_PAUSE_S: Final = 60.0
_kept: OrderedDict[bytes, bytes] = OrderedDict()
_keeping = threading.Lock()
_pause = SimpleNamespace(until=0.0)  # in seconds of the monotonic clock
_decoder = msgspec.msgpack.Decoder(list[Mention])


def alongside(texts: Sequence[str]) -> Alongside | None:
    """Return what finds names in passages while they are encoded; None where the model works by itself or not at all.

    A model that cannot be loaded is the failure of the step `entities`, not of the one that makes documents findable.
    """
    if time.monotonic() < _pause.until:
        return None
    try:
        return entity_model().alongside(texts)
    except DeviceLostError:
        raise
    except Exception as error:  # noqa: BLE001  (each library has errors of its own for files it cannot read)
        log.warning("entity_model_not_loaded", error=repr(error))
        _pause.until = time.monotonic() + _PAUSE_S
        return None


class Place(NamedTuple):
    """Where a passage stands: a key of its page, equal for neighbours on it, the page's text and where it begins."""

    page: Hashable
    text: str
    start: int


def keep(places: Iterable[Place], mentions: Iterable[Sequence[Mention]]) -> None:
    """Keep what was found in passages, page after page."""
    for _, of_page in groupby(zip(places, mentions, strict=True), key=lambda each: each[0].page):
        passages = list(of_page)
        found = [
            mention._replace(start=place.start + mention.start, end=place.start + mention.end)
            for place, of_passage in passages
            for mention in of_passage
        ]
        packed = msgspec.msgpack.encode(found)
        if len(packed) <= _MOST_BYTES_A_PAGE:
            with _keeping:
                _kept[_key(passages[0][0].text)] = packed
                while len(_kept) > _MOST_PAGES:
                    _kept.popitem(last=False)


def mentions_of(pages: Sequence[str]) -> list[list[Mention]]:
    """Return the names in the texts of pages, in their order."""
    with _keeping:
        kept = [_kept.pop(_key(page), None) for page in pages]
    missing = iter(entity_model()([page for page, packed in zip(pages, kept, strict=True) if packed is None]))
    return [next(missing) if packed is None else _decoder.decode(packed) for packed in kept]


def _key(page: str) -> bytes:
    return hashlib.sha256(page.encode("utf-8", "surrogatepass")).digest()
