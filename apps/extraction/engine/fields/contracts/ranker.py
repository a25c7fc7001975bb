"""The learned part: which candidates are a contract's values, and how probable that is."""

import math
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from apps.extraction.engine.fields.contracts import effective_dates, jurisdictions, parties, terms
from apps.extraction.engine.fields.contracts.candidates import Candidate
from apps.extraction.engine.fields.contracts.zones import Zones
from apps.extraction.engine.fields.support import bare

WEIGHTS: Final = Path(__file__).with_name("weights.json")
FEATURES: Final[dict[str, tuple[str, ...]]] = {
    module.KEY: module.FEATURES for module in (parties, jurisdictions, effective_dates, terms)
}
_FINDERS: Final[dict[str, Callable[[Zones], list[Candidate]]]] = {
    module.KEY: module.candidates for module in (parties, jurisdictions, effective_dates, terms)
}
REPEATABLE: Final = frozenset({parties.KEY})
_STEEPEST: Final = 30.0  # of a logit, so that nothing overflows


class KeyWeights(msgspec.Struct, frozen=True, kw_only=True):
    """A logistic model of one key; `threshold` on its score, then a second one makes a calibrated probability.

    That one weighs the score (`slope`) and, of parties, how many were taken: `only` counts for a single one, `many`
    for each beyond two.
    """

    features: list[str]
    weights: list[float]
    bias: float
    threshold: float
    slope: float
    shift: float
    only: float = 0.0
    many: float = 0.0


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """The models of all keys; `card` tells from what they were made and how well they do."""

    keys: dict[str, KeyWeights]
    card: dict[str, object]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate that was taken, with its score, how many were taken of its key, and the next best ones."""

    candidate: Candidate
    score: float
    count: int = 1
    others: list[Candidate] = []


@cache
def shipped() -> Weights:
    """Return the models of this version; raises ValueError if their cues are not those of the code."""
    found = msgspec.json.decode(WEIGHTS.read_bytes(), type=Weights)
    if {key: tuple(model.features) for key, model in found.keys.items()} != FEATURES:
        raise ValueError(f"{WEIGHTS} was trained on other cues")
    return found


def candidates_of(zones: Zones) -> dict[str, list[Candidate]]:
    """Return the candidates of all learned keys."""
    return {key: find(zones) for key, find in _FINDERS.items()}


def score(candidate: Candidate, model: KeyWeights) -> float:
    """Return how well a candidate fits, from 0 to 1; no probability yet."""
    return sigmoid(model.bias + sum(weight * cue for weight, cue in zip(model.weights, candidate.cues, strict=True)))


def probability(choice: Choice, model: KeyWeights) -> float:
    """Return the probability, fitted to contracts that the model had not seen, that a taken value is right."""
    told = model.only * is_only(choice) + model.many * beyond_two(choice)
    return sigmoid(model.slope * logit(choice.score) + model.shift + told)


def is_only(choice: Choice) -> bool:
    """Whether a party is the only one: a contract has two sides."""
    return choice.candidate.key in REPEATABLE and choice.count == 1


def beyond_two(choice: Choice) -> int:
    """Return how many parties more than two were taken with one."""
    return max(0, choice.count - 2) if choice.candidate.key in REPEATABLE else 0


def chosen(key: str, scored: Sequence[tuple[float, Candidate]], threshold: float) -> list[Choice]:
    """Return the candidates to take: the best one, or for parties all that are good enough and no other's part."""
    ranked = sorted(scored, key=lambda each: -each[0])
    if key in REPEATABLE:
        return _several(ranked, threshold)
    if not ranked or ranked[0][0] < threshold:
        return []
    best = ranked[0]
    others: dict[str, Candidate] = {}
    for _, candidate in ranked[1:]:
        if candidate.value != best[1].value:
            others.setdefault(candidate.value, candidate)
    return [Choice(candidate=best[1], score=best[0], others=list(others.values()))]


def _several(ranked: Sequence[tuple[float, Candidate]], threshold: float) -> list[Choice]:
    taken: dict[str, Choice] = {}
    for value, candidate in ranked:
        name = bare(candidate.value)
        if value < threshold or any(_is_part(name, other) for other in taken):
            continue
        taken[name] = Choice(candidate=candidate, score=value)
    return [msgspec.structs.replace(choice, count=len(taken)) for choice in taken.values()]


def _is_part(one: str, other: str) -> bool:
    """Whether one name begins or ends with the other: `Acme` beside `Acme Inc.`, `Smith` beside `Jane Smith`."""
    return one.startswith(other) or other.startswith(one) or one.endswith(other) or other.endswith(one)


def sigmoid(value: float) -> float:
    """Return the logistic function of a number."""
    return 1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, value))))


def logit(share: float) -> float:
    """Return the inverse of `sigmoid`, for shares that may be 0 or 1."""
    bounded = min(max(share, 1e-9), 1 - 1e-9)
    return math.log(bounded / (1 - bounded))
