"""Small rules of the document pages: tags as typed, cells for spreadsheets, boxes as text."""

import pytest

from apps.web.documents.boxes import MOST_WORDS, box_of, word_boxes
from apps.web.documents.files import _cell
from apps.web.documents.tags import MOST_TAGS, tag_names


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", []),
        (" , ,", []),
        ("a, b,a", ["a", "b"]),
        ("two  words", ["two words"]),
        ("nul\x00byte", ["nulbyte"]),
        ("x" * 80, ["x" * 60]),
        (",".join(str(n) for n in range(50)), [str(n) for n in range(MOST_TAGS)]),
    ],
)
def test_tag_names(typed: str, names: list[str]) -> None:
    assert tag_names(typed) == names


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("+49 30 1234", "+49 30 1234"),
        ("-12.50", "-12.50"),
        ("- 3 %", "- 3 %"),
        ("Total", "Total"),
        ("", ""),
    ],
)
def test_cells_never_run(text: str, cell: str) -> None:
    assert _cell(text) == cell


def test_boxes() -> None:
    box = box_of([0.1, 0.25, 0.5, 0.2])
    assert box is not None
    assert (box.x, box.y, box.width, box.height) == ("0.10000", "0.25000", "0.40000", "0.00000")
    assert box_of(None) is None


def test_word_boxes_are_bounded_and_say_how_sure() -> None:
    words = word_boxes([(0, 0, 0.5, 0.5, "one", None), (0, 0, 1, 1, "two", 0.873)] * MOST_WORDS)
    assert len(words) == MOST_WORDS
    assert [word.percent for word in words[:2]] == ["", "87%"]
