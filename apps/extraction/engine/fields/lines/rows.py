"""A page's words in rows, with the numbers of each row and where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from statistics import median

from apps.extraction.engine.fields.normalise.amounts import DecimalMark, amounts_in, currency_of
from apps.extraction.engine.fields.normalise.dates import dates_in
from apps.extraction.engine.types import PageReading, Word

MOST_WORDS = 4_000  # of a page: what has more is no invoice
_LONGEST_UNIT = 8  # letters
# A gap that parts numbers which would else be one, `2 100,00`: in rows' heights, and in the page's usual blanks.
_WIDE_GAP = 0.55
_USUAL_GAP = 1.5
_BLANK = 0.8  # of a row's height: wider gaps are none between words of a text


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number of a row; `words` are indices on the page, x in points."""

    value: Decimal
    decimals: int
    is_percent: bool
    currency: str
    has_unit: bool  # a word that is no currency follows close by
    words: tuple[int, ...]
    x0: float
    x1: float


@dataclass(eq=False)
class Row:
    """Words of one line, from left to right; places in points of the shown page."""

    page: PageReading
    words: list[int]
    mark: DecimalMark
    y0: float = 0.0
    y1: float = 0.0
    spans: list[tuple[float, float]] = field(default_factory=list)
    wide_gap: float = 0.0  # points

    @property
    def height(self) -> float:
        """Return how high the row is."""
        return self.y1 - self.y0

    @cached_property
    def texts(self) -> list[str]:
        """Return the words."""
        return [self.page.words[index].text for index in self.words]

    @cached_property
    def numbers(self) -> list[Number]:
        """Return the numbers, from left to right."""
        text, starts = self._joined()
        days = [(day.start, day.end) for day in dates_in(text)]
        found = []
        for amount in amounts_in(text, mark=self.mark):
            if any(amount.start < end and start < amount.end for start, end in days):
                continue
            places = [
                place
                for place, start in enumerate(starts)
                if start < amount.end and start + len(self.texts[place]) > amount.start
            ]
            x0, x1 = self._stretch(places, starts, amount.start, amount.end)
            found.append(
                Number(
                    value=Decimal(amount.value),
                    decimals=amount.decimals,
                    is_percent=amount.is_percent,
                    currency=amount.currency,
                    has_unit=self._is_followed(places[-1]),
                    words=tuple(self.words[place] for place in places),
                    x0=x0,
                    x1=x1,
                )
            )
        return found

    def _is_followed(self, place: int) -> bool:
        """Whether a unit may follow: a word of letters close by, short as units are."""
        if place + 1 >= len(self.texts):
            return False
        text, gap = self.texts[place + 1], self.spans[place + 1][0] - self.spans[place][1]
        return gap < self.height and text.strip(".").isalpha() and len(text) <= _LONGEST_UNIT and not currency_of(text)

    def _joined(self) -> tuple[str, list[int]]:
        """Return the row as text, tabs at wide gaps, and where each word begins in it."""
        parts: list[str] = []
        starts: list[int] = []
        length = 0
        for place, text in enumerate(self.texts):
            gap = self.spans[place][0] - self.spans[place - 1][1] if place else 0.0
            blank = "" if not place else "\t" if gap > self.wide_gap else " "
            parts += (blank, text)
            starts.append(length + len(blank))
            length += len(blank) + len(text)
        return "".join(parts), starts

    def _stretch(self, places: Sequence[int], starts: Sequence[int], begin: int, end: int) -> tuple[float, float]:
        """Return from where to where a part of the text reaches; within a word by its share of the letters."""

        def at(place: int, offset: int) -> float:
            left, right = self.spans[place]
            share = min(1.0, max(0.0, (offset - starts[place]) / max(1, len(self.texts[place]))))
            return left + share * (right - left)

        return at(places[0], begin), at(places[-1], end)


def rows_of(page: PageReading, mark: DecimalMark) -> list[Row]:
    """Return the rows of a page from top to bottom: words whose middle lies within the height of the row's first."""
    width, height = page.width or 1.0, page.height or 1.0
    order = sorted(range(min(len(page.words), MOST_WORDS)), key=lambda index: _middle(page.words[index]))
    rows: list[list[int]] = []
    for index in order:
        word = page.words[index]
        if rows and _shares_row(page.words, rows[-1], word):
            rows[-1].append(index)
        else:
            rows.append([index])
    made = []
    for members in rows:
        members.sort(key=lambda index: page.words[index].x0)
        words = [page.words[index] for index in members]
        made.append(
            Row(
                page,
                members,
                mark,
                y0=median(word.y0 for word in words) * height,
                y1=median(word.y1 for word in words) * height,
                spans=[(word.x0 * width, word.x1 * width) for word in words],
            )
        )
    usual = _usual_gap(made)
    for row in made:
        row.wide_gap = max(_WIDE_GAP * row.height, _USUAL_GAP * usual)
    return made


def _usual_gap(rows: Sequence[Row]) -> float:
    """Return how wide the blanks between words mostly are on a page, 0 where there are none."""
    gaps = [
        after[0] - before[1]
        for row in rows
        for before, after in pairwise(row.spans)
        if 0 < after[0] - before[1] < _BLANK * row.height
    ]
    return median(gaps) if gaps else 0.0


def _middle(word: Word) -> float:
    return (word.y0 + word.y1) / 2


def _shares_row(words: Sequence[Word], row: Sequence[int], word: Word) -> bool:
    """Whether a word stands in a row: its middle is within the height of the first and the last word there."""
    last = words[row[-1]]
    first = words[row[0]]
    middle = _middle(word)
    return all(each.y0 <= middle <= each.y1 for each in (first, last))
