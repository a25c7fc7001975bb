"""When a document was written: the dates of its first and last page with what stands around them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from apps.extraction.engine.fields.every_document.places import Head, Place
from apps.extraction.engine.fields.normalise.date_order import is_day_first
from apps.extraction.engine.fields.normalise.dates import dates_in
from apps.extraction.engine.fields.patterns import patterns

_PATTERNS: Final = patterns(Path(__file__).with_name("patterns.toml"), "dates")
_TOP, _UPPER = 0.3, 0.5


def dated_places(head: Head) -> Iterator[Place]:
    """Yield the dates with points for labels, a place name, a line of its own and standing at the top."""
    flat = re.sub(r"\s", " ", head.text)
    day_first = is_day_first([flat[: head.first_page_end]], head.language)
    for order, found in enumerate(dates_in(flat, day_first=day_first)):
        yield Place(found.start, found.end, found.value, _points(head, found.start, found.end, order))


def _points(head: Head, start: int, end: int, order: int) -> float:
    before, behind = head.before(start, 60), head.after(end, 60)
    is_first_page = start < head.first_page_end
    height = head.height(start)
    points = 1.5 - min(order, 10) * 0.1
    if _PATTERNS["label"].search(before) or (not before and _PATTERNS["label"].search(head.line_above(start))):
        points += 3
    if _PATTERNS["place"].search(before):
        points += 2
    if _PATTERNS["not_this"].search(before):
        points -= 3
    if sum(character.isalnum() for character in before + behind) <= 3:
        points += 1.5
    if is_first_page:
        points += 1.5 if height < _TOP else 0.75 if height < _UPPER else 0
    else:
        points -= 0.5
    return points
