"""How much of a picture's writing no word covers: an engine may be sure of what it read and have skipped the rest."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from apps.extraction.engine.types import Word

# In heights of the words that were read. Wide enough for bold capitals and joined letters, too small for figures,
# lines and barcodes; chosen by looking at receipts and invoices, not tuned.
_LOWEST: Final = 0.35
_HIGHEST: Final = 1.6
_NARROWEST: Final = 0.08
_WIDEST: Final = 2.5
_LEAST_INK: Final = 0.04  # of the square of a word's height
_MOST_FILLED: Final = 0.85  # of its box: bars and blocks are fuller
_REACH: Final = 0.3  # around a word, for accents and full stops
_FEWEST_MARKS: Final = 30
_CONTRAST: Final = 12  # grey levels below the surroundings, which paper's grain does not reach


def unread_share(picture: Image.Image, words: Sequence[Word]) -> float:
    """Return the share of marks like letters that lie outside all words; 0 where there are too few to tell."""
    grey = np.asarray(picture.convert("L"))
    height, width = grey.shape
    size = float(np.median([(word.y1 - word.y0) * height for word in words])) if words else 0.0
    if size < 1:
        return 0.0
    centres = _marks(grey, size)
    if len(centres) < _FEWEST_MARKS:
        return 0.0
    covered = np.zeros(grey.shape, bool)
    reach = size * _REACH
    for word in words:
        top, left = max(0, int(word.y0 * height - reach)), max(0, int(word.x0 * width - reach))
        covered[top : int(word.y1 * height + reach) + 1, left : int(word.x1 * width + reach) + 1] = True
    rows, columns = centres[:, 1].astype(int), centres[:, 0].astype(int)
    return 1 - float(covered[rows, columns].mean())


def _marks(grey: NDArray[np.uint8], size: float) -> NDArray[Any]:
    """Return the centres (x, y in pixels) of what is as large and as dense as letters of a height; 10 to 60 ms."""
    import cv2  # noqa: PLC0415  (100 ms, and only pages that were read for sure come here)

    surroundings = max(15, int(size * 2) | 1)
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, surroundings, _CONTRAST)
    _, _, found, centres = cv2.connectedComponentsWithStats(ink, connectivity=8)
    wide, high, dark = found[1:, cv2.CC_STAT_WIDTH], found[1:, cv2.CC_STAT_HEIGHT], found[1:, cv2.CC_STAT_AREA]
    fits = (high >= _LOWEST * size) & (high <= _HIGHEST * size)
    fits &= (wide >= _NARROWEST * size) & (wide <= _WIDEST * size)
    fits &= (dark >= _LEAST_INK * size * size) & (dark < _MOST_FILLED * wide * high)
    return centres[1:][fits]
