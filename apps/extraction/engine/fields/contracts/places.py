"""States and countries whose law contracts choose, by the names that English, German and French texts give them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from apps.extraction.engine.fields.patterns import table

_FILE: Final = Path(__file__).with_name("places.toml")
_LAW: Final = re.compile(r"\b(?:droit|loi|lois|nach|recht)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """A state or country named in a text, by its English name."""

    start: int
    end: int
    name: str


@cache
def _names() -> dict[str, str]:
    known = table(_FILE)
    names = {name: name for name in [*known["plain"], *known["others"]]}
    names |= {other: name for name, others in known["others"].items() for other in others}
    return {name.lower(): value for name, value in names.items()}


@cache
def _pattern() -> re.Pattern[str]:
    by_length = sorted(_names(), key=len, reverse=True)
    alternatives = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in by_length)
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?!\w)", re.IGNORECASE)


def places_in(text: str, start: int = 0, end: int | None = None) -> Iterator[Place]:
    """Yield the states and countries that a text names, the longest name at each place.

    Names must begin with a capital; adjectives of German and French texts are written small beside "law".
    """
    for match in _pattern().finditer(text, start, len(text) if end is None else end):
        written = " ".join(match.group().split())
        name = _names()[written.lower()]
        is_adjective = (
            _LAW.search(text, max(0, match.start() - 12), match.start())
            or text[match.end() : match.end() + 7].strip() == "Recht"
        )
        if written[0].isupper() or is_adjective:
            yield Place(match.start(), match.end(), name)
