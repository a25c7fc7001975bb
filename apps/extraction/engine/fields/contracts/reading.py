"""From a contract's pages to its values: the ranker's choices, the rules' findings and the quoted clauses."""

from collections.abc import Iterator
from typing import Final

from msgspec import structs

from apps.extraction.engine.fields.contracts import ranker
from apps.extraction.engine.fields.contracts.candidates import Candidate
from apps.extraction.engine.fields.contracts.clauses import clauses
from apps.extraction.engine.fields.contracts.rules import endings, said_term
from apps.extraction.engine.fields.contracts.zones import Zones
from apps.extraction.engine.fields.refining.contracts import scores_of
from apps.extraction.engine.fields.refining.second_stage import Refinement
from apps.extraction.engine.fields.running import RunningText
from apps.extraction.engine.fields.types import FieldReading, FieldsInput, ValueType

PRODUCER: Final = "contract-ranker/1"
_MOST_ALTERNATIVES: Final = 3
_TYPES: Final[dict[str, ValueType]] = {"effective_date": "date"}


def read(document: FieldsInput) -> list[FieldReading]:
    """Return the values of a contract. The ranker knows non-disclosure agreements; where it sees no term a rule may."""
    zones = Zones(RunningText(document.pages))
    ranked = list(_ranked(zones, document.refinements.get("contract")))
    term = None if any(value.key == "term" for value in ranked) else said_term(zones)
    return [*ranked, *([term] if term else []), *endings(zones), *clauses(zones)]


def _ranked(zones: Zones, refinement: Refinement | None) -> Iterator[FieldReading]:
    models = ranker.shipped().keys
    producer = refinement.producer if refinement is not None else PRODUCER
    for key, candidates in ranker.candidates_of(zones).items():
        model = models[key]
        scored = scores_of(key, candidates, model, refinement)
        for choice in ranker.chosen(key, scored, model.threshold):
            share = ranker.probability(choice, model)
            trusted = refinement.trust.probability(key, share) if refinement is not None else share
            found = _reading(zones, choice.candidate, producer, round(trusted, 4))
            others = (_reading(zones, other, producer, None) for other in choice.others[:_MOST_ALTERNATIVES])
            if found is not None:
                yield structs.replace(found, alternatives=[other for other in others if other is not None])


def _reading(zones: Zones, candidate: Candidate, producer: str, confidence: float | None) -> FieldReading | None:
    return zones.running.reading(
        candidate.span,
        key=candidate.key,
        value=candidate.value,
        value_type=_TYPES.get(candidate.key, "text"),
        producer=producer,
        method="model",
        confidence=confidence,
    )
