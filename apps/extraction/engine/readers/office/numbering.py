"""The numbers of list items and numbered headings, counted as a word processor does."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from apps.extraction.engine.readers.office.numerals import numeral

BULLET: Final = "-"
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True)
class Level:
    """How a level of a list is numbered: the form of its numbers, the pattern they stand in and the first one."""

    form: str = "decimal"
    pattern: str = "%1."
    start: int = 1


@dataclass
class ListPlan:
    """A list: its definition, its levels, and those of them that begin anew where it is first used."""

    definition: str
    levels: dict[int, Level]
    restarts: set[int] = field(default_factory=set)


class Numbering:
    """The lists of a document and how far each has counted; lists that share a definition go on with its numbers."""

    def __init__(self) -> None:
        self._lists: dict[str, ListPlan] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)

    def add(self, list_id: str, plan: ListPlan) -> None:
        """Make a list known."""
        self._lists[list_id] = plan

    def marker(self, list_id: str, level: int) -> str | None:
        """Count an item in and return what it begins with; None for a list that is none."""
        plan = self._lists.get(list_id)
        if plan is None:
            return None
        levels = plan.levels
        here = levels.get(level, Level())
        counts = self._counts[plan.definition]
        if level in plan.restarts:
            plan.restarts.discard(level)
            counts.pop(level, None)
        counts[level] = counts[level] + 1 if level in counts else here.start
        for deeper in [known for known in counts if known > level]:
            del counts[deeper]
        if here.form == "bullet":
            return BULLET
        return "" if here.form == "none" else _PLACE.sub(lambda found: _number(levels, counts, found), here.pattern)


def _number(levels: dict[int, Level], counts: dict[int, int], place: re.Match[str]) -> str:
    at = int(place[1]) - 1
    level = levels.get(at, Level())
    return numeral(counts.get(at, level.start), level.form)
