"""Headers, footers and page numbers over several pages: what returns at the same height, page after page."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from apps.extraction.engine.layout.drafts import Draft, Row
from apps.extraction.engine.layout.margins import NUMBER, holds_facts, kind_of

_ZONE = 0.16  # share of the page's height, wider than for single pages: repetition is the surer sign
_MOST_ROWS = 6
_SAME_HEIGHT = 0.02  # share of the page's height
_NEAR = 3  # pages: left and right ones may differ, and some may have none
_DIGITS = re.compile(r"\d+")
_LARGE = 1.15


class _Place(NamedTuple):
    """A row on the edge of a page."""

    page: int  # among the drafts
    depth: int  # from the edge
    y: float  # share of the page's height
    row: Row
    text: str


def mark_repeats(drafts: Sequence[Draft]) -> None:
    """Mark on each page what its neighbours have at the same height, digits apart.

    The first of the rows that return belongs to the body where it holds facts or is set large, as letterheads are.
    """
    if len(drafts) < 2:
        return
    for at_top in (True, False):
        groups: dict[str, list[_Place]] = defaultdict(list)
        for page, draft in enumerate(drafts):
            for place in _edge(draft, page, at_top=at_top):
                groups[_DIGITS.sub("#", place.text.casefold())].append(place)
        returning: dict[int, dict[int, tuple[_Place, bool]]] = defaultdict(dict)
        for places in groups.values():
            for place, is_first in _returning(places):
                returning[place.page][place.depth] = place, is_first
        for page, found in returning.items():
            _mark_page(drafts[page], found, at_top=at_top)


def _edge(draft: Draft, page: int, *, at_top: bool) -> Iterator[_Place]:
    """Yield a page's outermost rows."""
    height = draft.page.height
    rows = draft.rows
    for depth, row in enumerate((rows if at_top else rows[::-1])[:_MOST_ROWS]):
        share = row.y0 / height if at_top else row.y1 / height
        if (share > _ZONE) if at_top else (share < 1 - _ZONE):
            return
        yield _Place(page, depth, share, row, draft.said(row))


def _returning(places: Sequence[_Place]) -> list[tuple[_Place, bool]]:
    """Return the rows of one text that stand at the same height on pages near each other, the first one marked so."""
    near = [(a, b) for a, b in pairwise(places) if 0 < b.page - a.page <= _NEAR and abs(a.y - b.y) <= _SAME_HEIGHT]
    if not near or (NUMBER.fullmatch(places[0].text.strip()) and not _counts_on(near)):
        return []
    rows = {place.page: place for pair in near for place in pair}
    first = min(rows)
    return [(place, page == first) for page, place in rows.items()]


def _mark_page(draft: Draft, found: dict[int, tuple[_Place, bool]], *, at_top: bool) -> None:
    """Mark a page's returning rows from the edge inwards; below a row of the page's own nothing is a header."""
    for depth, row in enumerate(draft.rows if at_top else draft.rows[::-1]):
        if depth in found:
            _mark_row(draft, row, is_first=found[depth][1], at_top=at_top)
        elif not all(line in draft.apart for line in row.lines):
            return


def _mark_row(draft: Draft, row: Row, *, is_first: bool, at_top: bool) -> None:
    for line in row.lines:
        kind = kind_of(draft.text_of(line), at_top=at_top)
        if is_first and kind != "page_number" and _is_letterhead(draft, line):
            draft.apart.pop(line, None)
        else:
            draft.apart.setdefault(line, kind)


def _counts_on(near: Sequence[tuple[_Place, _Place]]) -> bool:
    """Whether numbers go up with the pages, as page numbers do."""
    steps = [(_value(b.text) - _value(a.text), b.page - a.page) for a, b in near]
    return 2 * sum(step == pages for step, pages in steps) > len(steps)


def _value(text: str) -> int:
    """Return the number in a text, 0 for Roman ones, which therefore never count on."""
    found = _DIGITS.search(text)
    return int(found[0]) if found else 0


def _is_letterhead(draft: Draft, line: int) -> bool:
    return draft.lines[line].height > _LARGE * draft.height or holds_facts(draft.text_of(line))
