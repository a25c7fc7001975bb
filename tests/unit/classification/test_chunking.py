import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classification.runtime.chunking import Span, cut_spans

WORD = re.compile(r"\w+|[.!?]")


def offsets(text: str) -> tuple[list[int], list[int]]:
    matches = list(WORD.finditer(text))
    return [match.start() for match in matches], [match.end() for match in matches]


def cut(text: str, max_tokens: int, overlap: int = 0) -> list[str]:
    starts, ends = offsets(text)
    spans = cut_spans(text, starts, ends, max_tokens=max_tokens, overlap=overlap)
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("text", "max_tokens", "expected"),
    [
        ("", 5, []),
        ("one two", 5, ["one two"]),
        ("one two three four", 2, ["one two", "three four"]),
        # A paragraph's end is preferred to a later sentence's end, and that to a later line's end.
        ("a b c\n\nd. e f g h", 6, ["a b c", "d. e f g h"]),
        ("a b c d. e\nf g h", 7, ["a b c d.", "e\nf g h"]),
        ("a b c d\ne f g h", 5, ["a b c d", "e f g h"]),
    ],
)
def test_cuts(text: str, max_tokens: int, expected: list[str]) -> None:
    assert cut(text, max_tokens) == expected


@given(
    st.text(alphabet="ab .!\n", max_size=300),
    st.integers(min_value=1, max_value=12),
)
def test_without_overlap_every_token_is_in_one_span(text: str, max_tokens: int) -> None:
    starts, ends = offsets(text)
    spans = cut_spans(text, starts, ends, max_tokens=max_tokens, overlap=0)
    holders = [
        [span for span in spans if span.start <= start and end <= span.end]
        for start, end in zip(starts, ends, strict=True)
    ]
    assert all(len(found) == 1 for found in holders)
    assert all(sum(span.start <= start < span.end for start in starts) <= max_tokens for span in spans)


@given(st.integers(min_value=2, max_value=12), st.integers(min_value=0, max_value=200))
def test_overlapping_spans_share_the_tokens_asked_for(max_tokens: int, count: int) -> None:
    text = " ".join(["w"] * count)
    starts, ends = offsets(text)
    overlap = max_tokens // 2
    spans = cut_spans(text, starts, ends, max_tokens=max_tokens, overlap=overlap)
    for one, other in pairwise(spans):
        shared = sum(other.start <= start < one.end for start in starts)
        assert one.start < other.start
        assert 0 < shared <= overlap or overlap == 0
    assert not starts or spans[-1] == Span(spans[-1].start, ends[-1])


@pytest.mark.parametrize(("max_tokens", "overlap"), [(0, 0), (4, 3), (4, -1)])
def test_settings_without_progress_are_refused(max_tokens: int, overlap: int) -> None:
    with pytest.raises(ValueError, match="overlap"):
        cut_spans("a b", [0, 2], [1, 3], max_tokens=max_tokens, overlap=overlap)
