"""A ruling line, in points of the shown page with the origin top-left."""

from typing import NamedTuple, Self

_STRAIGHT_PT = 1.0


class Edge(NamedTuple):
    """A horizontal or vertical line."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def is_horizontal(self) -> bool:
        """Whether it runs from left to right."""
        return self.x1 - self.x0 >= self.bottom - self.top

    @classmethod
    def of(cls, x0: float, top: float, x1: float, bottom: float) -> Self | None:
        """Return the line of a thin box, made exactly straight; None where the box is not thin."""
        if x1 - x0 >= bottom - top:
            middle = (top + bottom) / 2
            return cls(x0, middle, x1, middle) if bottom - top <= _STRAIGHT_PT else None
        middle = (x0 + x1) / 2
        return cls(middle, top, middle, bottom) if x1 - x0 <= _STRAIGHT_PT else None
