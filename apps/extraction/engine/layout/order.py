"""Reading order where the text runs across columns: the gutter is found, lines are cut at it, columns read one by one.

Most texts have their columns in order already (files are written so); nothing is changed unless many lines in a row
cross one and the same white stripe.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from apps.extraction.engine.layout.drafts import Draft
from apps.extraction.engine.layout.lines import Line

_LEAST_GAP = 0.5  # of a line's height: two words on both sides of a gutter
_LEAST_LINES = 8
_MIDDLE = (0.2, 0.8)  # share of the page's width
_CROSSING = 0.3  # share of the page's width: a shorter line crosses no gutter
_CROSSED = 0.15  # share of the lines beside the gutter that may cross it: titles, wide pictures' captions
_FILLED = 0.6  # share of its column that a line of running text fills on average
_LEAST_WORDS = 3.0  # in a line of a column, on average


def restore_order(draft: Draft) -> None:
    """Cut lines that run across a gutter and put the columns into the order in which they are read."""
    gutter = _gutter(draft)
    if gutter is None:
        return
    lines: list[Line] = []
    for line in draft.lines:
        lines += _cut(draft, line, gutter)
    draft.replace_lines(lines)
    draft.order = _columns_in_order(lines, gutter)


def _gaps(draft: Draft) -> list[tuple[float, float, float]]:
    """Return the gaps in the middle of the page between words that follow each other: left, right, height."""
    words, width = draft.page.words, draft.page.width
    low, high = _MIDDLE[0] * width, _MIDDLE[1] * width
    least = _LEAST_GAP * draft.height
    found = []
    for line in draft.lines:
        if line.is_upright or line.x1 - line.x0 < _CROSSING * width:
            continue
        ends = [words[index].x1 * width for index in range(line.first, line.last - 1)]
        starts = [words[index].x0 * width for index in range(line.first + 1, line.last)]
        found += [
            (end, start, line.y0)
            for end, start in zip(ends, starts, strict=True)
            if start - end >= least and low < end and start < high
        ]
    for line, after in pairwise(draft.lines):
        beside = min(line.y1, after.y1) - max(line.y0, after.y0) > 0.5 * min(line.height, after.height)
        if beside and after.x0 - line.x1 >= least and low < line.x1 and after.x0 < high:
            found.append((line.x1, after.x0, line.y0))
    return found


def _gutter(draft: Draft) -> float | None:
    """Return the middle of the white stripe that most gaps share, if running text stands on both of its sides."""
    gaps = _gaps(draft)
    if len(gaps) < _LEAST_LINES:
        return None
    lefts, rights = sorted(gap[0] for gap in gaps), sorted(gap[1] for gap in gaps)
    # The place that most gaps hold: as many have begun and as few have ended before it as possible.
    count, place = max((bisect_right(lefts, at) - bisect_left(rights, at + 1e-6), at) for at in lefts)
    if count < _LEAST_LINES:
        return None
    shared = [gap for gap in gaps if gap[0] <= place < gap[1]]
    middle = (max(gap[0] for gap in shared) + min(gap[1] for gap in shared)) / 2
    heights = sorted(gap[2] for gap in shared)
    return middle if _parts_text(draft, middle, heights[0], heights[-1], len(shared)) else None


def _parts_text(draft: Draft, gutter: float, top: float, bottom: float, shared: int) -> bool:
    """Whether a stripe parts running text: few lines cross it, and those beside it fill their columns."""
    parts: list[Line] = []
    crossing = 0
    for line in draft.lines:
        if line.is_upright or not top <= line.y0 <= bottom:
            continue
        cut = _cut(draft, line, gutter)
        crossing += len(cut) == 1 and line.x0 < gutter < line.x1
        parts += cut
    if crossing > _CROSSED * (shared + crossing):
        return False
    for side in ([part for part in parts if part.x1 <= gutter], [part for part in parts if part.x0 >= gutter]):
        if len(side) < _LEAST_LINES:
            return False
        width = max(part.x1 for part in side) - min(part.x0 for part in side)
        filled = sum(part.x1 - part.x0 for part in side) / len(side)
        words = sum(part.word_count for part in side) / len(side)
        if filled < _FILLED * width or words < _LEAST_WORDS:
            return False
    return True


def _cut(draft: Draft, line: Line, gutter: float) -> list[Line]:
    """Return a line's parts left and right of a gutter; the whole line where a word stands in it."""
    words, page = draft.page.words, draft.page
    if line.is_upright or not line.x0 < gutter < line.x1:
        return [line]
    place = next((index for index in range(line.first, line.last) if words[index].x1 * page.width > gutter), line.last)
    if place in {line.first, line.last} or words[place].x0 * page.width < gutter:
        return [line]
    left, right = words[line.first : place], words[place : line.last]
    return [
        line._replace(x1=max(word.x1 for word in left) * page.width, last=place),
        line._replace(x0=min(word.x0 for word in right) * page.width, first=place),
    ]


def _columns_in_order(lines: Sequence[Line], gutter: float) -> list[int]:
    """Return the lines' numbers: between two lines that cross the gutter first the left column, then the right one."""
    order: list[int] = []
    left: list[int] = []
    right: list[int] = []
    for number in sorted(range(len(lines)), key=lambda each: (round(lines[each].y0 + lines[each].y1), lines[each].x0)):
        line = lines[number]
        if line.x0 < gutter < line.x1 and not line.is_upright:
            order += [*left, *right, number]
            left, right = [], []
        elif line.x1 <= gutter:
            left.append(number)
        else:
            right.append(number)
    return [*order, *left, *right]
