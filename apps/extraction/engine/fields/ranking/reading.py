"""Reading the fields of invoices and receipts: candidates, their scores, a choice, and values with places."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from msgspec import structs

from apps.extraction.engine.fields.ranking.candidates import Candidate, Kind
from apps.extraction.engine.fields.ranking.choosing import Choice, choose
from apps.extraction.engine.fields.ranking.evidence import may_be_one, schema_of
from apps.extraction.engine.fields.ranking.only_currency import PRODUCER, only_currency
from apps.extraction.engine.fields.ranking.ranker import Ranker, shipped
from apps.extraction.engine.fields.ranking.schemas import FIELDS, VALUE_TYPES, tables
from apps.extraction.engine.fields.ranking.sheet import Sheet
from apps.extraction.engine.fields.ranking.signs import signs_of, without_failures
from apps.extraction.engine.fields.refining.ranked import ranked_anew
from apps.extraction.engine.fields.refining.second_stage import Refinement
from apps.extraction.engine.fields.support import bare, box_of, is_supported, words_under
from apps.extraction.engine.fields.types import FieldReading, FieldsInput
from apps.extraction.engine.types import Box, PageReading

_ALTERNATIVES = 2


def ranked_fields(document: FieldsInput) -> list[FieldReading]:
    """Return the fields of an invoice or receipt; none for what is neither by its type or, without one, by its look."""
    if not may_be_one(document):
        return []
    sheet = Sheet(document)
    schema = schema_of(sheet)
    return list(read(sheet, shipped(schema), document.refinements.get(schema))) if schema is not None else []


def read(sheet: Sheet, ranker: Ranker, refinement: Refinement | None = None) -> Iterator[FieldReading]:
    """Yield the values that a ranker finds on a document, ranked anew by what a workspace learned on top of it."""
    schema = ranker.settings.schema
    ranked = tables(sheet, schema)
    scores = ranker.scores(ranked)
    if refinement is not None:
        scores = ranked_anew(refinement, schema, ranked, scores)
    choices = choose(schema, ranked, scores, alternatives=_ALTERNATIVES)
    signs = signs_of(choices, FIELDS[schema], ranked)
    given = [
        value
        for key in FIELDS[schema]
        if key in choices
        for value in _value(sheet, ranker, key, choices[key], signs[key], refinement)
    ]
    yield from given
    if "currency" in ranked and not any(value.key == "currency" for value in given):
        yield from _only_currency(sheet, ranked["currency"].candidates)


def _only_currency(sheet: Sheet, candidates: Sequence[Candidate]) -> Iterator[FieldReading]:
    candidate = only_currency(candidates)
    found = candidate and reading_of(sheet, "currency", "currency", candidate, PRODUCER)
    if found:
        yield structs.replace(found, method="rule")


def _value(
    sheet: Sheet,
    ranker: Ranker,
    key: str,
    choice: Choice,
    signs: Mapping[str, float],
    refinement: Refinement | None,
) -> Iterator[FieldReading]:
    settings = ranker.settings
    producer = refinement.producer if refinement is not None else ranker.producer
    kind = FIELDS[settings.schema][key]
    confidence: float | None = None
    if key in settings.uncalibrated:
        if choice.score < settings.least_score:
            return
    else:
        confidence = round(_share(ranker, key, signs, refinement), 4)
        # What only a failed check makes improbable is given all the same: the check is to be seen with its value.
        if _share(ranker, key, without_failures(signs), refinement) < settings.least:
            return
    found = reading_of(sheet, key, kind, choice.candidate, producer, confidence=confidence)
    if found is not None:
        others = (reading_of(sheet, key, kind, candidate, producer) for candidate, _ in choice.others)
        yield structs.replace(found, alternatives=[other for other in others if other is not None])


def _share(ranker: Ranker, key: str, signs: Mapping[str, float], refinement: Refinement | None) -> float:
    share = ranker.settings.calibration.probability(key, signs)
    return refinement.trust.probability(key, share) if refinement is not None else share


def reading_of(
    sheet: Sheet, key: str, kind: Kind, candidate: Candidate, producer: str, *, confidence: float | None = None
) -> FieldReading | None:
    """Return a candidate as a value with its place, None if the words there do not bear it out."""
    page = sheet.pages[candidate.piece.page].reading
    words, printed = _printed(candidate)
    box = box_of(page.words[index] for index in words)
    raw = supported_text(page, box, printed)
    if raw is None:
        return None
    return FieldReading(
        key=key,
        value=_normalised(kind, candidate),
        value_type=VALUE_TYPES[kind],
        raw_text=raw,
        method="model",
        producer=producer,
        confidence=confidence,
        page=page.number,
        box=box,
        words=words,
        currency=candidate.currency,
    )


def _printed(candidate: Candidate) -> tuple[list[int], str]:
    """Return a candidate's words and text; a sign without letters, such as a dollar's, is shown with its amount."""
    if candidate.kind != "currency" or bare(candidate.raw_text):
        return candidate.words, candidate.raw_text
    piece, place = candidate.piece, candidate.first
    near = (other for other in (place, place + 1, place - 1) if 0 <= other < len(piece.texts))
    amount = next((other for other in near if any(map(str.isdigit, piece.texts[other]))), place)
    first, last = min(place, amount), max(place, amount) + 1
    return piece.words[first:last], " ".join(piece.texts[first:last])


def supported_text(page: PageReading, box: Box, text: str) -> str | None:
    """Return the text if the words under the box contain it, else those words if they are the same in another order."""
    if is_supported(page.words, box, text):
        return text
    under = " ".join(page.words[index].text for index in words_under(page.words, box))
    same = _sorted_words(under) == _sorted_words(text)
    return under if same and is_supported(page.words, box, under) else None


def _sorted_words(text: str) -> Sequence[str]:
    return sorted(text.split())


def _normalised(kind: Kind, candidate: Candidate) -> str:
    value = candidate.value
    if kind not in {"name", "address", "number"}:
        return value
    return " ".join(unicodedata.normalize("NFKC", value).split())
