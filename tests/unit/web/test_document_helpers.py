"""Small rules of the document pages: tags as typed, cells for spreadsheets, boxes as text."""

import pytest

from apps.web.documents.boxes import MOST_WORDS, box_of, word_boxes
from apps.web.documents.cells import shown_cells
from apps.web.documents.tabs import _readable
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


def test_boxes() -> None:
    box = box_of([0.1, 0.25, 0.5, 0.2])
    assert box is not None
    assert (box.x, box.y, box.width, box.height) == ("0.10000", "0.25000", "0.40000", "0.00000")
    assert box_of(None) is None


def test_word_boxes_are_bounded_and_say_how_sure() -> None:
    words = word_boxes([(0, 0, 0.5, 0.5, "one", None), (0, 0, 1, 1, "two", 0.873)] * MOST_WORDS)
    assert len(words) == MOST_WORDS
    assert [word.percent for word in words[:2]] == ["", "87%"]


@pytest.mark.parametrize(
    ("column", "numeric"),
    [
        (["1,850.00", "", "£640.00", "(12)", "20 %", "99.50 EUR", "EUR 3", "1’000.50", "-7"], True),  # noqa: RUF001
        (["12", "n/a"], False),
        (["10/10/2026"], False),
        (["A4"], False),
        (["", " "], False),
        ([], False),
    ],
)
def test_columns_of_numbers_are_told(column: list[str], numeric: bool) -> None:
    grid = [["Amount", "Note"], *([text, "words"] for text in column)]
    shown = shown_cells(grid)
    assert [[cell.text for cell in row] for row in shown] == grid
    assert {row[0].is_number for row in shown} == {numeric}
    assert not any(row[1].is_number for row in shown)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2026-11-13T09:00:00+00:00", "13 November 2026, 09:00"),
        ("2026-02-31T09:00:00", "2026-02-31T09:00:00"),
        ("Northlight Studio", "Northlight Studio"),
        ("en", "en"),
    ],
)
def test_moments_of_a_file_read_as_people_write_them(value: str, shown: str) -> None:
    assert _readable(value) == shown
