"""Words survive packing: boxes to 1/65535 of the page, confidences to 1/200."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.documents.words import pack, unpack

share = st.floats(0, 1, allow_nan=False)
text = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1)
words = st.lists(st.tuples(share, share, share, share, text, st.none() | share))


@given(words)
def test_round_trip(given_words: list[tuple[float, float, float, float, str, float | None]]) -> None:
    found = unpack(pack(given_words))
    assert [word[4] for word in found] == [word[4] for word in given_words]
    for before, after in zip(given_words, found, strict=True):
        assert after[:4] == pytest.approx(before[:4], abs=2e-5)
        assert after[5] == (None if before[5] is None else pytest.approx(before[5], abs=0.0026))


def test_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 9"):
        unpack(bytes([9]) + pack([])[1:])
