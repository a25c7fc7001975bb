"""Lines of text in four-cornered boxes, as detectors find them: split into words and put in reading order."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median
from typing import Self, TypeAlias

from apps.extraction.engine.geometry import clamped
from apps.extraction.engine.ocr.recognised import Recognised
from apps.extraction.engine.types import Word

Point: TypeAlias = tuple[float, float]

_WORD_GAP = 2.2  # characters between the middles of two neighbours, beyond which a space went unread
_PARAGRAPH_GAP = 0.9  # of a line's height
_SAME_ROW = 0.5  # share of the lower of two lines by which they overlap in height
_FEWEST_ROWS_OF_A_COLUMN = 4
_COLUMN_CHARACTERS = 25  # a column of prose has lines that long; those of a table are shorter
_WIDE_ROW = 0.6  # of the width; such lines part what is above from what is below


@dataclass(frozen=True)
class _Piece:
    text: str
    start: float  # along the line, from 0 to 1
    end: float
    confidence: float


@dataclass(frozen=True)
class BoxedLine:
    """A line with its corners in pixels, clockwise from where it begins at the top."""

    corners: Sequence[Point]
    pieces: Sequence[_Piece]
    score: float

    @classmethod
    def of(cls, text: str, places: Sequence[float], scores: Sequence[float], corners: Sequence[Point]) -> Self | None:
        """Return a line. `places` are the middles of its characters other than spaces, `scores` those of all."""
        letters = [(letter, score) for letter, score in zip(text, scores, strict=False) if not letter.isspace()]
        if not letters or len(letters) != len(places):
            return None
        return cls(corners, _pieces(text, places, [score for _, score in letters]), mean(s for _, s in letters))

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The upright box around the line, in pixels."""
        across, down = zip(*self.corners, strict=True)
        return min(across), min(down), max(across), max(down)

    @property
    def text(self) -> str:
        """The words with spaces between."""
        return " ".join(piece.text for piece in self.pieces)

    def words(self, width: int, height: int) -> list[Word]:
        """Return the words with their boxes as fractions of a picture of that size."""
        found = []
        for piece in self.pieces:
            ends = [self._at(share, below=below) for share in (piece.start, piece.end) for below in (False, True)]
            across, down = zip(*ends, strict=True)
            box = clamped(min(across) / width, min(down) / height, max(across) / width, max(down) / height)
            found.append(Word(*box, piece.text, round(piece.confidence, 4)))
        return found

    def _at(self, share: float, *, below: bool) -> Point:
        """Return a place on the upper or lower edge."""
        start, end = (self.corners[3], self.corners[2]) if below else (self.corners[0], self.corners[1])
        return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _pieces(text: str, places: Sequence[float], scores: Sequence[float]) -> list[_Piece]:
    """Cut a line into words, at its spaces and where a gap is too wide for none."""
    steps = [after - before for before, after in pairwise(places)]
    step = median(steps) if steps else 0.0
    half = step / 2 if step else 0.5
    spans: list[tuple[int, int]] = []
    index = 0
    for word in text.split():
        first = index
        for _ in word[1:]:
            index += 1
            if steps[index - 1] > _WORD_GAP * step:
                spans.append((first, index))
                first = index
        index += 1
        spans.append((first, index))
    letters = "".join(text.split())
    edges = [(places[first] - half, places[last - 1] + half) for first, last in spans]
    pieces = []
    for number, (first, last) in enumerate(spans):
        start, end = edges[number]
        if number:
            start = max(start, (places[first] + places[first - 1]) / 2)
        if number + 1 < len(spans):
            end = min(end, (places[last - 1] + places[last]) / 2)
        pieces.append(_Piece(letters[first:last], max(0.0, start), min(1.0, end), mean(scores[first:last])))
    return pieces


def in_reading_order(lines: Sequence[BoxedLine], width: int, height: int) -> Recognised:
    """Return the words of all lines: columns of prose one after the other, anything else row by row."""
    words: list[Word] = []
    separators: list[str] = []
    low: float | None = None
    for row in _rows(lines, width):
        top = min(line.box[1] for line in row)
        tall = median(line.box[3] - line.box[1] for line in row)
        separator = (
            "\n\n" if low is not None and not 0 <= top - low + tall / 2 < (_PARAGRAPH_GAP + 0.5) * tall else "\n"
        )
        for line in row:
            for word in line.words(width, height):
                words.append(word)
                separators.append(separator)
                separator = " "
        low = max(line.box[3] for line in row)
    return Recognised(words, separators)


def _rows(lines: Sequence[BoxedLine], width: float) -> list[list[BoxedLine]]:
    """Return the rows in reading order."""
    gutter = _gutter(lines, width)
    if gutter is None:
        return _by_height(lines)
    rows: list[list[BoxedLine]] = []
    waiting: tuple[list[BoxedLine], list[BoxedLine]] = ([], [])
    for line in sorted(lines, key=lambda line: line.box[1]):
        left, _, right, _ = line.box
        if left < gutter < right:  # a heading over both columns: what stands above it comes first
            rows += _by_height(waiting[0]) + _by_height(waiting[1]) + [[line]]
            waiting = ([], [])
        else:
            waiting[right > gutter].append(line)
    return rows + _by_height(waiting[0]) + _by_height(waiting[1])


def _gutter(lines: Sequence[BoxedLine], width: float) -> float | None:
    """Return where the white between two columns of prose is; None where rows are read across."""
    narrow = [line.box for line in lines if line.box[2] - line.box[0] < _WIDE_ROW * width]
    for share in (0.5, 0.48, 0.52, 0.46, 0.54, 0.44, 0.56, 0.42, 0.58, 0.4, 0.6):
        at = share * width
        crossing = sum(box[0] < at < box[2] for box in narrow)
        if crossing > len(narrow) / 20:
            continue
        sides = [line for line in lines if line.box[2] <= at], [line for line in lines if line.box[0] >= at]
        if all(_is_prose(side) for side in sides):
            return at
    return None


def _is_prose(side: Sequence[BoxedLine]) -> bool:
    return len(side) >= _FEWEST_ROWS_OF_A_COLUMN and median(len(line.text) for line in side) >= _COLUMN_CHARACTERS


def _by_height(lines: Sequence[BoxedLine]) -> list[list[BoxedLine]]:
    """Gather lines that stand beside each other, and sort them from the left."""
    rows: list[list[BoxedLine]] = []
    for line in sorted(lines, key=lambda line: line.box[1] + line.box[3]):
        if rows and _beside(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.box[0]) for row in rows]


def _beside(one: BoxedLine, other: BoxedLine) -> bool:
    (_, top, _, low), (_, other_top, _, other_low) = one.box, other.box
    shared = min(low, other_low) - max(top, other_top)
    return shared >= _SAME_ROW * min(low - top, other_low - other_top)
