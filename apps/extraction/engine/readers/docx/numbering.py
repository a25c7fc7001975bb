"""The lists of a DOCX: definitions, and the lists that use them with their own settings."""

from dataclasses import replace

from lxml import etree

from apps.extraction.engine.readers.office.numbering import Level, ListPlan, Numbering
from apps.extraction.engine.readers.office.opc import attribute, child_value, whole


def numbering_of(root: etree._Element | None) -> Numbering:
    """Return the lists of a document that has numbered nothing yet."""
    numbering = Numbering()
    if root is None:
        return numbering
    definitions = {
        attribute(element, "abstractNumId") or "": _levels(element) for element in root.iterfind("{*}abstractNum")
    }
    for element in root.iterfind("{*}num"):
        definition = child_value(element, "abstractNumId") or ""
        levels = dict(definitions.get(definition, {}))
        restarts = _override(element, levels)
        numbering.add(attribute(element, "numId") or "", ListPlan(definition, levels, restarts))
    return numbering


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
