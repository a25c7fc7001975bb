"""Boxes of many characters at once: one C loop over pdfium, one array of fractions of the shown page."""

from collections.abc import Iterable
from ctypes import PYFUNCTYPE, c_int, c_void_p, cast
from itertools import repeat
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from pypdfium2 import raw

from apps.extraction.engine.geometry import DIGITS, PageFrame

Floats: TypeAlias = NDArray[np.float64]

# The library's own wrapper checks and converts each argument; plain addresses take a third of its time.
_loose_box = PYFUNCTYPE(c_int, c_void_p, c_int, c_void_p)(cast(raw.FPDFText_GetLooseCharBox, c_void_p).value or 0)
_RECT_BYTES = 16  # FS_RECTF: left, top, right, bottom as 32-bit floats


def loose_boxes(
    text_page: raw.FPDF_TEXTPAGE, characters: Iterable[int], count: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return a row of left, top, right, bottom for each character in user space, and which of them pdfium knew."""
    rows = np.zeros((count, 4), dtype=np.float32)
    start = rows.ctypes.data
    pointer = cast(text_page, c_void_p).value
    addresses = range(start, start + count * _RECT_BYTES, _RECT_BYTES)
    known = list(map(_loose_box, repeat(pointer), characters, addresses))
    return rows.astype(np.float64), np.array(known, dtype=np.bool_)


def shown(first: Floats, last: Floats, frame: PageFrame) -> Floats:
    """Return x0, y0, x1, y1 around two characters each as fractions of the shown page, not yet clamped to it."""
    left, right = np.minimum(first[:, 0], last[:, 0]), np.maximum(first[:, 2], last[:, 2])
    top, bottom = np.maximum(first[:, 1], last[:, 1]), np.minimum(first[:, 3], last[:, 3])
    width, height = frame.right - frame.left, frame.top - frame.bottom
    if not (width > 0 and height > 0):
        return np.zeros((len(first), 4))
    left, right = (left - frame.left) / width, (right - frame.left) / width
    low, high = (bottom - frame.bottom) / height, (top - frame.bottom) / height
    columns = {
        90: (low, left, high, right),
        180: (1 - right, low, 1 - left, high),
        270: (1 - high, 1 - right, 1 - low, 1 - left),
    }
    return np.stack(columns.get(frame.rotation, (left, 1 - high, right, 1 - low)), axis=1)


def clamped_all(boxes: Floats) -> Floats:
    """Return the parts of boxes on the page, rounded; what is no number becomes 0."""
    found = np.fmin(np.fmax(boxes, 0.0), 1.0)  # these two pass over what is no number
    found[:, 2:] = np.maximum(found[:, :2], found[:, 2:])
    return np.asarray(np.round(found, DIGITS), dtype=np.float64)
