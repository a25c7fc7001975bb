"""The rules for documents whose type says nothing of sender and date: candidates with points, the best one first."""

from collections.abc import Iterable
from typing import Final

from msgspec import structs

from apps.extraction.engine.fields.every_document.dates import dated_places
from apps.extraction.engine.fields.every_document.places import Head, Place
from apps.extraction.engine.fields.every_document.senders import named_places
from apps.extraction.engine.fields.support import bare
from apps.extraction.engine.fields.types import FieldReading, FieldsInput, ValueType

PRODUCER: Final = "every-document-rules/1"
_MOST_ALTERNATIVES: Final = 4


def sender(document: FieldsInput) -> FieldReading | None:
    """Return who sent a document with other candidates; without a probability, since no truth fits one."""
    head = _head(document)
    return _best(head, named_places(head), "sender", "text")


def document_date(document: FieldsInput) -> FieldReading | None:
    """Return when a document was written with other candidates; without a probability, as above."""
    head = _head(document)
    return _best(head, dated_places(head), "document_date", "date")


def _head(document: FieldsInput) -> Head:
    language = next((page.language for page in document.pages if page.language), None)
    return Head(document.pages, language)


def _best(head: Head, places: Iterable[Place], key: str, value_type: ValueType) -> FieldReading | None:
    found: dict[str, FieldReading] = {}
    for place in sorted(places, key=lambda each: (-each.points, each.start)):
        if place.points <= 0 or bare(place.value) in found:
            continue
        reading = head.running.reading(
            (place.start, place.end), key=key, value=place.value, value_type=value_type, producer=PRODUCER
        )
        if reading is not None:
            found[bare(place.value)] = reading
        if len(found) > _MOST_ALTERNATIVES:
            break
    if not found:
        return None
    first, *others = found.values()
    return structs.replace(first, alternatives=others)
