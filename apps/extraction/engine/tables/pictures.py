"""Ruling lines that are only seen: thin straight strokes in the picture of a page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from PIL import Image

from apps.extraction.engine.edges import Edge
from apps.extraction.engine.types import Box, PageReading

if TYPE_CHECKING:
    import numpy as np

    Pixels: TypeAlias = np.ndarray[Any, np.dtype[np.int16]]
    Mask: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]

_LONGEST_SIDE_PX = 3_000  # larger pictures are looked at more coarsely
_MOST_RUNS = 20_000  # more are a photograph or a pattern
_CONTRAST = 24  # grey levels between a line and the paper on both sides of it
_REACH_PT = 1.5  # half of the thickest line
_SHORTEST_LEVEL_PT = 30.0  # dashes and letters that touch each other are shorter
_SHORTEST_UPRIGHT_PT = 14.0  # letters are lower
_STEEPEST = 0.02  # of its length a line may rise: a scan that lies about a degree askew
_THICKEST_PT = 4.0
_GAP_PT = 2.0  # in a line that the scanner lost in places
_COVERED_PT = 20.0  # where letters hang into a line it stands out on one side only
_MOST_COVERED = 0.35  # of a line's length may lie inside words; an underline or the foot of a row of letters has more
_RIM = 0.1  # of a word's height: loose boxes may reach over the line below


class _Run(NamedTuple):
    """A row of line pixels: where it lies across, and from where to where it goes along."""

    across: int
    start: int
    end: int


class _Stroke(NamedTuple):
    """A line: its middle across, and from where to where it goes along."""

    across: float
    start: float
    end: float


def picture_edges(picture: Image.Image, reading: PageReading) -> list[Edge]:
    """Return the straight lines in the picture of a page, in the reading's units; strokes of letters are no lines."""
    import numpy as np  # noqa: PLC0415  (only pages without lines of their own need it: 70 ms)

    if min(picture.size) < 3 or reading.width <= 0 or reading.height <= 0:
        return []
    grey = picture.convert("L")
    grey.thumbnail((_LONGEST_SIDE_PX, _LONGEST_SIDE_PX), Image.Resampling.BOX)
    pixels = np.asarray(grey, dtype=np.int16)
    scale = grey.width / reading.width
    boxes = [
        (word.x0 * grey.width, word.y0 * grey.height, word.x1 * grey.width, word.y1 * grey.height)
        for word in reading.words
    ]
    turned = [(y0, x0, y1, x1) for x0, y0, x1, y1 in boxes]
    level = [each for shown in (pixels, 255 - pixels) for each in _strokes(shown, scale, _SHORTEST_LEVEL_PT)]
    upright = [each for shown in (pixels.T, 255 - pixels.T) for each in _strokes(shown, scale, _SHORTEST_UPRIGHT_PT)]
    level, upright = _outside_words(level, boxes, _RIM), _outside_words(upright, turned, 0)
    return [Edge(line.start / scale, line.across / scale, line.end / scale, line.across / scale) for line in level] + [
        Edge(line.across / scale, line.start / scale, line.across / scale, line.end / scale) for line in upright
    ]


def _outside_words(strokes: list[_Stroke], boxes: Sequence[Box], rim: float) -> list[_Stroke]:
    """Return the strokes that run through words for a small part of their length only; the first axis is along."""
    outside = []
    for stroke in strokes:
        covered = sum(
            max(0.0, min(stroke.end, end) - max(stroke.start, start))
            for start, top, end, bottom in boxes
            if top + rim * (bottom - top) < stroke.across < bottom - rim * (bottom - top)
        )
        if covered <= _MOST_COVERED * (stroke.end - stroke.start):
            outside.append(stroke)
    return outside


def _strokes(pixels: "Pixels", scale: float, shortest_pt: float) -> list[_Stroke]:
    """Return the strokes along the second axis, in pixels."""
    found = _runs(_ridges(pixels, max(2, round(_REACH_PT * scale))), max(6, round(shortest_pt * scale / 3)))
    if len(found) > _MOST_RUNS:
        return []
    runs = _bridged(found, pixels, _COVERED_PT * scale)
    strokes = []
    for group in _groups(runs, max(2.0, _GAP_PT * scale)):
        start, end = min(run.start for run in group), max(run.end for run in group)
        height = max(run.across for run in group) + 1 - min(run.across for run in group)
        is_thin = height <= max(3.0, _THICKEST_PT * scale) + _STEEPEST * (end - start)
        if end - start >= shortest_pt * scale and is_thin:
            lengths = sum(run.end - run.start for run in group)  # letters that touch the line hardly weigh
            middle = sum((run.across + 0.5) * (run.end - run.start) for run in group) / lengths
            strokes.append(_Stroke(middle, start, end))
    return strokes


def _ridges(pixels: "Pixels", reach: int) -> "Mask":
    """Return the pixels that are darker than those at some distance on both sides across."""
    import numpy as np  # noqa: PLC0415

    padded = np.pad(pixels, ((reach, reach), (0, 0)), mode="edge")
    return np.asarray(np.minimum(padded[: -2 * reach], padded[2 * reach :]) - pixels > _CONTRAST)


def _runs(mask: "Mask", shortest: int) -> list[_Run]:
    """Return the runs along the second axis, by place across and start."""
    import numpy as np  # noqa: PLC0415

    steps = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    across, starts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    long = ends - starts >= shortest
    return [_Run(*run) for run in zip(*(each[long].tolist() for each in (across, starts, ends)), strict=True)]


def _bridged(runs: list[_Run], pixels: "Pixels", widest: float) -> list[_Run]:
    """Return the runs with neighbours joined where the pixels between them are as dark as theirs."""
    bridged: list[_Run] = []
    for run in runs:
        last = bridged[-1] if bridged else None
        if last is not None and last.across == run.across and run.start - last.end <= widest:
            between = pixels[run.across, last.end : run.start]
            if between.max() <= pixels[run.across, last.start : last.end].max():
                bridged[-1] = last._replace(end=run.end)
                continue
        bridged.append(run)
    return bridged


def _groups(runs: list[_Run], gap: float) -> list[list[_Run]]:
    """Return the runs that touch each other, or nearly do along the line, as one stroke each."""
    number: list[int] = []  # of each run's group
    first_near = 0
    for index, run in enumerate(runs):
        while runs[first_near].across < run.across - 1:
            first_near += 1
        touched = {number[near] for near in range(first_near, index) if _touch(run, runs[near], gap)}
        number.append(min(touched, default=index))
        if len(touched) > 1:
            number = [number[-1] if each in touched else each for each in number]
    groups: dict[int, list[_Run]] = {}
    for run, group in zip(runs, number, strict=True):
        groups.setdefault(group, []).append(run)
    return list(groups.values())


def _touch(run: _Run, other: _Run, gap: float) -> bool:
    return run.start <= other.end + gap and run.end >= other.start - gap
