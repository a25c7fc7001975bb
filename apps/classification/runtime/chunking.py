"""Cuts text into spans of a token budget, preferring the ends of paragraphs, sentences and lines."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

# Strongest break first. A break's offset is where the following text starts.
_BREAKS = (
    re.compile(r"\n\s*\n\s*"),
    re.compile(r"[.!?…。！？][\"'”’)\]]*\s+"),  # noqa: RUF001 - full-width sentence ends are meant
    re.compile(r"\n\s*"),
    re.compile(r"\s+"),
)
# A chunk may end this much earlier than the budget allows in order to end well.
_SHORTEST_FILL = 0.6


class Span(NamedTuple):
    """Character offsets, end exclusive."""

    start: int
    end: int


def cut_spans(text: str, starts: Sequence[int], ends: Sequence[int], *, max_tokens: int, overlap: int) -> list[Span]:
    """Cut `text` into spans of at most `max_tokens` tokens.

    `starts` and `ends` are the tokens' character offsets in ascending order. Consecutive spans share about `overlap`
    tokens; with 0 every token lies in exactly one span. Raises `ValueError` for an overlap that leaves no progress.
    """
    if max_tokens < 1 or not 0 <= overlap <= max_tokens // 2:
        raise ValueError("max_tokens must be positive and overlap at most half of it")
    spans: list[Span] = []
    first = 0
    while first < len(starts):
        last = min(first + max_tokens, len(starts))
        if last < len(starts):
            last = _best_cut(text, starts, ends, first, last)
        spans.append(Span(starts[first], ends[last - 1]))
        if last >= len(starts):
            break
        first = max(first + 1, last - overlap)
    return spans


def _best_cut(text: str, starts: Sequence[int], ends: Sequence[int], first: int, last: int) -> int:
    """Return the index of the first token after the cut; `last` itself where the text offers no break."""
    earliest = first + max(1, int((last - first) * _SHORTEST_FILL))
    low, high = ends[earliest - 1], starts[last]
    for pattern in _BREAKS:
        cut = max((match.end() for match in pattern.finditer(text, low, high)), default=None)
        if cut is not None:
            return bisect_left(starts, cut, earliest, last)
    return last
