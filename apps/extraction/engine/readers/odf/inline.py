"""The text of an OpenDocument paragraph: spans, fields, notes, tracked insertions, comments, anchored frames."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from apps.extraction.engine.readers.office.opc import attribute, local_name, whole
from apps.extraction.engine.text import clean

_DRAWN: Final = frozenset(
    {"frame", "custom-shape", "rect", "ellipse", "circle", "line", "connector", "g", "path", "polygon", "polyline"}
    | {"caption", "measure", "control", "regular-polygon"}
)
_LEFT_OUT: Final = frozenset({"ruby-text", "title", "desc", "event-listeners", "annotation-end", "tracked-changes"})
_MOST_BLANKS: Final = 200


@dataclass
class Inline:
    """What a paragraph holds. `drawn` are frames and shapes anchored in it."""

    parts: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    drawn: list[etree._Element] = field(default_factory=list)
    is_inserted: bool = False

    @property
    def text(self) -> str:
        """The visible text."""
        return clean("".join(self.parts)).strip()


class InlineReader:
    """Reads paragraphs one after another; tracked insertions reach over their ends."""

    def __init__(self, inserted: frozenset[str], note: Callable[[etree._Element], str]) -> None:
        self._inserted = inserted
        self._open: set[str] = set()
        self._note = note

    def read(self, paragraph: etree._Element) -> Inline:
        """Return what a paragraph holds."""
        found = Inline()
        self._walk(paragraph, found)
        return found

    def _walk(self, element: etree._Element, found: Inline) -> None:
        self._text(element.text, found)
        for child in element:
            self._visit(child, found)
            self._text(child.tail, found)

    def _visit(self, element: etree._Element, found: Inline) -> None:
        name = local_name(element)
        if name == "s":
            found.parts.append(" " * min(whole(attribute(element, "c"), 1), _MOST_BLANKS))
        elif name in {"tab", "line-break"}:
            found.parts.append("\t" if name == "tab" else "\n")
        elif name == "note":
            found.parts.append(self._note(element))
        elif name == "annotation":
            found.comments.append(_comment(element))
        elif name in {"change-start", "change-end"}:
            self._change(element, is_start=name == "change-start")
        elif name in _DRAWN:
            found.drawn.append(element)
        elif name and name not in _LEFT_OUT and attribute(element, "display") != "none":
            self._walk(element, found)

    def _change(self, element: etree._Element, *, is_start: bool) -> None:
        identifier = attribute(element, "change-id") or ""
        if is_start and identifier in self._inserted:
            self._open.add(identifier)
        elif not is_start:
            self._open.discard(identifier)

    def _text(self, text: str | None, found: Inline) -> None:
        """Take in text, in which white space counts as one blank."""
        if not text:
            return
        lead, tail = " " * text[0].isspace(), " " * text[-1].isspace()
        words = " ".join(text.split())
        found.parts.append(f"{lead}{words}{tail}" if words else lead)
        if words and self._open:
            found.is_inserted = True


def _comment(element: etree._Element) -> str:
    author = "".join(element.find("{*}creator").itertext()) if element.find("{*}creator") is not None else ""
    lines = ("".join(line.itertext()) for line in element.iterfind(".//{*}p"))
    text = clean("\n".join(lines)).strip()
    return f"{clean(author).strip()}: {text}" if author.strip() and text else text
