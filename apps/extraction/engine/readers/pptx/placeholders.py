"""What a slide's shapes take over from its layout and its master: which paragraphs have bullets or numbers."""

from dataclasses import dataclass
from typing import Final

from lxml import etree

from apps.extraction.engine.readers.office.opc import Parts

BODY_KINDS: Final = frozenset({"body", "obj", "subTitle"})
TITLE_KINDS: Final = frozenset({"title", "ctrTitle"})
_BULLETS: Final = ("buNone", "buChar", "buAutoNum", "buBlip")


@dataclass(frozen=True)
class Placeholder:
    """The place of a layout that a shape fills."""

    kind: str
    index: str


def placeholder_of(shape: etree._Element) -> Placeholder | None:
    """Return the place a shape fills; None for a shape of its own."""
    element = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
    if element is None:
        element = shape.find("{*}nvGraphicFramePr/{*}nvPr/{*}ph")
    return None if element is None else Placeholder(element.get("type", "obj"), element.get("idx", "0"))


class Inheritance:
    """What the shapes of all slides of a layout take over, nearest first."""

    def __init__(self, parts: Parts, layout: str | None) -> None:
        master = parts.first_related(layout, "slideMaster") if layout else None
        layout_root, root = parts.optional_xml(layout), parts.optional_xml(master)
        self._layout = _shapes(layout_root)
        self._master = _shapes(root)
        self._texts = None if root is None else root.find("{*}txStyles")
        shown = (root, layout_root) if layout_root is None or layout_root.get("showMasterSp") != "0" else (layout_root,)
        self.trees = [tree for part in shown if part is not None for tree in part.iterfind("{*}cSld/{*}spTree")]
        """The shapes that every slide shows: the master's, then the layout's."""

    def bullet(self, properties: etree._Element | None, shape: etree._Element, level: int) -> etree._Element | None:
        """Return the mark of a paragraph, `buNone` where one is said to have none; None where nothing is said."""
        for source in (properties, *self._levels(shape, level + 1)):
            if source is None:
                continue
            for name in _BULLETS:
                found = source.find(f"{{*}}{name}")
                if found is not None:
                    return found
        return None

    def _levels(self, shape: etree._Element, level: int) -> list[etree._Element | None]:
        path = f"{{*}}txBody/{{*}}lstStyle/{{*}}lvl{level}pPr"
        found = [shape.find(path)]
        place = placeholder_of(shape)
        if place is None:
            return found
        for shapes, by_index in ((self._layout, True), (self._master, False)):
            match = _matching(shapes, place, by_index=by_index)
            found.append(None if match is None else match.find(path))
        if self._texts is not None and place.kind in BODY_KINDS:
            found.append(self._texts.find(f"{{*}}bodyStyle/{{*}}lvl{level}pPr"))
        return found


def _shapes(root: etree._Element | None) -> list[tuple[Placeholder, etree._Element]]:
    shapes = [] if root is None else root.iterfind("{*}cSld/{*}spTree/{*}sp")
    return [(place, shape) for shape in shapes if (place := placeholder_of(shape)) is not None]


def _matching(
    shapes: list[tuple[Placeholder, etree._Element]], place: Placeholder, *, by_index: bool
) -> etree._Element | None:
    """Return the layout's shape of the same index, the master's of the same kind; a master has one body."""
    for other, shape in shapes:
        if by_index and other.index == place.index:
            return shape
        if not by_index and other.kind == ("body" if place.kind in BODY_KINDS else place.kind):
            return shape
    return None
