"""Words of a page as lines of segments: runs of words without a gap that could part two columns."""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from apps.extraction.engine.tables.scale import EM_PT
from apps.extraction.engine.types import PageReading, Word

_COLUMN_GAP = 0.75  # of the line's height; a blank is about 0.25, in justified text up to 0.6
_RECOGNISED_HEIGHT_PT = 1.15 * EM_PT  # of a line; boxes of recognised words may be tight around the ink or loose
_SAME_LINE = 0.65  # share of the smaller height by which a word must overlap its line


class Segment(NamedTuple):
    """Neighbouring words of one line, in points of the shown page."""

    x0: float
    top: float
    x1: float
    bottom: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words with blanks between."""
        return " ".join(word.text for word in self.words)


class Line(NamedTuple):
    """One line of text from left to right."""

    top: float
    bottom: float
    segments: tuple[Segment, ...]

    @property
    def height(self) -> float:
        """Height in points."""
        return self.bottom - self.top


def lines_of(reading: PageReading, words: Sequence[Word]) -> list[Line]:
    """Return the lines of words that run horizontally, from the top."""
    placed = _placed(reading, words)
    rows: list[list[Segment]] = []
    top = bottom = 0.0
    for word in sorted(placed, key=lambda item: item.top + item.bottom):
        _, high, _, low, _ = word
        shared = min(bottom, low) - max(top, high)
        if rows and shared >= _SAME_LINE * min(bottom - top, low - high):
            rows[-1].append(word)
            count = len(rows[-1])  # the line's band is the mean of its words', so that no tall word drags it along
            top += (high - top) / count
            bottom += (low - bottom) / count
        else:
            rows.append([word])
            top, bottom = high, low
    return [_line_of(row) for row in rows]


def _placed(reading: PageReading, words: Sequence[Word]) -> list[Segment]:
    """Return each word by itself, without those of no height or higher than wide, whose text runs up or down."""
    width, height = reading.width, reading.height
    placed = []
    for word in words:
        x0, top, x1, bottom = word.x0 * width, word.y0 * height, word.x1 * width, word.y1 * height
        is_upright = bottom - top > 2 * (x1 - x0) and len(word.text) > 2
        if bottom > top and not is_upright:
            placed.append(Segment(x0, top, x1, bottom, (word,)))
    return placed


def _line_of(words: list[Segment]) -> Line:
    words.sort(key=lambda word: word.x0)
    gap = _COLUMN_GAP * median(_full_height(word) for word in words)
    segments: list[list[Segment]] = []
    end = 0.0
    for word in words:
        if segments and word.x0 - end <= gap:
            segments[-1].append(word)
        else:
            segments.append([word])
        end = max(end, word.x1)
    joined = tuple(_joined(group) for group in segments)
    return Line(min(part.top for part in joined), max(part.bottom for part in joined), joined)


def _full_height(word: Segment) -> float:
    """Return the height of a word's line in points; recognised pages have been brought to the scale of print."""
    return word.bottom - word.top if word.words[0].confidence is None else _RECOGNISED_HEIGHT_PT


def _joined(group: list[Segment]) -> Segment:
    if len(group) == 1:
        return group[0]
    return Segment(
        group[0].x0,
        min(word.top for word in group),
        max(word.x1 for word in group),
        max(word.bottom for word in group),
        tuple(word.words[0] for word in group),
    )
