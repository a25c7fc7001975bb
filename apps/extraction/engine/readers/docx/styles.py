"""What the paragraph styles of a DOCX mean: headings, titles, captions, code, and lists they bring along."""

from dataclasses import dataclass
from typing import Final

from lxml import etree

from apps.extraction.engine.readers.office.opc import attribute, child_value, whole
from apps.extraction.engine.types import BlockKind

_KINDS: Final[dict[str, BlockKind]] = {
    "title": "title",
    "caption": "caption",
    "source code": "code",
    "code": "code",
    "html preformatted": "code",
    "preformatted text": "code",
}
_MOST_LEVELS: Final = 9
_MOST_ANCESTORS: Final = 32


@dataclass(frozen=True)
class Style:
    """A paragraph style: its kind of block, a heading's level from 1, and the list and level it puts paragraphs in."""

    kind: BlockKind = "paragraph"
    level: int = 0
    list_id: str | None = None
    list_level: int = 0


def styles_of(root: etree._Element | None) -> dict[str, Style]:
    """Return the paragraph styles by id, with what they inherit; the default one is under an empty id."""
    if root is None:
        return {}
    elements = {attribute(element, "styleId") or "": element for element in root.iterfind("{*}style")}
    return {name: _style(name, elements) for name in elements}


def outline_level(properties: etree._Element | None) -> int | None:
    """Return the level, from 1, of a paragraph that is set to be in the outline; 0 for one set not to be."""
    value = child_value(properties, "outlineLvl")
    if not value:
        return None
    level = whole(value) + 1
    return level if level <= _MOST_LEVELS else 0


def _style(name: str, elements: dict[str, etree._Element]) -> Style:
    kind: BlockKind | None = None
    level: int | None = None
    list_id: str | None = None
    list_level: int | None = None
    for _ in range(_MOST_ANCESTORS):
        element = elements.get(name)
        if element is None:
            break
        called = (child_value(element, "name") or "").lower()
        properties = element.find("{*}pPr")
        if kind is None:
            kind = _KINDS.get(called)
        if level is None:
            level = outline_level(properties)
        if level is None and called.startswith("heading ") and called[8:].isdigit():
            level = min(whole(called[8:], 1), _MOST_LEVELS)
        numbering = None if properties is None else properties.find("{*}numPr")
        list_id = list_id if list_id is not None else child_value(numbering, "numId")
        depth = child_value(numbering, "ilvl")
        list_level = list_level if list_level is not None or depth is None else whole(depth)
        name = child_value(element, "basedOn") or ""
    if kind is None:
        kind = "heading" if level else "paragraph"
    return Style(kind=kind, level=(level or 0) if kind == "heading" else 0, list_id=list_id, list_level=list_level or 0)
