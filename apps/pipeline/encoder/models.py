"""The models this process has loaded: one encoder, one model of entities, one of types where it is configured."""

import threading
from functools import cache

from django.conf import settings

from apps.classification.heads import ENTITIES
from apps.classification.runtime.encoder import Encoder
from apps.classification.runtime.entities import EntityModel
from apps.classification.runtime.type_models import TypeModel

# The worker and the thread that answers queries ask at the same time; two loads at once would mix number formats.
_loading = threading.Lock()


def encoder() -> Encoder:
    """Give the configured encoder, loaded once. It may use every core: it is the nicest process of all."""
    with _loading:
        return _encoder()


@cache
def _encoder() -> Encoder:
    return Encoder.load(settings.ENCODER, threads=settings.WORKERS, device=settings.DEVICE)


def entity_model() -> EntityModel:
    """Give the configured model of entities, loaded once; it shares the encoder's word vectors where it can."""
    loaded = encoder()
    with _loading:
        return _entity_model(loaded)


@cache
def _entity_model(loaded: Encoder) -> EntityModel:
    name = settings.ENTITIES_MODEL or str(ENTITIES)
    return EntityModel.load(name, encoder=loaded, threads=settings.WORKERS, device=settings.DEVICE)


def type_model() -> TypeModel:
    """Give the checkpoint that is configured to say what documents are, loaded once."""
    with _loading:
        return _type_model(settings.TYPE_MODEL)


@cache
def _type_model(name: str) -> TypeModel:
    return TypeModel.load(name, threads=settings.WORKERS, device=settings.DEVICE)
