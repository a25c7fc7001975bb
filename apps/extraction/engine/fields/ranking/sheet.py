"""A document as candidates see it: rows of its pages and the pieces between wide gaps, with what stands around each."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from apps.extraction.engine.fields.ranking.labels import Mention, lexicon
from apps.extraction.engine.fields.types import FieldsInput
from apps.extraction.engine.types import Box, PageReading, Word

MOST_PAGES = 12  # of a document, the last one included: a longer one's values stand on its first pages or its last
MOST_WORDS = 3_000  # of a page
_LONGEST_WORD = 200  # what is longer is no word; it is cut, so that no pattern meets a line without end
_GAP = 1.5  # of a line's height: wider parts columns
_SAME_ROW = 0.5  # of the smaller height
_ROWS_ABOVE = 14  # how far up labels are looked for
PIECES_ABOVE = 24  # how many of the pieces there are asked


@dataclass(eq=False)
class Piece:
    """Words of one row between wide gaps; places in points of the shown page, `words` their indices on it."""

    page: int  # place among the sheet's pages
    row: int
    words: list[int]
    texts: list[str]
    boxes: list[Box]
    x0: float
    y0: float
    x1: float
    y1: float
    height: float
    is_recognised: bool = False
    confidences: list[float] = field(default_factory=list)  # of its words being read rightly; 1 in text layers
    left: "Piece | None" = None
    right: "Piece | None" = None
    rows: "list[list[Piece]]" = field(default_factory=list, repr=False)  # all of its page, from the top

    @cached_property
    def text(self) -> str:
        """Return the words with blanks between them."""
        return " ".join(self.texts)

    @cached_property
    def starts(self) -> list[int]:
        """Return where each word begins in the text."""
        places, at = [], 0
        for text in self.texts:
            places.append(at)
            at += len(text) + 1
        return places

    @cached_property
    def mentions(self) -> list[Mention]:
        """Return the labels this piece holds, places in words."""
        return lexicon().mentions(self.texts)

    @cached_property
    def stems(self) -> frozenset[str]:
        """Return the parts of words that say something, such as `netto`."""
        return lexicon().stems(self.text)

    @cached_property
    def above(self) -> "list[tuple[Piece, int]]":
        """Return the pieces above that share some of its width, the nearest first, and how many rows up they are."""
        x0, x1 = self.x0, self.x1
        return [
            (other, up)
            for up in range(1, min(_ROWS_ABOVE, self.row) + 1)
            for other in self.rows[self.row - up]
            if other.x0 < x1 and x0 < other.x1
        ]

    @cached_property
    def headings(self) -> dict[str, int]:
        """Return, for each label that a piece above begins with, how many rows up the nearest one is."""
        found: dict[str, int] = {}
        for piece, up in self.above[:PIECES_ABOVE]:
            for mention in piece.mentions:
                if mention.first <= 1:
                    found.setdefault(mention.concept, up)
        return found

    def words_at(self, start: int, end: int) -> range:
        """Return the places among this piece's words of a part of its text."""
        return range(bisect_right(self.starts, start) - 1, bisect_left(self.starts, max(end, start + 1)))


@dataclass(eq=False)
class SheetPage:
    """One page: its reading, its rows from the top, and the usual height of its lines in points."""

    reading: PageReading
    rows: list[list[Piece]]
    height: float

    @cached_property
    def pieces(self) -> list[Piece]:
        """Return all pieces, row by row."""
        return [piece for row in self.rows for piece in row]


