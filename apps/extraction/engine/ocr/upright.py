"""Pictures set straight before they are read: turned by quarters, then by the slope of their lines."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec import structs
from PIL import Image, ImageFilter

from apps.extraction.engine.geometry import clamped
from apps.extraction.engine.types import Word

_SEEN_PX = 900  # longest side of the picture in which the slope is looked for
_INK = 16  # grey levels below its surroundings that make a pixel ink
_SURROUNDINGS_PX = 9
_FEWEST_POINTS = 200
_MOST_POINTS = 20_000
_STEEPEST = 15.0
_COARSE, _FINE = 0.5, 0.05
# Tesseract follows sloping lines itself: set straight, 6 receipts and 3 invoices gain from 3 degrees on (.856 to .868,
# .921 to .918; at 5 .790 to .864, .846 to .934; at 9 .550 to .883, .169 to .934) and lose up to .03 below.
_LEAST_SKEW = 2.5
_LEAST_GAIN = 1.15  # of sharpness: lines that are level already, or no lines
_QUARTERS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


class Upright(NamedTuple):
    """A picture set straight: turned clockwise by quarters, then against its skew; both in degrees."""

    picture: Image.Image
    turned: int
    skew: float
    shown: tuple[int, int]

    def as_shown(self, word: Word) -> Word:
        """Return a word of the straight picture with its box on the picture as it is shown."""
        if not self.turned and not self.skew:
            return word
        corners = [self._back(x, y) for x in (word.x0, word.x1) for y in (word.y0, word.y1)]
        across, down = zip(*corners, strict=True)
        x0, y0, x1, y1 = clamped(min(across), min(down), max(across), max(down))
        return structs.replace(word, x0=x0, y0=y0, x1=x1, y1=y1)

    def _back(self, x: float, y: float) -> tuple[float, float]:
        """Return where on the shown picture a place of the straight one lies, both as fractions."""
        width, height = self.shown if self.turned in {0, 180} else self.shown[::-1]
        if self.skew:
            slope = math.radians(self.skew)
            right, low = (x - 0.5) * self.picture.width, (y - 0.5) * self.picture.height
            x = (right * math.cos(slope) - low * math.sin(slope)) / width + 0.5
            y = (right * math.sin(slope) + low * math.cos(slope)) / height + 0.5
        return {0: (x, y), 90: (y, 1 - x), 180: (1 - x, 1 - y), 270: (1 - y, x)}[self.turned]


def set_straight(picture: Image.Image, turn: int = 0, *, least_skew: float = _LEAST_SKEW) -> Upright:
    """Return a picture turned clockwise by quarters and with level lines, if they slope by `least_skew` degrees."""
    turned = picture.transpose(_QUARTERS[turn]) if turn else picture
    skew = skew_of(turned)
    if abs(skew) < least_skew:
        skew = 0.0
    if skew:
        if turned.mode == "1":
            turned = turned.convert("L")
        paper = "white" if turned.mode != "L" else 255
        turned = turned.rotate(skew, Image.Resampling.BICUBIC, expand=True, fillcolor=paper)
    return Upright(turned, turn, skew, picture.size)


def skew_of(picture: Image.Image) -> float:
    """Return by how many degrees the lines of print fall to the right, 0 where they are level or cannot be seen.

    The slope is the one along which the ink gathers in the sharpest rows (Postl's projection profile). 31 of the dev
    images turned by -12 to 12 degrees: all within half a degree, the middle error .08.
    """
    points = _ink(picture)
    if points is None:
        return 0.0
    level = _sharpness(points, 0.0)
    best = max(np.arange(-_STEEPEST, _STEEPEST + _COARSE, _COARSE), key=lambda slope: _sharpness(points, slope))
    near = np.arange(best - _COARSE, best + _COARSE, _FINE)
    skew = float(max(near, key=lambda slope: _sharpness(points, slope)))
    if abs(skew) > _STEEPEST or _sharpness(points, skew) < _LEAST_GAIN * level:
        return 0.0
    return round(skew, 2)


def _ink(picture: Image.Image) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]] | None:
    """Return the places of ink in a small copy, x and y; None where there is too little."""
    share = _SEEN_PX / max(picture.size)
    grey = picture.convert("L")
    if share < 1:
        grey = grey.resize(
            (max(1, round(grey.width * share)), max(1, round(grey.height * share))), Image.Resampling.BOX
        )
    around = grey.filter(ImageFilter.BoxBlur(_SURROUNDINGS_PX))
    y, x = np.nonzero(np.asarray(grey, np.int16) < np.asarray(around, np.int16) - _INK)
    if len(x) < _FEWEST_POINTS:
        return None
    step = -(-len(x) // _MOST_POINTS)
    return x[::step].astype(np.float32), y[::step].astype(np.float32)


def _sharpness(points: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]], slope: float) -> float:
    x, y = points
    rows = y - x * np.float32(math.tan(math.radians(slope)))
    counts = np.bincount((rows - rows.min()).astype(np.int32))
    return float(np.square(np.diff(counts)).sum())
