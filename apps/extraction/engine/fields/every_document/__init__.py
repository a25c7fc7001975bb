"""Sender and date of any document: taken from its type's own values where it has them, else found by rules."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import structs

from apps.extraction.engine.fields.ranking.evidence import is_one_without_places
from apps.extraction.engine.fields.types import FieldReading, FieldsInput

__all__ = ["every_document_values"]

# Which value of a type says who sent a document and when; the first one that was found counts.
_SENDERS: Final = ("seller_name", "merchant_name")
_DATES: Final = ("issue_date", "date", "effective_date")


def every_document_values(document: FieldsInput, own: Sequence[FieldReading]) -> list[FieldReading]:
    """Return `sender` and `document_date`; `own` are the values that its type's extractor found.

    Of an invoice or receipt without places for its words the rules tell neither: they are its seller and its date,
    which are not given where nothing on a page can be pointed at.
    """
    known = [*_taken("sender", _SENDERS, own), *_taken("document_date", _DATES, own)]
    if len(known) == 2 or is_one_without_places(document):
        return known
    from apps.extraction.engine.fields.every_document import reading  # noqa: PLC0415  (patterns: 10 ms)

    found = [*known, *reading.values_of(document, without={value.key for value in known})]
    return sorted(found, key=lambda value: value.key, reverse=True)  # the sender comes first


def _taken(key: str, names: Sequence[str], own: Sequence[FieldReading]) -> Iterator[FieldReading]:
    for name in names:
        for value in own:
            if value.key == name:
                alternatives = [structs.replace(other, key=key) for other in value.alternatives]
                yield structs.replace(value, key=key, alternatives=alternatives, checks=[])
                return
