"""A page as the splitter sees it: its lines from top to bottom, its numbering, the codes and words on it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from apps.extraction.engine.types import Word

_ENDS = 4  # lines at the top and at the bottom that may hold a page number
_UPPER = 0.35
_NAMED = re.compile(
    r"(?:\b(?:page|seite|blatt|sheet|folio|pagina|página|strona)|\bp\.)\s*[:.]?\s*(\d{1,3})(?!\d|[.,]\d)"
    r"(?:\s*(?:of|von|sur|de|di|van|out of|/|\|)\s*(\d{1,3}))?",
    re.IGNORECASE,
)
_PAIR = re.compile(r"\W{0,3}(\d{1,3})\s*(?:/|of|von|sur|de)\s*(\d{1,3})\W{0,3}", re.IGNORECASE)
_BARE = re.compile(r"[-\u2013\u2014\s\[(|]*(\d{1,3})[-\u2013\u2014\s\])|]*")
_CODE = re.compile(r"\b(?=(?:\w*\d){3})[\w/.-]{5,}\b")
_TOKEN = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Numbering:
    """A page's number as printed, and how many there are if it says so."""

    number: int
    count: int | None = None


@dataclass(frozen=True)
class Line:
    """Words that stand beside each other; `y` is their middle as a share of the page."""

    text: str
    y: float


@dataclass(frozen=True)
class PageView:
    """A page and its words; width and height in points or pixels."""

    number: int
    width: float
    height: float
    words: Sequence[Word]

    @cached_property
    def lines(self) -> list[Line]:
        """The lines from top to bottom; columns are not told apart."""
        rows: list[list[Word]] = []
        for word in sorted(self.words, key=lambda word: word.y0 + word.y1):
            middle = (word.y0 + word.y1) / 2
            if rows and rows[-1][0].y0 <= middle <= rows[-1][0].y1:
                rows[-1].append(word)
            else:
                rows.append([word])
        return [
            Line(
                " ".join(word.text for word in sorted(row, key=lambda word: word.x0)),
                sum(word.y0 + word.y1 for word in row) / 2 / len(row),
            )
            for row in rows
        ]

    @cached_property
    def numbering(self) -> Numbering | None:
        """The page's printed number, looked for in its first and last lines."""
        ends = [line.text.strip() for line in [*self.lines[-_ENDS:][::-1], *self.lines[:_ENDS]]]
        for text in ends:
            if found := _NAMED.search(text) or _PAIR.fullmatch(text):
                number, count = int(found[1]), int(found[2]) if found[2] else None
                if number and (count is None or number <= count):
                    return Numbering(number, count)
        for text in (*ends[:2], *ends[_ENDS : _ENDS + 1]):
            if (bare := _BARE.fullmatch(text)) and int(bare[1]):
                return Numbering(int(bare[1]))
        return None

    @cached_property
    def codes(self) -> set[str]:
        """Tokens with at least three digits: numbers of invoices, customers, accounts, cases."""
        return {code.strip(".-/").lower() for line in self.lines for code in _CODE.findall(line.text)}

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each word of letters occurs."""
        return Counter(token for line in self.lines for token in tokens(line.text))

    @cached_property
    def print_size(self) -> float:
        """The words' median height in the page's unit; 0 without words."""
        return median(word.y1 - word.y0 for word in self.words) * self.height if self.words else 0.0

    @cached_property
    def headline(self) -> float:
        """How much larger the largest word of the page's upper third is than its usual print: 0 the same, 1 twice."""
        upper = [word.y1 - word.y0 for word in self.words if word.y1 < _UPPER and len(word.text) > 2]
        usual = self.print_size / self.height if self.words else 0.0
        return min(1.0, max(0.0, max(upper) / usual - 1)) if upper and usual else 0.0

    @cached_property
    def margins(self) -> tuple[float, float]:
        """Where text begins and ends across the page, a stray word in twenty aside."""
        lefts, rights = sorted(word.x0 for word in self.words), sorted(word.x1 for word in self.words)
        return lefts[len(lefts) // 20], rights[-1 - len(rights) // 20]

    def top(self, count: int) -> list[Line]:
        """Return the first lines."""
        return self.lines[:count]

    def bottom(self, count: int) -> list[Line]:
        """Return the last lines."""
        return self.lines[-count:]


def tokens(text: str) -> list[str]:
    """Return the words of at least three letters, in lower case."""
    return [token.lower() for token in _TOKEN.findall(text)]
