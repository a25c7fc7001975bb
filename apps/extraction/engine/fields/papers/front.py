"""The first page of a paper as lines with the size of their print: the title is set larger than what surrounds it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from apps.extraction.engine.fields.running import RunningText

_SAME_SIZE: Final = 0.1  # share by which lines of one print may differ
_LOWEST_TITLE: Final = 0.55  # of the page
_FEWEST_LETTERS, _MOST_WORDS = 8, 45
_NO_TITLE: Final = re.compile(
    r"^(?:abstract|summary|zusammenfassung|résumé|introduction|contents|journal\s+of|proceedings|volume|vol\.|issn|doi|https?:|www\."
    r"|arxiv|preprint|article|research\s+(?:article|paper)|open\s+access|original\s+(?:article|paper|research)|review\s+article"
    r"|technical\s+report|working\s+paper|letter|published|received|contents\s+lists|available\s+online|ieee\s+transactions)\b[\w\s,:.-]{0,60}$",
    re.IGNORECASE,
)
_ENDS_FRONT: Final = re.compile(
    r"^\W*(?:[IVX\d.]+\s+)?(?:abstract|summary|zusammenfassung|résumé|introduction|einleitung|keywords?|index\s+terms)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FrontLine:
    """A line of the first page; `height` is the print's, as a fraction of the page."""

    start: int
    end: int
    text: str
    height: float
    x0: float
    y0: float
    y1: float


def front_lines(running: RunningText) -> list[FrontLine]:
    """Return the lines of the first page with words; those that run up the margin are left out."""
    found = []
    end_of_page = running.text.find("\f")
    for match in re.finditer(r"[^\n\t]+", running.text[: end_of_page if end_of_page >= 0 else len(running.text)]):
        words = [running.word_at(match.start() + part.start()) for part in re.finditer(r"\S+", match.group())]
        boxes = [
            word
            for word in words
            if word is not None and not _is_upright(word.x1 - word.x0, word.y1 - word.y0, word.text)
        ]
        if not boxes:
            continue
        height = median(word.y1 - word.y0 for word in boxes)
        line = FrontLine(
            match.start(), match.end(), match.group(), height,
            min(word.x0 for word in boxes), min(word.y0 for word in boxes), max(word.y1 for word in boxes),
        )  # fmt: skip
        found.append(line)
    return found


def _is_upright(width: float, height: float, text: str) -> bool:
    return len(text) > 2 and height > 2 * width


def title_of(lines: Sequence[FrontLine]) -> list[FrontLine]:
    """Return the lines of the title: the largest print in the upper half of the page that reads like one."""
    groups = [group for group in _groups(lines) if _is_title(group)]
    if not groups:
        return []
    return max(groups, key=lambda group: (round(_size(group), 3), -group[0].y0))


def _size(group: Sequence[FrontLine]) -> float:
    """Return the size of a group's print; lone words are marked down, since they are names of journals."""
    words = sum(len(line.text.split()) for line in group)
    return median(line.height for line in group) * (0.6 if words < 3 else 1)


def _groups(lines: Sequence[FrontLine]) -> list[list[FrontLine]]:
    """Return runs of neighbouring lines in one print, one below the other."""
    groups: list[list[FrontLine]] = []
    for line in lines:
        last = groups[-1][-1] if groups else None
        if last and _is_same_print(last, line) and 0 < line.y0 - last.y0 < 2.2 * line.height:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _is_same_print(one: FrontLine, other: FrontLine) -> bool:
    return abs(one.height - other.height) <= _SAME_SIZE * max(one.height, other.height)


def _is_title(group: Sequence[FrontLine]) -> bool:
    text = " ".join(line.text for line in group)
    letters = sum(character.isalpha() for character in text)
    return (
        group[0].y0 < _LOWEST_TITLE
        and letters >= _FEWEST_LETTERS
        and letters >= 0.6 * sum(not character.isspace() for character in text)
        and len(text.split()) <= _MOST_WORDS
        and not _NO_TITLE.match(text)
    )


def lines_of_authors(lines: Sequence[FrontLine], title: Sequence[FrontLine]) -> list[FrontLine]:
    """Return the lines between the title and the abstract, nearest first, at most a third of a page below it."""
    if not title:
        return []
    bottom = title[-1].y1
    below = [line for line in lines if bottom - 0.01 < line.y0 < bottom + 0.34 and line not in title]
    found = []
    for line in sorted(below, key=lambda each: (round(each.y0, 2), each.x0)):
        if _ENDS_FRONT.match(line.text):
            break
        found.append(line)
    return found