class Sheet:
    """The pages of a document that are searched."""

    def __init__(self, document: FieldsInput) -> None:
        self.document = document
        readings = [page for page in document.pages if page.words and page.width > 0 and page.height > 0]
        if len(readings) > MOST_PAGES:
            readings = [*readings[: MOST_PAGES - 1], readings[-1]]
        self.pages = [_page(place, reading) for place, reading in enumerate(readings)]

    @cached_property
    def text(self) -> str:
        """Return all words in lower case."""
        return " ".join(piece.text for piece in self.pieces()).lower()

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces of all pages."""
        for page in self.pages:
            yield from page.pieces

    @property
    def language(self) -> str | None:
        """Return the language of the first page that has one."""
        return next((page.reading.language for page in self.pages if page.reading.language), None)


def _page(place: int, reading: PageReading) -> SheetPage:
    words = reading.words[:MOST_WORDS]
    boxes: list[Box] = [
        (word.x0 * reading.width, word.y0 * reading.height, word.x1 * reading.width, word.y1 * reading.height)
        for word in words
    ]
    rows = [_pieces(place, number, row, words, boxes) for number, row in enumerate(_rows(words, boxes))]
    heights = sorted(box[3] - box[1] for box in boxes)
    height = max(heights[len(heights) // 2], 0.001 * reading.height)
    for row in rows:
        for piece in row:
            piece.rows = rows
    return SheetPage(reading, rows, height)


def _rows(words: Sequence[Word], boxes: Sequence[Box]) -> list[list[int]]:
    """Return the words on one height, from the left; words that run up or down are in none."""
    level = [
        index
        for index, (x0, y0, x1, y1) in enumerate(boxes)
        if words[index].text.strip() and not (y1 - y0 > 2 * (x1 - x0) and len(words[index].text) > 2)
    ]
    level.sort(key=lambda index: boxes[index][1] + boxes[index][3])
    rows: list[tuple[float, float, list[int]]] = []
    for index in level:
        _, y0, _, y1 = boxes[index]
        for place in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            top, bottom, row = rows[place]
            shared = min(bottom, y1) - max(top, y0)
            if shared > _SAME_ROW * min(bottom - top, y1 - y0) and _is_free(boxes[index], row, boxes):
                row.append(index)
                count = len(row)
                rows[place] = (top + (y0 - top) / count, bottom + (y1 - bottom) / count, row)
                break
        else:
            rows.append((y0, y1, [index]))
    rows.sort(key=lambda row: row[0] + row[1])
    return [sorted(row, key=lambda index: boxes[index][0]) for _, _, row in rows]


def _is_free(box: Box, row: Sequence[int], boxes: Sequence[Box]) -> bool:
    """Whether a word overlaps none of a row's: two lines set tightly are two rows."""
    slack = 0.3 * (box[3] - box[1])
    left, right = box[2] - slack, box[0] + slack
    for other in row:  # a loop without a generator: this is asked for every word of a page
        x0, _, x1, _ = boxes[other]
        if x0 < left and x1 > right:
            return False
    return True


def _pieces(page: int, number: int, row: Sequence[int], words: Sequence[Word], boxes: Sequence[Box]) -> list[Piece]:
    groups: list[list[int]] = []
    for index in row:
        if groups:
            last = boxes[groups[-1][-1]]
            height = max(boxes[index][3] - boxes[index][1], last[3] - last[1])
            if boxes[index][0] - last[2] <= _GAP * height:
                groups[-1].append(index)
                continue
        groups.append([index])
    pieces = [_piece(page, number, group, words, boxes) for group in groups]
    for left, right in pairwise(pieces):
        left.right, right.left = right, left
    return pieces


def _piece(page: int, row: int, group: list[int], words: Sequence[Word], boxes: Sequence[Box]) -> Piece:
    inside = [boxes[index] for index in group]
    heights = sorted(box[3] - box[1] for box in inside)
    return Piece(
        page=page,
        row=row,
        words=group,
        texts=[words[index].text.strip()[:_LONGEST_WORD] for index in group],
        boxes=inside,
        x0=inside[0][0],
        y0=min(box[1] for box in inside),
        x1=max(box[2] for box in inside),
        y1=max(box[3] for box in inside),
        height=heights[len(heights) // 2],
        is_recognised=words[group[0]].confidence is not None,
        confidences=[1.0 if (score := words[index].confidence) is None else score for index in group],
    )
