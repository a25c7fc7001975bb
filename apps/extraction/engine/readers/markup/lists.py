"""Lists of HTML: how deep an item lies and what it begins with."""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

_BULLET = "-"
_NO_MARKER = re.compile(r"list-style(?:-type)?\s*:[^;]*\bnone\b", re.IGNORECASE)
_WHOLE = re.compile(r"-?[0-9]{1,9}")


@dataclass
class _List:
    is_numbered: bool
    next_number: int


class Lists:
    """The lists that are open at a place of the page."""

    def __init__(self) -> None:
        self._open: list[_List] = []

    @property
    def depth(self) -> int:
        """How many lists are around the one in which an item stands."""
        return max(0, len(self._open) - 1)

    def begin(self, tag: str, node: LexborNode) -> str:
        """Take note of an element; return the marker of an item."""
        if tag in {"ul", "ol"}:
            is_numbered = tag == "ol" and not _NO_MARKER.search(node.attributes.get("style") or "")
            self._open.append(_List(is_numbered, _whole(node.attributes.get("start"), 1)))
        elif tag == "li":
            if not self._open or not self._open[-1].is_numbered:
                return _BULLET
            number = _whole(node.attributes.get("value"), self._open[-1].next_number)
            self._open[-1].next_number = number + 1
            return f"{number}."
        return ""

    def end(self, tag: str) -> None:
        """Take note of the end of an element."""
        if tag in {"ul", "ol"} and self._open:
            self._open.pop()


def _whole(value: str | None, otherwise: int) -> int:
    """Return a number of at most nine digits."""
    return int(value) if value and _WHOLE.fullmatch(value) else otherwise
