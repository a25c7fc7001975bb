"""Boxes: from a page's own coordinates to fractions of the page as it is shown."""

from typing import NamedTuple

from apps.extraction.engine.types import Box

DIGITS = 5  # a fraction of 0.00001 is a hundredth of a point on A4


class PageFrame(NamedTuple):
    """The visible box of a PDF page in its unrotated user space (origin bottom-left), and the page's rotation."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int

    def fractions(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Return a box of user space on the shown page, not yet clamped to it."""
        width, height = self.right - self.left, self.top - self.bottom
        if not (width > 0 and height > 0):
            return (0.0, 0.0, 0.0, 0.0)
        left, right = (x0 - self.left) / width, (x1 - self.left) / width
        low, high = (y0 - self.bottom) / height, (y1 - self.bottom) / height
        if self.rotation == 90:
            return (low, left, high, right)
        if self.rotation == 180:
            return (1 - right, low, 1 - left, high)
        if self.rotation == 270:
            return (1 - high, 1 - right, 1 - low, 1 - left)
        return (left, 1 - high, right, 1 - low)

    @property
    def shown_size(self) -> tuple[float, float]:
        """Width and height in points as shown."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.rotation in {90, 270} else (width, height)


def clamped(x0: float, y0: float, x1: float, y1: float) -> Box:
    """Return the part of a box on the page, rounded. Comparisons with NaN are false, so that a NaN becomes 0."""
    x0 = round(x0, DIGITS) if 0 < x0 < 1 else float(x0 >= 1)
    y0 = round(y0, DIGITS) if 0 < y0 < 1 else float(y0 >= 1)
    x1 = round(x1, DIGITS) if 0 < x1 < 1 else float(x1 >= 1)
    y1 = round(y1, DIGITS) if 0 < y1 < 1 else float(y1 >= 1)
    return (x0, y0, max(x0, x1), max(y0, y1))


def union(boxes: list[Box]) -> Box:
    """Return the smallest box around at least one box."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
