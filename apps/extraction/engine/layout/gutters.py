"""The gutters of a page whose text runs across its columns: white stripes that many lines in a row cross.

Nothing is a gutter unless running text stands in all columns beside it: tables and forms have stripes, too.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from apps.extraction.engine.layout.drafts import Draft
from apps.extraction.engine.layout.lines import Line

_LEAST_GAP = 0.5  # of a line's height: two words on both sides of a gutter
_LEAST_LINES = 8
_MIDDLE = (0.2, 0.8)  # shares of the page's width
_CROSSING = 0.3  # share of the page's width: a shorter line crosses no gutter
_CROSSED = 0.15  # share of the lines beside a gutter that may cross it: titles, wide pictures' captions
_FILLED = 0.6  # share of its column that a line of running text fills on average
_LEAST_WORDS = 3.0  # in a line of a column, on average


class Gutter(NamedTuple):
    """A white stripe: its middle, how many gaps between words it goes through, and the heights of the outer ones."""

    x: float
    gaps: int
    top: float
    bottom: float


class _Gap(NamedTuple):
    left: float
    right: float
    y: float


def gutters_among(draft: Draft, lines: Sequence[Line]) -> list[Gutter]:
    """Return the gutters of some lines, which are in the order of the text, from the left."""
    crossed = _stripes(_gaps(draft, lines))
    if not crossed:
        return []
    white = _proven(draft, lines, _white_stripes(draft, _beside(lines, crossed)))
    if len(white) > 1:
        return white
    return _proven(draft, lines, [max(crossed, key=lambda gutter: (gutter.gaps, gutter.x))])


def cut_at(draft: Draft, line: Line, gutter: float) -> list[Line]:
    """Return a line's parts left and right of a gutter; the whole line where a word or a mere blank stands in it."""
    words, page = draft.page.words, draft.page
    if line.is_upright or not line.x0 < gutter < line.x1:
        return [line]
    place = next((index for index in range(line.first, line.last) if words[index].x1 * page.width > gutter), line.last)
    if place in {line.first, line.last} or words[place].x0 * page.width < gutter:
        return [line]
    if (words[place].x0 - words[place - 1].x1) * page.width < _LEAST_GAP * line.height:
        return [line]  # a headline, whose blanks are as wide as the gutter of the small print
    left, right = words[line.first : place], words[place : line.last]
    return [
        line._replace(x1=max(word.x1 for word in left) * page.width, last=place),
        line._replace(x0=min(word.x0 for word in right) * page.width, first=place),
    ]


def cut_at_all(draft: Draft, lines: Sequence[Line], gutters: Sequence[Gutter]) -> list[Line]:
    """Return the lines cut at every gutter."""
    parts = list(lines)
    for gutter in gutters:
        parts = [part for line in parts for part in cut_at(draft, line, gutter.x)]
    return parts


def crosses(line: Line, gutter: Gutter) -> bool:
    """Whether a line goes on over a gutter."""
    return line.x0 < gutter.x < line.x1 and not line.is_upright


def _gaps(draft: Draft, lines: Sequence[Line]) -> list[_Gap]:
    """Return the gaps between words that follow each other on the same height, those at the page's sides left out."""
    words, width = draft.page.words, draft.page.width
    low, high = _MIDDLE[0] * width, _MIDDLE[1] * width
    least = _LEAST_GAP * draft.height
    found = []
    for line in lines:
        if line.is_upright or line.x1 - line.x0 < _CROSSING * width:
            continue
        ends = [words[index].x1 * width for index in range(line.first, line.last - 1)]
        starts = [words[index].x0 * width for index in range(line.first + 1, line.last)]
        found += [
            _Gap(end, start, line.y0)
            for end, start in zip(ends, starts, strict=True)
            if start - end >= least and low < end and start < high
        ]
    for line, after in pairwise(lines):
        beside = min(line.y1, after.y1) - max(line.y0, after.y0) > 0.5 * min(line.height, after.height)
        if beside and after.x0 - line.x1 >= least and low < line.x1 and after.x0 < high:
            found.append(_Gap(line.x1, after.x0, line.y0))
    return found


