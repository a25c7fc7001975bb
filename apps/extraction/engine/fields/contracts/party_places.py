"""Where names stand that may be a contract's parties: the preamble's list, the head, the signatures, the text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from apps.extraction.engine.fields.contracts.names import Name, names_in
from apps.extraction.engine.fields.contracts.patterns import patterns
from apps.extraction.engine.fields.contracts.zones import Line, Zones

_PATTERNS: Final = patterns("party")
_BODY: Final = 40_000  # characters in which names with a legal form are looked for
_TOP: Final = 2_500  # characters of the head
_TOP_LINES: Final = 40
_MOST_TRIGGERS: Final = 3
_LONGEST_LIST: Final = 1_800
_LONGEST_DEFINITION: Final = 300
_SAME_COLUMN: Final = 0.06  # of the page's width
_BRACKETS: Final = re.compile(rf"\([^()]{{1,{_LONGEST_DEFINITION}}}\)")


class Mention(NamedTuple):
    """A name at a place: how good the place is to point at, and what it says."""

    name: Name
    strength: float
    cues: dict[str, float]


def mentions(zones: Zones) -> Iterator[Mention]:
    """Yield all names that may be parties, wherever they stand."""
    yield from _listed(zones)
    yield from _on_top(zones)
    yield from _signing(zones)
    yield from _in_body(zones)


def _listed(zones: Zones) -> Iterator[Mention]:
    """Yield the names behind "between": what a preamble lists."""
    limit = max(zones.preamble_end, _TOP)
    for nth, trigger in enumerate(_PATTERNS["trigger"].finditer(zones.text, 0, limit)):
        if nth >= _MOST_TRIGGERS:
            return
        start, end = trigger.end(), _list_end(zones, trigger.end())
        names = list(names_in(_without_brackets(zones.text[:end], start), start, end))
        heads = _heads(zones, names, start, end)
        for name in names:
            cues = {
                "in_list": 1.0 if not nth else 0.5,
                "listed_later": float(nth > 0),
                "after_between": float(not zones.text[start : name.start].strip(" \n:,(")),
                "after_and": float(_PATTERNS["and_before"].search(zones.before(name.start, 14)) is not None),
                "heads_defined": heads.get(name.start, 0.0),
                "tail_of_list": float(name.start not in heads),
            }
            yield Mention(name, 5.0 - nth + cues["heads_defined"], cues)


def _list_end(zones: Zones, start: int) -> int:
    limit = min(len(zones.text), start + _LONGEST_LIST)
    match = _PATTERNS["list_end"].search(zones.text, start + 3, limit)
    return match.start() + 1 if match else limit


def _without_brackets(text: str, start: int) -> str:
    """Return a text with what stands in brackets behind a place blanked: definitions such as `(the "Company")`."""
    blanked = _BRACKETS.sub(lambda found: f"({' ' * (len(found.group()) - 2)})", text[start:])
    return text[:start] + blanked


def _heads(zones: Zones, names: Sequence[Name], start: int, end: int) -> dict[int, float]:
    """Return where the entries of a list begin: 1 where a definition ends the entry, else 0.

    An entry runs from the list's beginning, or from the last definition, to the next one; the first name in it is the
    party's, what follows are its state, its seat and the like. Behind the last definition "and" begins an entry.
    """
    heads: dict[int, float] = {}
    place = start
    for definition in _PATTERNS["definition"].finditer(zones.text, start, end):
        inside = [name for name in names if place <= name.start < definition.start()]
        if inside:
            heads[inside[0].start] = 1.0
            for name in inside[1:]:
                if name.has_form and _PATTERNS["and_before"].search(zones.before(name.start, 14)):
                    heads.setdefault(name.start, 0.0)
        place = definition.end()
    for name in names:
        if name.start >= place and (
            not zones.text[start : name.start].strip(" \n:,(")
            or _PATTERNS["and_before"].search(zones.before(name.start, 14))
        ):
            heads.setdefault(name.start, 0.0)
    return heads


def _on_top(zones: Zones) -> Iterator[Mention]:
    """Yield names on lines of their own at the head of the text: title page, letterhead, address."""
    for place, line in enumerate(zones.lines[:_TOP_LINES]):
        if line.start > _TOP:
            return
        for name in names_in(zones.text, line.start, line.end):
            if name.end - name.start >= 0.75 * len(line.text.strip()):
                addressed = _PATTERNS["address_behind"].match(zones.after(line.end, 60)) is not None
                yield Mention(name, 1.0, {"own_line_on_top": 1 - place / 60, "addressed": float(addressed)})


def _signing(zones: Zones) -> Iterator[Mention]:
    """Yield the names among the signatures."""
    lines = zones.closing_lines
    for index, line in enumerate(lines):
        near = _Signature.around(zones, lines, index)
        for name in names_in(zones.text, line.start, line.end):
            head = zones.text[line.start : name.start].strip().lower()
            tail = zones.text[name.end : line.end].strip(" :,.()-_")
            own_line = float(not head.strip('(" ') and len(tail) < 25)
            by_precedes = float(_PATTERNS["by_before"].search(head) is not None or near.is_by_above)
            slash = float("/s/" in head or any("/s/" in text.lower() for text in near.above))
            title = float(_PATTERNS["title_line"].search(" ".join([tail, *near.below[:1]])) is not None)
            cues = {
                "signs_on_own_line": own_line,
                "by_follows": float(any(map(_PATTERNS["by_line"].match, near.below[:2])) or tail[:2].lower() == "by"),
                "by_precedes": by_precedes,
                "slash_precedes": slash,
                "title_follows": title,
                "name_label": float(_PATTERNS["name_label"].search(head) is not None),
                "signed_for": float(_PATTERNS["signed_for"].search(head) is not None),
                "signs_for_self": slash * own_line * (1 - max(by_precedes, title)),
            }
            yield Mention(name, 2.0 + own_line / 2, cues)


@dataclass(frozen=True)
class _Signature:
    """What stands in the same column above and below a line among the signatures."""

    above: list[str]
    below: list[str]

    @classmethod
    def around(cls, zones: Zones, lines: Sequence[Line], index: int) -> "_Signature":
        left = zones.running.left_of(lines[index].start)
        near = lines[max(0, index - 5) : index + 6]
        column = [line for line in near if abs(zones.running.left_of(line.start) - left) < _SAME_COLUMN]
        place = column.index(lines[index])
        return cls(
            above=[line.text for line in column[max(0, place - 2) : place]],
            below=[line.text for line in column[place + 1 : place + 4]],
        )

    @property
    def is_by_above(self) -> bool:
        """Whether the line above says by whom it is signed for somebody else."""
        above = self.above[-1:]
        return any(_PATTERNS["by_line"].match(text) and not text.lower().startswith("/s/") for text in above)


def _in_body(zones: Zones) -> Iterator[Mention]:
    """Yield names with a legal form, and those that a definition follows, wherever they stand."""
    for name in names_in(zones.text, 0, min(len(zones.text), _BODY)):
        behind = zones.after(name.end, 120)
        defined = _PATTERNS["definition"].match(behind.lstrip(", "))
        if name.has_form or defined or _PATTERNS["kind"].match(behind) or name.start < zones.preamble_end:
            recited = float(zones.preamble_end < name.start < zones.preamble_end + 4_000)
            yield Mention(name, 1.5 if name.start < zones.preamble_end else 0.0, {"recited": recited})
