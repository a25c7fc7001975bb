"""Lines of a page: words that follow each other in its text on the same height, in points of the shown page."""

import re
from collections.abc import Sequence
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


class Box4(NamedTuple):
    """A word's box in points."""

    x0: float
    y0: float
    x1: float
    y1: float


def lines_of(page: PageReading, left_out: frozenset[int] = frozenset()) -> list[Line]:
    """Return the lines of a page in the order of its words; words in `left_out` part lines and are in none."""
    words, width, height = page.words, page.width, page.height
    lines: list[Line] = []
    start = 0
    boxes: list[Box4] = []
    upright = False
    for index, word in enumerate(words):
        box = Box4(word.x0 * width, word.y0 * height, word.x1 * width, word.y1 * height)
        is_upright = len(word.text) > 2 and box.y1 - box.y0 > _UPRIGHT * (box.x1 - box.x0)
        apart = index in left_out
        if boxes and (apart or is_upright != upright or not _goes_on(boxes, box, words[start], is_upright)):
            lines.append(_line(boxes, start, upright))
            boxes = []
        if apart:
            continue
        if not boxes:
            start, upright = index, is_upright
        boxes.append(box)
    if boxes:
        lines.append(_line(boxes, start, upright))
    return lines


def _goes_on(boxes: Sequence[Box4], box: Box4, first: Word, is_upright: bool) -> bool:
    """Whether a word belongs to the line of the ones before."""
    last = boxes[-1]
    if is_upright:
        return min(last.x1, box.x1) - max(last.x0, box.x0) > _SAME_LINE * min(last.x1 - last.x0, box.x1 - box.x0)
    low, high = last.y1 - last.y0, box.y1 - box.y0
    if min(last.y1, box.y1) - max(last.y0, box.y0) < _SAME_LINE * min(low, high):
        return False
    gap = max(box.x0 - last.x1, last.x0 - box.x1)  # either way: some scripts run from the right
    widest = _PART_GAP
    if len(boxes) == 1 and MARKER.fullmatch(first.text):
        widest = _MARKER_GAP
    return gap <= widest * max(low, high)


def _line(boxes: Sequence[Box4], start: int, is_upright: bool) -> Line:
    sizes = sorted(box.x1 - box.x0 if is_upright else box.y1 - box.y0 for box in boxes)
    return Line(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
        sizes[len(sizes) // 2],
        start,
        start + len(boxes),
        is_upright,
    )


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
