"""The learned part: which candidates are a contract's values, and how probable that is."""

import math
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from apps.extraction.engine.fields.contracts import effective_dates, jurisdictions, parties, terms
from apps.extraction.engine.fields.contracts.candidates import Candidate
from apps.extraction.engine.fields.contracts.signs import REPEATABLE, Scored, signs_of
from apps.extraction.engine.fields.contracts.zones import Zones
from apps.extraction.engine.fields.support import bare

WEIGHTS: Final = Path(__file__).with_name("weights.json")
FEATURES: Final[dict[str, tuple[str, ...]]] = {
    module.KEY: module.FEATURES for module in (parties, jurisdictions, effective_dates, terms)
}
_FINDERS: Final[dict[str, Callable[[Zones], list[Candidate]]]] = {
    module.KEY: module.candidates for module in (parties, jurisdictions, effective_dates, terms)
}
_STEEPEST: Final = 30.0  # of a logit, so that nothing overflows


class KeyWeights(msgspec.Struct, frozen=True, kw_only=True):
    """A logistic model of one key: candidates whose score reaches `threshold` are taken.

    A second one makes a calibrated probability of what was taken: `signs` weighs what speaks for it (see `signs.py`,
    the same for all keys), `shift` is the key's own.
    """

    features: list[str]
    weights: list[float]
    bias: float
    threshold: float
    signs: dict[str, float]
    shift: float


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """The models of all keys; `card` tells from what they were made and how well they do."""

    keys: dict[str, KeyWeights]
    card: dict[str, object]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate that was taken, with its signs and the next best ones."""

    candidate: Candidate
    signs: dict[str, float]
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
    return sigmoid(sum(weight * choice.signs[name] for name, weight in model.signs.items()) + model.shift)


def chosen(key: str, scored: Sequence[Scored], threshold: float) -> list[Choice]:
    """Return the candidates to take: the best one, or for parties all that are good enough and no other's part."""
    ranked = sorted(scored, key=lambda each: -each[0])
    taken = _several(ranked, threshold) if key in REPEATABLE else [each for each in ranked[:1] if each[0] >= threshold]
    signs = signs_of(key, taken, ranked)
    others: dict[str, Candidate] = {}
    if taken and key not in REPEATABLE:
        for _, candidate in ranked[1:]:
            if candidate.value != taken[0][1].value:
                others.setdefault(candidate.value, candidate)
    return [
        Choice(candidate=candidate, signs=own, others=list(others.values()))
        for (_, candidate), own in zip(taken, signs, strict=True)
    ]


def _several(ranked: Sequence[Scored], threshold: float) -> list[Scored]:
    taken: dict[str, Scored] = {}
    for value, candidate in ranked:
        name = bare(candidate.value)
        if value >= threshold and not any(_is_part(name, other) for other in taken):
            taken[name] = (value, candidate)
    return list(taken.values())


def _is_part(one: str, other: str) -> bool:
    """Whether one name begins or ends with the other: `Acme` beside `Acme Inc.`, `Smith` beside `Jane Smith`."""
    return one.startswith(other) or other.startswith(one) or one.endswith(other) or other.endswith(one)


def sigmoid(value: float) -> float:
    """Return the logistic function of a number."""
    return 1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, value))))
