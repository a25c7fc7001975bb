"""Entities: names, places, dates, amounts and identifiers in a document's text, each with its place on the page."""

from collections.abc import Sequence

from apps.extraction.engine.entities.types import EntityReading, MentionModel
from apps.extraction.engine.types import PageReading

__all__ = ["EntityReading", "MentionModel", "find_entities"]


def find_entities(pages: Sequence[PageReading], model: MentionModel | None) -> list[EntityReading]:
    """Return the mentions of all pages in the order of their text; see `EntityReading`.

    Patterns with check digits find what has a form of its own; `model` finds persons, organisations and locations.
    Without a model there are none of these. Only a document's first `MOST_CHARACTERS` are searched.
    """
    from apps.extraction.engine.entities.finding import find  # noqa: PLC0415  (brings phonenumbers: 100 ms)

    return find(pages, model)
