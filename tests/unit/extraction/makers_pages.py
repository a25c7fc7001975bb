"""Pages of words with places, made from lines of text."""

from collections.abc import Sequence
from typing import NamedTuple

from apps.extraction.engine.types import PageReading, Word

_CHARACTER = 0.55  # of a line's height: how wide one is


class Line(NamedTuple):
    """A line of text at a place of the page; all as fractions of it."""

    text: str
    x: float = 0.1
    y: float | None = None  # None: below the line before
    height: float = 0.012


def page_of(*lines: Line | str, number: int = 1, language: str | None = None) -> PageReading:
    """Return a page that shows lines, one below the other where they name no place."""
    words: list[Word] = []
    below = 0.05
    for line in lines:
        here = Line(line) if isinstance(line, str) else line
        y = below if here.y is None else here.y
        x = here.x
        for text in here.text.split():
            width = len(text) * here.height * _CHARACTER
            words.append(Word(x, y, x + width, y + here.height, text))
            x += width + here.height * 0.3
        below = y + here.height * 1.5
    return PageReading(
        number=number,
        width=595,
        height=842,
        rotation=0,
        text="\n".join(line if isinstance(line, str) else line.text for line in lines),
        text_source="native",
        words=words,
        language=language,
    )


def pages_of_text(paragraphs: Sequence[str], *, width: int = 90, lines_a_page: int = 45) -> list[PageReading]:
    """Return pages of paragraphs that wrap after `width` characters."""
    lines: list[str] = []
    for paragraph in paragraphs:
        current = ""
        for word in paragraph.split():
            if current and len(current) + len(word) >= width:
                lines.append(current)
                current = word
            else:
                current = f"{current} {word}".strip()
        lines.append(current)
    return [
        page_of(*lines[start : start + lines_a_page], number=number)
        for number, start in enumerate(range(0, len(lines), lines_a_page), start=1)
    ]
