"""Recognised pages at the scale of print: pictures count in pixels of any size, the finders' constants in points."""

from collections.abc import Sequence
from statistics import median

from msgspec.structs import replace

from apps.extraction.engine.edges import Edge
from apps.extraction.engine.types import PageReading, Word

EM_PT = 10.0  # size of print on a page that was brought to scale
_EM_OF_CHARACTER = 2.0  # a character of running text is half an em wide; boxes' heights differ from engine to engine
_LARGEST_FACTOR = 20.0


def is_recognised(words: Sequence[Word]) -> bool:
    """Whether most words were read from a picture."""
    return 2 * sum(word.confidence is not None for word in words) > len(words)


def at_print_scale(reading: PageReading, edges: Sequence[Edge]) -> tuple[PageReading, list[Edge]]:
    """Return a recognised page and its lines in units in which print is 10 points high; others as they are.

    Words and results are fractions of the page, so that only its size changes.
    """
    if not is_recognised(reading.words):
        return reading, list(edges)
    widths = [(word.x1 - word.x0) * reading.width / len(word.text) for word in reading.words if len(word.text) > 1]
    width = median(widths) if widths else 0.0
    if width <= 0:
        return reading, list(edges)
    factor = EM_PT / (_EM_OF_CHARACTER * width)
    if not 1 / _LARGEST_FACTOR < factor < _LARGEST_FACTOR:
        return reading, list(edges)
    scaled = replace(reading, width=reading.width * factor, height=reading.height * factor)
    return scaled, [Edge(*(side * factor for side in edge)) for edge in edges]
