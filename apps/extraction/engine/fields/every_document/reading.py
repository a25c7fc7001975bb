"""The rules for documents whose type says nothing of sender and date: candidates with points, the best one first."""

from collections.abc import Collection, Iterable
from typing import Final

from msgspec import structs

from apps.extraction.engine.fields.every_document.dates import dated_places
from apps.extraction.engine.fields.every_document.places import Head, Place
from apps.extraction.engine.fields.every_document.senders import named_places
from apps.extraction.engine.fields.support import bare
from apps.extraction.engine.fields.types import FieldReading, FieldsInput, ValueType

PRODUCER: Final = "every-document-rules/1"
_MOST_ALTERNATIVES: Final = 4


def values_of(document: FieldsInput, *, without: Collection[str] = ()) -> list[FieldReading]:
    """Return who sent a document and when it was written, each with other candidates, unless it is known already.

    Without probabilities, since no truth fits one.
    """
    language = next((page.language for page in document.pages if page.language), None)
    head = Head(document.pages, language)
    found = [
        None if "sender" in without else _best(head, named_places(head), "sender", "text"),
        None if "document_date" in without else _best(head, dated_places(head), "document_date", "date"),
    ]
    return [value for value in found if value is not None]


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
