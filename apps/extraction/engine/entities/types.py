"""The values the search for entities speaks."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from apps.extraction.engine.types import Box

EntityKind: TypeAlias = Literal[
    "person",
    "organization",
    "location",
    "date",
    "money",
    "email",
    "phone",
    "url",
    "iban",
    "vat_id",
    "address",
]

MentionModel: TypeAlias = Callable[[Sequence[str]], Sequence[Sequence[tuple[str, int, int, float | None]]]]
"""Gives the mentions in each of some texts: kind, begin and end in characters, probability of being right or None."""


class Found(NamedTuple):
    """A mention at start:end of a text. `value` is its one form, empty where that is the text itself."""

    kind: str
    start: int
    end: int
    value: str = ""
    confidence: float | None = None


class EntityReading(msgspec.Struct, frozen=True, kw_only=True):
    """One mention at `start`:`end` of its page's text.

    `kind` is an `EntityKind`, or what a configured model calls it. `text` is as the page writes it, blanks and line
    ends as single blanks. `value` is normalised: ISO 8601 dates, `12.50 EUR`, E.164 telephone numbers, compact
    identifiers, else the text. `words` are the indices of the page's words that make it and `box` is around them,
    both empty on pages without words. `confidence` is fitted to outcomes as the model's card says, or None.
    """

    kind: str
    text: str
    value: str
    page: int
    start: int
    end: int
    words: list[int] = []
    box: Box | None = None
    confidence: float | None = None
