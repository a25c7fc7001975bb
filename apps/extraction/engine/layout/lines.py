"""Lines of a page: words that follow each other in its text on the same height, in points of the shown page."""

import re
from collections.abc import Callable, Container, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from apps.extraction.engine.types import PageReading, Word

# A blank is about a quarter of a line's height, in justified text up to .6; columns stand farther apart.
_PART_GAP = 1.2
_MARKER_GAP = 4.0  # a bullet or number stands farther from its text
_SAME_LINE = 0.5  # share of the smaller height by which words of one line overlap
_UPRIGHT = 2.0  # times as high as wide
MARKER = re.compile(
    r"(?:[\u2022\u2023\u25aa\u25ab\u25cf\u25cb\u25e6\u2043\u2219\u00b7\u25a0\u25a1\u2013\u2014*\-\uf0b7]"
    r"|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?)"
)


class Line(NamedTuple):
    """A line, or its part within a column; `height` is the usual one of its words, `first` to `last` their places."""

    x0: float
    y0: float
    x1: float
    y1: float
    height: float
    first: int
    last: int  # one after the last word
    is_upright: bool = False

    @property
    def word_count(self) -> int:
        """How many words it has."""
        return self.last - self.first


class _Sides(NamedTuple):
    """The sides of all words of a page in points, each a list of its own: the fastest to walk over."""

    x0: list[float]
    y0: list[float]
    x1: list[float]
    y1: list[float]
    upright: list[bool]


def lines_of(page: PageReading, left_out: Container[int] = ()) -> list[Line]:
    """Return the lines of a page in the order of its words; words in `left_out` part lines and are in none."""
    words = page.words
    sides = _sides(page)
    goes_on = _joining(words, sides)
    starts = [index for index in range(len(words)) if not index or not goes_on(index)]
    lines = []
    for start, end in pairwise([*starts, len(words)]):
        for first, last in _runs(start, end, left_out) if left_out else ((start, end),):
            lines.append(_line(sides, first, last))
    return lines


def _sides(page: PageReading) -> _Sides:
    words, width, height = page.words, page.width, page.height
    x0, y0 = [word.x0 * width for word in words], [word.y0 * height for word in words]
    x1, y1 = [word.x1 * width for word in words], [word.y1 * height for word in words]
    upright = [
        bottom - top > _UPRIGHT * (right - left) and len(word.text) > 2
        for word, left, top, right, bottom in zip(words, x0, y0, x1, y1, strict=True)
    ]
    return _Sides(x0, y0, x1, y1, upright)


def _joining(words: Sequence[Word], sides: _Sides) -> Callable[[int], bool]:
    """Return what tells whether a word stands on the line of the one before it."""
    x0, y0, x1, y1, upright = sides

    def goes_on(index: int) -> bool:
        last = index - 1
        if upright[index] or upright[last]:
            shared = min(x1[last], x1[index]) - max(x0[last], x0[index])
            narrower = min(x1[last] - x0[last], x1[index] - x0[index])
            return upright[index] and upright[last] and shared > _SAME_LINE * narrower
        low, high = y1[last] - y0[last], y1[index] - y0[index]
        if low > high:
            low, high = high, low
        bottom = min(y1[last], y1[index])
        top = max(y0[last], y0[index])
        if bottom - top < _SAME_LINE * low:
            return False
        gap = x0[index] - x1[last]
        if gap < 0:  # some scripts run from the right
            gap = x0[last] - x1[index]
        return gap <= _PART_GAP * high or (gap <= _MARKER_GAP * high and bool(MARKER.fullmatch(words[last].text)))

    return goes_on


def _runs(start: int, end: int, left_out: Container[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs of words that are not left out."""
    first = start
    for index in range(start, end):
        if index in left_out:
            if first < index:
                yield first, index
            first = index + 1
    if first < end:
        yield first, end


def _line(sides: _Sides, first: int, last: int) -> Line:
    x0, y0, x1, y1 = (side[first:last] for side in sides[:4])
    upright = sides.upright[first]
    low, high = (x0, x1) if upright else (y0, y1)
    sizes = sorted([end - start for start, end in zip(low, high, strict=True)])
    return Line(min(x0), min(y0), max(x1), max(y1), sizes[len(sizes) // 2], first, last, upright)


def usual_height(lines: Sequence[Line]) -> float:
    """Return the height of the page's body: the median of its lines', each counted by its words."""
    sizes = sorted((line.height, line.word_count) for line in lines)
    half = sum(count for _, count in sizes) / 2
    for height, count in sizes:
        half -= count
        if half <= 0:
            return height
    return 0.0


def usual_pitch(lines: Sequence[Line], height: float) -> float:
    """Return the usual distance from one line's top to the next one's."""
    steps = sorted(
        below.y0 - above.y0
        for above, below in pairwise(lines)
        if 0.5 * height < below.y0 - above.y0 < 3 * height and below.x0 < above.x1 and above.x0 < below.x1
    )
    return steps[len(steps) // 2] if steps else 1.2 * height
