"""Lines of a detector: cut into words, put in reading order, telling how the page lies."""

import numpy as np
import pytest

from apps.extraction.engine.ocr.accurate import Pixels, Sheet
from apps.extraction.engine.ocr.boxed_lines import BoxedLine, Point, in_reading_order


def _line(text: str, x: float, y: float, *, letter: float = 10, high: float = 16) -> BoxedLine:
    """Return a line of letters of one width, as an engine reports it."""
    wide = letter * len(text)
    places = [(index + 0.5) / len(text) for index, sign in enumerate(text) if sign != " "]
    corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
    line = BoxedLine.of(text, places, [0.9] * len(text), corners)
    assert line is not None
    return line


def test_words_get_their_share_of_the_line() -> None:
    found = in_reading_order([_line("ab cdef", 100, 50)], 1000, 100)
    first, second = found.words
    assert (first.text, second.text, found.text()) == ("ab", "cdef", "ab cdef")
    assert (first.x0, first.x1, second.x0, second.x1) == (0.1, 0.12, 0.13, 0.17)
    assert (first.y0, first.y1, first.confidence) == (0.5, 0.66, 0.9)


def test_a_wide_gap_is_a_space() -> None:
    places = [0.05, 0.15, 0.25, 0.75, 0.85, 0.95]
    line = BoxedLine.of("abcdef", places, [0.9] * 6, [(0, 0), (100, 0), (100, 10), (0, 10)])
    assert line is not None
    assert line.text == "abc def"


def test_lines_that_were_not_placed_are_none() -> None:
    assert BoxedLine.of("  ", [], [0.5, 0.5], [(0, 0)] * 4) is None
    assert BoxedLine.of("ab", [0.5], [0.5, 0.5], [(0, 0)] * 4) is None


def test_rows_of_a_receipt_are_read_across() -> None:
    lines = [_line(text, x, y) for y in (100, 130, 160) for x, text in ((400, "1.20"), (40, "Milk and bread"))]
    assert in_reading_order(lines, 600, 800).text() == "\n".join(["Milk and bread 1.20"] * 3)


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    left = [_line(f"left side of the page, line {row}", 20, 100 + 24 * row) for row in range(6)]
    right = [_line(f"right side of the page, row {row}", 420, 100 + 24 * row) for row in range(6)]
    title = _line("A title that is as wide as the whole page, over both columns of it", 40, 40)
    text = in_reading_order([*right, title, *left], 800, 400).text().split("\n")
    rows = [line for line in text if line]
    assert rows[0].startswith("A title")
    assert [row.split()[0] for row in rows[1:]] == ["left"] * 6 + ["right"] * 6


def test_a_gap_leaves_an_empty_line() -> None:
    lines = [_line("one", 10, 10), _line("two", 10, 32), _line("three", 10, 120)]
    assert in_reading_order(lines, 200, 200).text() == "one\ntwo\n\nthree"


@pytest.mark.parametrize(
    ("level", "on_end", "score", "turn"),
    [
        (4, 1, 0.97, 0),
        (4, 3, 0.5, 180),
        (1, 4, 0.97, 270),
        (0, 3, 0.5, None),
        (2, 0, 0.97, 0),
        (2, 0, 0.5, None),
        (0, 0, 0.0, None),
    ],
)
def test_lines_tell_how_the_page_lies(level: int, on_end: int, score: float, turn: int | None) -> None:
    """By most of them and how well they are read; unread ones on end and two others tell nothing. Each is read once."""
    read: list[float] = []

    def read_line(crop: Pixels, corners: list[Point]) -> list[BoxedLine]:
        read.append(corners[0][1])
        runs_down = corners[3][1] - corners[0][1] > corners[1][0] - corners[0][0]
        ordered = [*corners[1:], corners[0]] if runs_down else corners
        line = BoxedLine.of("letters", [(index + 0.5) / 7 for index in range(7)], [score] * 7, ordered)
        return [line] if line else []

    sizes = [(160.0, 20.0)] * level + [(20.0, 160.0)] * on_end
    corners = [
        [(0.0, 200.0 * index), (wide, 200.0 * index), (wide, 200.0 * index + high), (0.0, 200.0 * index + high)]
        for index, (wide, high) in enumerate(sizes)
    ]
    sheet = Sheet([(np.zeros((1, 1, 3), np.uint8), each) for each in corners], read_line, (1000, 2000))
    assert sheet.turn() == turn
    assert len(sheet.recognised().words) == level + on_end
    assert len(read) == level + on_end
