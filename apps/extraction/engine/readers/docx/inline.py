"""The text of a DOCX paragraph: runs, links, fields, content controls, formulas, tracked insertions, anchored boxes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from apps.extraction.engine.readers.office.formula import latex_of
from apps.extraction.engine.readers.office.opc import attribute, is_on, local_name
from apps.extraction.engine.text import clean

# Deleted and moved away text, properties, field instructions, the small print above ruby text.
_LEFT_OUT: Final = frozenset({"del", "moveFrom", "rPr", "pPr", "sdtPr", "instrText", "delText", "delInstrText", "rt"})
_CHARACTERS: Final = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_NOTES: Final = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_BOX_MARKS: Final = frozenset({"drawing", "pict", "object"})
_PRIVATE: Final = range(0xF000, 0xF100)  # where fonts of symbols lie
_BOXES: Final = {0xA3: "☐", 0xA8: "☐", 0x52: "☒", 0xFE: "☒", 0x54: "☒"}  # Wingdings and Wingdings 2


@dataclass
class Inline:
    """What a paragraph holds. `boxes` are text boxes and graphics anchored in it, `notes` kinds and ids."""

    parts: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    is_inserted: bool = False

    @property
    def text(self) -> str:
        """The visible text."""
        return clean("".join(self.parts)).strip()


def read_inline(paragraph: etree._Element, label: Callable[[str, str], str]) -> Inline:
    """Return what a paragraph holds; `label` gives what stands for a note of a kind and an id."""
    found = Inline()
    _Walk(found, label).children(paragraph, is_inserted=False)
    return found


class _Walk:
    def __init__(self, found: Inline, label: Callable[[str, str], str]) -> None:
        self._found = found
        self._label = label

    def children(self, element: etree._Element, *, is_inserted: bool) -> None:
        for child in element:
            self._visit(child, is_inserted=is_inserted)

    def _visit(self, element: etree._Element, *, is_inserted: bool) -> None:
        name = local_name(element)
        if not name or name in _LEFT_OUT:
            return
        if name == "r" and _is_hidden(element):
            self._found.hidden.extend(text.text or "" for text in element.iterfind("{*}t"))
        elif name == "AlternateContent":
            chosen = element.find("{*}Choice")
            chosen = element.find("{*}Fallback") if chosen is None else chosen
            if chosen is not None:
                self.children(chosen, is_inserted=is_inserted)
        elif name in {"ins", "moveTo"}:
            self.children(element, is_inserted=True)
        elif name in _BOX_MARKS:
            self._found.boxes.append(element)
        elif not self._leaf(element, name, is_inserted=is_inserted):
            self.children(element, is_inserted=is_inserted)

    def _leaf(self, element: etree._Element, name: str, *, is_inserted: bool) -> bool:
        """Take in an element that has a text of its own; False for one that only holds others."""
        if name == "t":
            self._text(" ".join((element.text or "").split("\n")), is_inserted=is_inserted)
        elif name in _CHARACTERS:
            self._text(_CHARACTERS[name], is_inserted=False)
        elif name == "br":
            self._text("" if attribute(element, "type") in {"page", "column"} else "\n", is_inserted=False)
        elif name == "sym":
            self._text(_symbol(attribute(element, "char")), is_inserted=is_inserted)
        elif name == "oMath":
            formula = latex_of(element).strip()
            self._text(f" ${formula}$ " if formula else "", is_inserted=is_inserted)
        elif name == "checkBox":  # of a form field
            checked = is_on(element, "checked" if element.find("{*}checked") is not None else "default")
            self._text("☒ " if checked else "☐ ", is_inserted=is_inserted)
        elif name in _NOTES:
            note = (_NOTES[name], attribute(element, "id") or "")
            self._found.notes.append(note)
            self._text(self._label(*note), is_inserted=is_inserted)
        elif name == "commentReference":
            self._found.comments.append(attribute(element, "id") or "")
        else:
            return False
        return True

    def _text(self, text: str, *, is_inserted: bool) -> None:
        self._found.parts.append(text)
        if is_inserted and text.strip():
            self._found.is_inserted = True


def _is_hidden(run: etree._Element) -> bool:
    properties = run.find("{*}rPr")
    return properties is not None and (is_on(properties, "vanish") or is_on(properties, "specVanish"))


def _symbol(code: str | None) -> str:
    """Return a character of a symbol font; those without a common counterpart are left out."""
    try:
        number = int(code or "", 16)
    except ValueError:
        return ""
    if number in _PRIVATE:
        return _BOXES.get(number - _PRIVATE.start, "")
    return chr(number) if number <= 0x10FFFF else ""
