"""Writing that no word covers is noticed, whatever else lies on the picture."""

from collections.abc import Sequence

import pytest
from PIL import Image, ImageDraw, ImageFont

from apps.extraction.engine.ocr.unread import unread_share
from apps.extraction.engine.types import Word

WIDTH, HEIGHT = 800, 1000
LINES = [f"Position {number} Schrauben verzinkt" for number in range(12)]


def page(lines: Sequence[str]) -> tuple[Image.Image, list[Word]]:
    picture = Image.new("L", (WIDTH, HEIGHT), 240)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(24)
    words = []
    for row, line in enumerate(lines):
        x = 60.0
        for text in line.split():
            box = draw.textbbox((x, 60 + 50 * row), text, font=font)
            draw.text((x, 60 + 50 * row), text, font=font, fill=20)
            words.append(Word(box[0] / WIDTH, box[1] / HEIGHT, box[2] / WIDTH, box[3] / HEIGHT, text, 0.95))
            x = box[2] + 12
    return picture, words


def test_a_page_read_whole_has_nothing_unread() -> None:
    picture, words = page(LINES)
    assert unread_share(picture, words) < 0.02


@pytest.mark.parametrize("kept", [3, 6])
def test_lines_left_out_are_noticed(kept: int) -> None:
    picture, words = page(LINES)
    share = unread_share(picture, words[: 4 * kept])
    assert share == pytest.approx(1 - kept / 12, abs=0.08)


def test_bars_lines_and_figures_are_no_writing() -> None:
    picture, words = page(LINES)
    draw = ImageDraw.Draw(picture)
    for bar in range(60):
        draw.rectangle((60 + 9 * bar, 700, 63 + 9 * bar, 780), fill=10)
    draw.rectangle((60, 820, 700, 950), fill=90)
    draw.line((60, 690, 700, 690), fill=10, width=2)
    assert unread_share(picture, words) < 0.02


def test_few_marks_tell_nothing() -> None:
    picture, words = page(["So ist es"])
    assert unread_share(picture, words[:1]) == 0
    assert unread_share(picture, []) == 0
