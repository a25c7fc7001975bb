"""Finding a field again: in the same place where the template is known, else by the words beside it."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from apps.extraction.engine.fields.memory.candidates import Candidate, by_label, in_place
from apps.extraction.engine.fields.memory.labels import SearchedPage
from apps.extraction.engine.fields.memory.template import likeness, template_of
from apps.extraction.engine.fields.memory.types import Remembered
from apps.extraction.engine.fields.reading_text import TypedText, typed_text
from apps.extraction.engine.fields.support import box_of
from apps.extraction.engine.fields.types import FieldReading
from apps.extraction.engine.types import PageReading

PRODUCER: Final = "memory-1"
# Pages of one template share this many of their pairs of words. So do 3 of 4 pairs of pages of one template and 1 in
# 100 of others among 42 French invoices, 19 of 20 and 1 in 200 among 62 shop receipts (docs/fields.md).
SAME_TEMPLATE: Final = 0.25
ENOUGH: Final = 1.2  # of a candidate's score by its label: the label itself, and a shape or a position that fits
SAME_BOX: Final = 0.5
MOST_PAGES: Final = 50


class _Searched:
    """A document with what was found out of it once, however many examples ask."""

    def __init__(self, pages: Sequence[PageReading]) -> None:
        self.pages = [SearchedPage(page) for page in pages]
        self.sketch = template_of(pages[0])
        self._around = [page.text for page in pages]
        self._typed: dict[tuple[str, str, str, str | None], TypedText | None] = {}

    def typed(self, example: Remembered, raw: str, page: PageReading) -> TypedText | None:
        """Return what a text says as a value of an example's field."""
        asked = (example.key, example.value_type, raw, page.language)
        if asked not in self._typed:
            self._typed[asked] = typed_text(*asked[:3], around=self._around, language=page.language)
        return self._typed[asked]


class _Proposal(NamedTuple):
    candidate: Candidate
    page: PageReading
    reading: FieldReading
    is_same_template: bool


def recall(pages: Sequence[PageReading], remembered: Sequence[Remembered]) -> list[FieldReading]:
    """Return one value a key, where a place that people showed is found again.

    Where the template is known the method is `rule`: it stands in the same place. Else it is `model`: the words beside
    it, its shape and position are like those of the examples. Nobody has measured how often it is right, so there is
    no confidence. `remembered` comes newest first.
    """
    shown = [page for page in pages[:MOST_PAGES] if page.words]
    if not shown or not remembered:
        return []
    document = _Searched(shown)
    found = []
    for key in dict.fromkeys(each.key for each in remembered):
        proposal = _best(document, [each for each in remembered if each.key == key])
        if proposal is not None:
            found.append(proposal.reading)
    return found


def _best(document: _Searched, known: Sequence[Remembered]) -> _Proposal | None:
    ranked = sorted(
        ((likeness(document.sketch, each.template), each) for each in known if each.is_right), key=lambda pair: -pair[0]
    )
    for share, example in ranked:  # sorted is stable: of equal ones the newest first
        is_same = share >= SAME_TEMPLATE
        for proposal in _proposals(document, example, is_same=is_same):
            if not _is_refused(proposal, document.sketch, known):
                return proposal
    return None


def _proposals(document: _Searched, example: Remembered, *, is_same: bool) -> Iterable[_Proposal]:
    """Yield what an example finds on a document, best first."""
    found: list[tuple[Candidate, PageReading]] = []
    for searched in document.pages:
        if is_same and searched.reading.number == example.place.page:
            found += [(each, searched.reading) for each in in_place(searched, example.place)]
        enough = 1.0 if is_same or example.place.box is None else ENOUGH
        found += [(each, searched.reading) for each in by_label(searched, example.place) if each.score >= enough]
    for candidate, page in sorted(found, key=lambda pair: -pair[0].score):
        reading = _reading(candidate, page, document, example, is_same=is_same)
        if reading is not None:
            yield _Proposal(candidate, page, reading, is_same)


def _reading(
    candidate: Candidate, page: PageReading, document: _Searched, example: Remembered, *, is_same: bool
) -> FieldReading | None:
    words = [page.words[index] for index in candidate.indices]
    raw = " ".join(word.text for word in words)
    typed = document.typed(example, raw, page)
    if typed is None or example.value_type == "table":
        return None
    where = "in the same place as on another document of this layout" if is_same else "beside words like those"
    return FieldReading(
        key=example.key,
        value=typed.value,
        value_type=example.value_type,  # type: ignore[arg-type]  # a schema's type is one of these
        currency=typed.currency,
        raw_text=raw,
        method="rule" if is_same else "model",
        producer=PRODUCER,
        page=page.number,
        box=box_of(words),
        words=list(candidate.indices),
        checks=[f"note: {where} that somebody showed"],
    )


def _is_refused(proposal: _Proposal, sketch: Sequence[int], known: Sequence[Remembered]) -> bool:
    """Tell whether people said more often no than yes to this place, on pages that look like this one."""
    here = [each.is_right for each in known if _is_there(proposal, sketch, each)]
    return here.count(False) > here.count(True)


def _is_there(proposal: _Proposal, sketch: Sequence[int], known: Remembered) -> bool:
    if proposal.page.number != known.place.page or known.place.box is None or proposal.reading.box is None:
        return False
    one, other = proposal.reading.box, known.place.box
    width, height = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return False
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width * height >= SAME_BOX * smaller and likeness(sketch, known.template) >= SAME_TEMPLATE
