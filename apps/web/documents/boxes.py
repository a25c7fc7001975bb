"""Boxes for the overlay of a page: fractions as plain text, so that no locale writes a comma into them."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.documents.words import WordRow

MOST_WORDS = 4_000  # a page of fine print has about 1,200; beyond this the drawing would be slow


@dataclass(frozen=True)
class Box:
    """A rectangle of the overlay, in fractions of the page."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class WordBox:
    """A word's place; `percent` is how sure the recognition was, or empty."""

    box: Box
    text: str
    percent: str


def box_of(sides: Sequence[float] | None) -> Box | None:
    """Turn [x0, y0, x1, y1] into a rectangle; None stays None."""
    if not sides:
        return None
    x0, y0, x1, y1 = (float(side) for side in sides)
    return Box(f"{x0:.5f}", f"{y0:.5f}", f"{max(x1 - x0, 0):.5f}", f"{max(y1 - y0, 0):.5f}")


def word_boxes(words: Sequence[WordRow]) -> list[WordBox]:
    """Return the places of a page's words."""
    found = []
    for x0, y0, x1, y1, text, confidence in words[:MOST_WORDS]:
        box = box_of((x0, y0, x1, y1))
        if box is not None:
            found.append(WordBox(box, text, "" if confidence is None else f"{confidence:.0%}"))
    return found
