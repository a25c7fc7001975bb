"""Pages made of lines at given places, as a reader would give them; and whole documents with headers and footers."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from apps.extraction.engine.types import PageReading, Word

WIDTH, HEIGHT = 595.0, 842.0
LETTER = 0.5  # of the size: what a letter is wide
BLANK = 0.25
TALE = (
    "the harbour council has asked every office to describe how goods are stored weighed and counted before they leave"
    " because earlier reports were often late or told little about losses on the way and nobody could say who had seen"
    " what was missing when ships came back from the northern ports with less than their papers promised"
)
WORDS = TALE.split()


def chance_of(seed: int) -> random.Random:
    """Give the same chances every time."""
    return random.Random(seed)  # noqa: S311  (no secret)


class At(NamedTuple):
    """A line of text: left, top and size of its letters in points."""

    x: float
    y: float
    text: str
    size: float = 10.0


def page_of(lines: Sequence[At], number: int = 1, *, width: float = WIDTH, height: float = HEIGHT) -> PageReading:
    """Make a page with the lines in this order."""
    words = []
    for line in lines:
        x = line.x
        for text in line.text.split():
            end = x + LETTER * line.size * len(text)
            words.append(Word(x / width, line.y / height, end / width, (line.y + line.size) / height, text))
            x = end + BLANK * line.size
    return PageReading(
        number=number,
        width=width,
        height=height,
        rotation=0,
        text="\n".join(line.text for line in lines),
        text_source="native",
        words=words,
    )


def wide(text: str, size: float = 10.0) -> float:
    """Tell how wide a text is in points."""
    parts = text.split()
    return LETTER * size * sum(len(part) for part in parts) + BLANK * size * (len(parts) - 1)


def prose(chance: random.Random, *, x: float, top: float, bottom: float, width: float, size: float = 10.0) -> list[At]:
    """Make lines of running text between two heights, with paragraphs."""
    lines, y = [], top
    while y + size <= bottom:
        end_here = chance.random() < 0.15
        words = [chance.choice(WORDS)]
        while wide(" ".join([*words, "xxxxxxxx"]), size) < width * (chance.uniform(0.3, 0.7) if end_here else 1):
            words.append(chance.choice(WORDS))
        lines.append(At(x, y, " ".join(words).capitalize() + "." if end_here else " ".join(words), size))
        y += 1.25 * size * (1.8 if end_here else 1)
    return lines


@dataclass(frozen=True)
class Made:
    """A document with what stands on its edges, page by page."""

    pages: list[PageReading]
    edges: list[list[str]]


TITLES = ("Annual review of the northern ports", "Handbook for weighers", "Minutes", "Harbour Studies Quarterly")
FOOTS = ("Harbour Office, internal use", "Version 3, 4 May 2021", "© 2021 The Harbour Office", "www.harbour.example")


def document(seed: int, *, pages: int) -> Made:
    """Make a document with a header, a footer, page numbers, or some of them, of varying form and place."""
    chance = chance_of(seed)
    has_head, has_foot, numbers = chance.random() < 0.7, chance.random() < 0.6, chance.choice(["", "n", "page", "of"])
    title, foot, size = chance.choice(TITLES), chance.choice(FOOTS), chance.choice([7.0, 8.0, 10.0])
    head_y, foot_y = chance.uniform(18, 40), chance.uniform(795, 825)
    start, number_above = chance.randint(1, 300), chance.random() < 0.3
    made, edges = [], []
    for number in range(1, pages + 1):
        said = {"": "", "n": f"{start + number}", "page": f"Page {number}", "of": f"{number} of {pages}"}[numbers]
        edge = [At(60, head_y, title, size)] if has_head else []
        below = [At(60, foot_y, foot, size)] if has_foot else []
        if said:
            place = At(535 - wide(said, size), head_y if number_above else foot_y, said, size)
            (edge if number_above else below).append(place)
        body = prose(chance, x=60, top=80, bottom=chance.uniform(500, 770), width=475)
        order = [*edge, *body, *below] if chance.random() < 0.5 else [*body, *below, *edge]
        made.append(page_of(order, number))
        edges.append([line.text for line in [*edge, *below]])
    return Made(made, edges)


def newspaper(seed: int, *, columns: int, gutter: float = 14, wide_picture: int | None = None) -> tuple[list[At], str]:
    """Make a page of columns under one headline, its lines row by row, and its text as it is read.

    `wide_picture` is the first of two columns that a picture interrupts, with a caption over both.
    """
    chance = chance_of(seed)
    width = (WIDTH - 80 - gutter * (columns - 1)) / columns
    lefts = [40 + column * (width + gutter) for column in range(columns)]
    caption = At(lefts[wide_picture or 0], 500, "A picture with a caption that is wider than any of the columns", 7)
    above, below = [], []
    for column, left in enumerate(lefts):
        parted = wide_picture is not None and column in {wide_picture, wide_picture + 1}
        end = 300 if parted else 800
        above.append(prose(chance, x=left, top=chance.uniform(116, 124), bottom=end, width=width, size=8))
        below.append(prose(chance, x=left, top=520, bottom=800, width=width, size=8) if parted else [])
    head = At(40, 80, "One headline stands over all of the columns of this page", 18)
    lines = [line for part in [*above, *below] for line in part]
    read = [head]
    for column in range(columns):
        if wide_picture is not None and column == wide_picture + 1:
            continue  # read with the one before it
        both = [column, column + 1] if column == wide_picture else [column]
        read += [line for each in both for line in above[each]]
        read += [caption, *(line for each in both for line in below[each])] if column == wide_picture else []
    shown = [*lines, caption] if wide_picture is not None else lines
    rows = sorted(shown, key=lambda line: (line.y, line.x))
    return [head, *rows], " ".join(line.text for line in read)
