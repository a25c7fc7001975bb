"""Texts one after the other give what each gives by itself."""

from apps.classification.runtime.attention import Span
from apps.classification.runtime.packing import pack


def test_texts_stand_one_after_the_other_with_positions_of_their_own() -> None:
    packed = pack([[5, 6, 7], [8], [9, 4]], pad_id=1)
    assert packed.spans == (Span(0, 3), Span(3, 1), Span(4, 2))
    assert packed.ids[0, :6].tolist() == [5, 6, 7, 8, 9, 4]
    assert packed.positions[0, :6].tolist() == [0, 1, 2, 0, 0, 1]
    assert set(packed.ids[0, 6:].tolist()) == {1}


def test_attention_may_look_behind_the_last_text_up_to_its_rounded_length() -> None:
    for lengths in ((256,), (250, 3), (17, 17), (32, 31, 1), (1,)):
        packed = pack([[7] * length for length in lengths], pad_id=0)
        start, length = packed.spans[-1]
        assert packed.rows >= start + -(-length // 16) * 16
        assert packed.rows % 64 == 0
