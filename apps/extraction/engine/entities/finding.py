"""Finds the mentions of a document: patterns and model side by side, and what overlaps decided."""

from collections.abc import Iterable, Sequence
from typing import Final

from apps.extraction.engine.entities.patterns import conventions_of, patterns_in
from apps.extraction.engine.entities.places import Places
from apps.extraction.engine.entities.types import EntityReading, Found, MentionModel
from apps.extraction.engine.types import PageReading

MOST_CHARACTERS: Final = 1_000_000
"""How much of a document's text is searched: about 150,000 words, forty seconds of one core."""


def find(pages: Sequence[PageReading], model: MentionModel | None) -> list[EntityReading]:
    """Return the mentions of all pages in the order of their text."""
    texts = _leading([page.text for page in pages])
    named = model(texts) if model is not None and any(text.strip() for text in texts) else [[] for _ in texts]
    conventions = conventions_of(pages, texts)
    readings: list[EntityReading] = []
    for page, text, mentions in zip(pages, texts, named, strict=True):
        places = Places(page)
        by_form = patterns_in(text, conventions, columns=places.with_columns()[: len(text)])
        by_model = [Found(kind, start, end, "", chance) for kind, start, end, chance in mentions]
        readings += _readings(page, places, merged(by_form, by_model))
    return readings


def merged(by_form: Sequence[Found], mentions: Sequence[Found]) -> list[Found]:
    """Return both by their place. What its form proves stays; mentions of a model that overlap it go.

    Addresses hold towns and countries, which are mentions of their own.
    """
    occupied = [found for found in by_form if found.kind != "address"]
    free: list[Found] = []
    at = 0
    for mention in sorted(mentions, key=lambda each: each.start):
        while at < len(occupied) and occupied[at].end <= mention.start:
            at += 1
        if at >= len(occupied) or occupied[at].start >= mention.end:
            free.append(mention)
    return sorted([*by_form, *free], key=lambda each: (each.start, -each.end))


def _leading(texts: Sequence[str]) -> list[str]:
    """Return the texts as far as they are searched."""
    left = MOST_CHARACTERS
    leading: list[str] = []
    for text in texts:
        leading.append(text[: max(0, left)])
        left -= len(text)
    return leading


def _readings(page: PageReading, places: Places, found: Iterable[Found]) -> list[EntityReading]:
    readings: list[EntityReading] = []
    for each in found:
        words = places.words_at(each.start, each.end)
        text = " ".join(page.text[each.start : each.end].split())
        readings.append(
            EntityReading(
                kind=each.kind,
                text=text,
                value=each.value or text,
                page=page.number,
                start=each.start,
                end=each.end,
                words=words,
                box=places.box_around(words),
                confidence=each.confidence,
            )
        )
    return readings
