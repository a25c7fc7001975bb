"""The numbers of list items and numbered headings of a DOCX, counted as a word processor does."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from apps.extraction.engine.readers.office.numerals import numeral
from apps.extraction.engine.readers.office.opc import attribute, child_value, whole

BULLET: Final = "-"
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True)
class Level:
    """How a level of a list is numbered: the form of its numbers, the pattern they stand in and the first one."""

    form: str = "decimal"
    pattern: str = "%1."
    start: int = 1


class Numbering:
    """The lists of a document and how far each has counted; lists that share a definition go on with its numbers."""

    def __init__(self, root: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._definition: dict[str, str] = {}
        self._restarts: dict[str, set[int]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if root is None:
            return
        definitions = {
            attribute(element, "abstractNumId") or "": _levels(element) for element in root.iterfind("{*}abstractNum")
        }
        for element in root.iterfind("{*}num"):
            name = attribute(element, "numId") or ""
            definition = child_value(element, "abstractNumId") or ""
            levels = dict(definitions.get(definition, {}))
            restarts = _override(element, levels)
            self._levels[name], self._definition[name], self._restarts[name] = levels, definition, restarts

    def marker(self, list_id: str, level: int) -> str | None:
        """Count an item in and return what it begins with; None for a list that is none."""
        levels = self._levels.get(list_id)
        if levels is None:
            return None
        here = levels.get(level, Level())
        counts = self._counts[self._definition[list_id]]
        if level in self._restarts[list_id]:
            self._restarts[list_id].discard(level)
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


def _levels(definition: etree._Element) -> dict[int, Level]:
    return {whole(attribute(element, "ilvl")): _level(element, Level()) for element in definition.iterfind("{*}lvl")}


def _level(element: etree._Element, base: Level) -> Level:
    start = child_value(element, "start")
    pattern = child_value(element, "lvlText")
    return Level(
        form=child_value(element, "numFmt") or base.form,
        pattern=base.pattern if pattern is None else pattern,
        start=whole(start, base.start),
    )


def _override(number: etree._Element, levels: dict[int, Level]) -> set[int]:
    """Put what a list sets for itself over its definition; return the levels that begin anew."""
    restarts = set()
    for element in number.iterfind("{*}lvlOverride"):
        at = whole(attribute(element, "ilvl"))
        own = element.find("{*}lvl")
        if own is not None:
            levels[at] = _level(own, levels.get(at, Level()))
        start = child_value(element, "startOverride")
        if start and start.isdigit():
            levels[at] = replace(levels.get(at, Level()), start=whole(start))
            restarts.add(at)
    return restarts
