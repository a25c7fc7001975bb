"""Words of a page that may be a value once shown elsewhere: in the same place, or beside the same words."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from apps.extraction.engine.fields.memory.labels import SearchedPage
from apps.extraction.engine.fields.memory.places import across, height_of, on_one_line, shape_of
from apps.extraction.engine.fields.memory.types import Place
from apps.extraction.engine.fields.support import box_of, words_under
from apps.extraction.engine.types import Box, PageReading, Word

_NEAR: Final = 3.0  # line heights by which a value may stand away from where it is expected
_RUN_GAP: Final = 1.0  # line heights between two words of a value
_MOST_WORDS: Final = 12
_SHAPE, _POSITION = 0.5, 0.3  # what a shape and a position that fit are worth beside the label


class Candidate(NamedTuple):
    """Words, and how much speaks for them: from 2 for the same place, else 1 for the label and what fits besides."""

    indices: tuple[int, ...]
    score: float


def in_place(searched: SearchedPage, place: Place) -> Iterator[Candidate]:
    """Yield the words in the same place: moved along with the words beside it, else where it stood itself."""
    if place.box is None:
        return
    page = searched.reading
    for words, box in ((place.left, place.left_box), (place.above, place.above_box)):
        if not words or box is None:
            continue
        for label in searched.labels(words):
            there = box_of([page.words[index] for index in label])
            moved = _moved(place.box, there[0] - box[0], there[1] - box[1])
            yield from _at(page, moved, place, taken=label, worth=2.5)
    yield from _at(page, place.box, place, taken=(), worth=2.0)


def by_label(searched: SearchedPage, place: Place) -> Iterator[Candidate]:
    """Yield what stands to the right of the same words, or below them."""
    page = searched.reading
    for words, is_left in ((place.left, True), (place.above, False)):
        if not any(len(word) > 2 and not word.isdigit() for word in words):
            continue
        for label, start in searched.beside(words, is_left=is_left):
            run = _run(page, start, place, taken=label)
            yield Candidate(run, 1.0 + _fit(page, run, place))


def _moved(box: Box, dx: float, dy: float) -> Box:
    return (box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy)


def _at(page: PageReading, box: Box, place: Place, *, taken: Sequence[int], worth: float) -> Iterator[Candidate]:
    """Yield the words at a box: those under it where it has several lines, else the run nearest to it on its line."""
    if place.line_count > 1:
        under = tuple(index for index in words_under(page.words, _grown(box, page)) if index not in taken)
        if under:
            yield Candidate(under, worth + _fit(page, under, place))
        return
    middle = Word(x0=box[0], y0=box[1], x1=box[2], y1=box[3], text="")
    unit = across(height_of(middle), page)
    best: tuple[float, int] | None = None
    for index, word in enumerate(page.words):
        if index in taken or not on_one_line(word, middle):
            continue
        # Values of a column end or begin in the same place; what is between them is told by both sides.
        distance = min(abs(word.x0 - box[0]), abs(word.x1 - box[2])) if not _is_inside(word, box) else 0.0
        if distance <= _NEAR * unit and (best is None or distance < best[0]):
            best = (distance, index)
    if best is not None:
        run = _run(page, best[1], place, taken=taken)
        yield Candidate(run, worth + _fit(page, run, place) - 0.1 * best[0] / unit)


def _grown(box: Box, page: PageReading) -> Box:
    margin = 0.004
    return (box[0] - across(margin, page), box[1] - margin, box[2] + across(margin, page), box[3] + margin)


def _is_inside(word: Word, box: Box) -> bool:
    return box[0] <= (word.x0 + word.x1) / 2 <= box[2]


def _run(page: PageReading, start: int, place: Place, taken: Sequence[int] = ()) -> tuple[int, ...]:
    """Return the words around one that belong together: on its line, without a gap; one word where the shape is one."""
    if place.shape and " " not in place.shape and shape_of(page.words[start].text) == place.shape:
        return (start,)
    first = last = start
    while last + 1 < len(page.words) and last + 1 not in taken and _follows(page, last, last + 1):
        last += 1
    while first > 0 and first - 1 not in taken and _follows(page, first - 1, first):
        first -= 1
    return tuple(range(first, min(last + 1, first + _MOST_WORDS)))


def _follows(page: PageReading, index: int, after: int) -> bool:
    one, other = page.words[index], page.words[after]
    return on_one_line(one, other) and -0.5 < (other.x0 - one.x1) / across(height_of(one), page) < _RUN_GAP


def _fit(page: PageReading, run: Sequence[int], place: Place) -> float:
    """Return how well words fit what was shown: the shape of their text, and about where they stand."""
    words = [page.words[index] for index in run]
    score = _SHAPE if place.shape and shape_of(" ".join(word.text for word in words)) == place.shape else 0.0
    if place.box is not None:
        box = box_of(words)
        away = max(abs(box[0] - place.box[0]), abs(box[1] - place.box[1]))
        score += _POSITION * max(0.0, 1 - away)
    return score
