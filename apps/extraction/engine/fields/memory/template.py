"""What a page looks like without its variable words: a sketch by which pages of one template know each other."""

import zlib
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from apps.extraction.engine.fields.support import bare
from apps.extraction.engine.types import PageReading

SKETCH: Final = 192  # numbers kept: the Jaccard share is off by .03 on average
_SHORTEST: Final = 2


def template_of(page: PageReading) -> list[int]:
    """Return a page's sketch: the smallest hashes of its pairs of neighbouring words without digits (bottom-k MinHash).

    Labels, letterhead and footer return on every document of a template and make most such pairs; what is filled in
    has digits, or stands alone among them.
    """
    words = [bare(word.text) for word in page.words]
    pairs = {
        zlib.crc32(f"{one} {other}".encode())
        for one, other in pairwise(words)
        if len(one) >= _SHORTEST and len(other) >= _SHORTEST and (one + other).isalpha()
    }
    return sorted(pairs)[:SKETCH]


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the share of two pages' pairs that both have (Jaccard), estimated from their sketches.

    That is the share of the smallest numbers of both together which stand in both (Broder's bottom-k sketches).
    """
    both = sorted(set(one).intersection(other))
    if not both:
        return 0.0
    size = min(SKETCH, max(len(one), len(other)), len(one) + len(other) - len(both))  # of their joint sketch
    ranks = (bisect_left(one, each) + bisect_left(other, each) - before for before, each in enumerate(both))
    return sum(rank < size for rank in ranks) / size