def _stripes(gaps: Sequence[_Gap]) -> list[Gutter]:
    """Return the white stripes that many gaps share, from the left; each gap is of one of them."""
    found: list[Gutter] = []
    left = list(gaps)
    while len(left) >= _LEAST_LINES:
        begins, ends = sorted(gap.left for gap in left), sorted(gap.right for gap in left)
        # The place that most gaps hold: as many have begun and as few have ended before it as possible.
        count, place = max((bisect_right(begins, at) - bisect_left(ends, at + 1e-6), at) for at in begins)
        if count < _LEAST_LINES:
            break
        shared = [gap for gap in left if gap.left <= place < gap.right]
        middle = (max(gap.left for gap in shared) + min(gap.right for gap in shared)) / 2
        heights = [gap.y for gap in shared]
        found.append(Gutter(middle, len(shared), min(heights), max(heights)))
        left = [gap for gap in left if not gap.left <= place < gap.right]
    return sorted(found)


def _white_stripes(draft: Draft, lines: Sequence[Line]) -> list[Gutter]:
    """Return the stripes that few of the lines cover, from the left, whichever lines follow each other in the text.

    Where the rows of three columns are uneven, their gaps in the text lie now in one gutter, now over a whole column.
    """
    parts = [part for line in lines for part in _cut_at_gaps(draft, line)]
    steps = sorted([(part.x0, 1) for part in parts] + [(part.x1, -1) for part in parts])
    covered = list(accumulate(step for _, step in steps))
    rows = max(covered)
    top, bottom = min(line.y0 for line in lines), max(line.y0 for line in lines)
    found: list[Gutter] = []
    for few, places in groupby(range(len(steps) - 1), key=lambda place: covered[place] <= _CROSSED * rows):
        stripe = list(places)
        if not few or steps[stripe[-1] + 1][0] - steps[stripe[0]][0] < _LEAST_GAP * draft.height:
            continue
        least = min(covered[place] for place in stripe)
        clear = [place for place in stripe if covered[place] == least]
        widest = max(clear, key=lambda place: steps[place + 1][0] - steps[place][0])
        middle = (steps[widest][0] + steps[widest + 1][0]) / 2
        found.append(Gutter(middle, rows, top, bottom))
    return found


def _cut_at_gaps(draft: Draft, line: Line) -> list[Line]:
    """Return a line's parts between gaps that could be gutters."""
    words, width = draft.page.words, draft.page.width
    firsts = [
        index
        for index in range(line.first + 1, line.last)
        if (words[index].x0 - words[index - 1].x1) * width >= _LEAST_GAP * line.height
    ]
    return [
        line._replace(x0=words[first].x0 * width, x1=words[last - 1].x1 * width, first=first, last=last)
        for first, last in pairwise([line.first, *firsts, line.last])
    ]


def _beside(lines: Sequence[Line], gutters: Sequence[Gutter]) -> list[Line]:
    top, bottom = min(gutter.top for gutter in gutters), max(gutter.bottom for gutter in gutters)
    return [line for line in lines if not line.is_upright and top <= line.y0 <= bottom]


def _proven(draft: Draft, lines: Sequence[Line], stripes: Sequence[Gutter]) -> list[Gutter]:
    """Return the stripes without those that part no running text."""
    left = list(stripes)
    while left and (wrong := _wrong_one(draft, lines, left)):
        left.remove(wrong)
    return left


def _wrong_one(draft: Draft, lines: Sequence[Line], gutters: Sequence[Gutter]) -> Gutter | None:
    """Return a stripe that parts no running text: many lines cross it, or a column beside it is none."""
    parts = cut_at_all(draft, _beside(lines, gutters), gutters)
    for gutter in gutters:
        crossing = sum(crosses(part, gutter) and gutter.top <= part.y0 <= gutter.bottom for part in parts)
        if crossing > _CROSSED * (gutter.gaps + crossing):
            return gutter
    sides = [float("-inf"), *(gutter.x for gutter in gutters), float("inf")]
    for number, (left, right) in enumerate(pairwise(sides)):
        if not _is_running_text([part for part in parts if left <= part.x0 and part.x1 <= right]):
            return min(gutters[max(0, number - 1) : number + 1], key=lambda gutter: gutter.gaps)
    return None


def _is_running_text(column: Sequence[Line]) -> bool:
    """Whether a column has lines enough, and these have words enough and fill it."""
    if len(column) < _LEAST_LINES:
        return False
    width = max(part.x1 for part in column) - min(part.x0 for part in column)
    filled = sum(part.x1 - part.x0 for part in column) / len(column)
    words = sum(part.word_count for part in column) / len(column)
    return filled >= _FILLED * width and words >= _LEAST_WORDS
