"""What the styles of an OpenDocument mean: titles, captions, code, and how the items of lists are marked."""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from apps.extraction.engine.readers.office.numerals import numeral
from apps.extraction.engine.readers.office.opc import attribute, local_name, whole
from apps.extraction.engine.types import BlockKind

_KINDS: Final[dict[str, BlockKind]] = {
    "title": "title",
    "caption": "caption",
    "illustration": "caption",
    "figure": "caption",
    "table": "caption",
    "preformatted_20_text": "code",
}
_FORMS: Final = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_BULLET: Final = "-"
_MOST_ANCESTORS: Final = 32


@dataclass(frozen=True)
class Level:
    """How a level of a list is marked; a bullet where there is no form of numbers."""

    form: str | None = None
    before: str = ""
    after: str = ""
    start: int = 1
    shown: int = 1  # how many levels' numbers are shown


@dataclass
class Styles:
    """The paragraph styles by name, with their parents, and the levels of the list styles."""

    parents: dict[str, str] = field(default_factory=dict)
    lists: dict[str, dict[int, Level]] = field(default_factory=dict)

    def add(self, root: etree._Element | None) -> None:
        """Take in the styles of a part."""
        for element in root.iter() if root is not None else ():
            name = attribute(element, "name")
            if name is None:
                continue
            if local_name(element) == "style" and attribute(element, "family") == "paragraph":
                self.parents.setdefault(name, attribute(element, "parent-style-name") or "")
            elif local_name(element) == "list-style":
                self.lists.setdefault(name, dict(_level(child) for child in element if attribute(child, "level")))

    def kind(self, name: str | None) -> BlockKind:
        """Return the kind of block of paragraphs of a style."""
        for _ in range(_MOST_ANCESTORS):
            if not name:
                break
            known = _KINDS.get(name.lower())
            if known is not None:
                return known
            name = self.parents.get(name)
        return "paragraph"

    def marker(self, list_style: str, counts: dict[int, int], level: int) -> str:
        """Return what the item of a list begins with, given how far its levels have counted; levels from 1."""
        levels = self.lists.get(list_style, {})
        here = levels.get(level, Level())
        if here.form is None:
            return _BULLET
        if not here.form:
            return ""
        shown = range(max(1, level - here.shown + 1), level + 1)
        numbers = (
            numeral(counts.get(at, 1), _FORMS.get((levels.get(at, here)).form or "1", "decimal")) for at in shown
        )
        return f"{here.before}{'.'.join(numbers)}{here.after}".strip()

    def start(self, list_style: str, level: int) -> int:
        """Return the first number of a level."""
        return self.lists.get(list_style, {}).get(level, Level()).start


def _level(element: etree._Element) -> tuple[int, Level]:
    is_number = local_name(element) == "list-level-style-number"
    return whole(attribute(element, "level"), 1), Level(
        form=(attribute(element, "num-format") or "") if is_number else None,
        before=attribute(element, "num-prefix") or "",
        after=attribute(element, "num-suffix") or "",
        start=whole(attribute(element, "start-value"), 1),
        shown=whole(attribute(element, "display-levels"), 1),
    )
