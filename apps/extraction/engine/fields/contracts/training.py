"""Training the contract models: logistic regression, thresholds and probabilities from contracts held out by group."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from apps.extraction.engine.fields.contracts.candidates import Candidate
from apps.extraction.engine.fields.contracts.figures import coverage_at, f1_of, ranking_quality, reliability_gap
from apps.extraction.engine.fields.contracts.generated import generate
from apps.extraction.engine.fields.contracts.parties import KEY as PARTY
from apps.extraction.engine.fields.contracts.ranker import (
    FEATURES,
    Choice,
    KeyWeights,
    Weights,
    candidates_of,
    chosen,
    probability,
    score,
)
from apps.extraction.engine.fields.contracts.signs import SIGNS
from apps.extraction.engine.fields.contracts.zones import Zones
from apps.extraction.engine.fields.normalise.organisations import organisation_name
from apps.extraction.engine.fields.running import RunningText
from apps.extraction.engine.fields.support import bare
from apps.extraction.engine.types import PageReading

FOLDS: Final = 7
ROUNDS: Final = 3  # of folds, each shuffled anew
GENERATED: Final = 120
_GENERATED_WEIGHT: Final = 0.05  # of a real contract: .1 and more make the figures on real ones worse
_STRENGTH: Final = 0.3  # inverse of the penalty; .3 to 3 differ by .01 of F1
_THRESHOLDS: Final = np.arange(0.15, 0.75, 0.025)
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LabelledContract:
    """A contract's pages with its known values by key; contracts of one group are never on both sides of a fold."""

    pages: Sequence[PageReading]
    truth: Mapping[str, Sequence[str]]
    group: str


@dataclass(frozen=True)
class _Example:
    """A contract as candidates, and which bare values are right."""

    candidates: dict[str, list[Candidate]]
    right: dict[str, set[str]]
    group: str


@dataclass(frozen=True)
class _Taken:
    """A value that a model took which had not seen its contract."""

    choice: Choice
    is_right: bool
    fold: int

    @property
    def key(self) -> str:
        """Return the key that it is a value of."""
        return self.choice.candidate.key


def train(contracts: Sequence[LabelledContract], *, seed: int) -> Weights:
    """Return the models with their card; raises ValueError for fewer groups than folds."""
    examples = [_example(contract) for contract in contracts]
    if len({example.group for example in examples}) < FOLDS:
        raise ValueError(f"contracts of at least {FOLDS} groups are needed")
    extra = [_example(LabelledContract(made.pages, made.truth, "")) for made in generate(GENERATED, seed=seed)]
    rounds = [_held_out(examples, extra, seed + turn) for turn in range(ROUNDS)]
    thresholds = {key: _threshold(key, examples, rounds) for key in FEATURES}
    taken = [value for scores in rounds for value in _taken(examples, scores, thresholds)]
    second = _calibrated(taken)
    keys = {}
    for key in FEATURES:
        weights, bias = _fitted(key, examples, extra)
        keys[key] = KeyWeights(
            features=list(FEATURES[key]),
            weights=[round(float(weight), 4) for weight in weights],
            bias=round(bias, 4),
            threshold=thresholds[key],
            signs={name: round(weight, 4) for name, weight in second.signs.items()},
            shift=round(second.shifts[key], 4),
        )
    card = {**_card(examples, rounds), "f1_by_generated_only": _by_generated_only(examples, extra)}
    return Weights(keys=keys, card=card)


def _by_generated_only(examples: Sequence[_Example], extra: Sequence[_Example]) -> float:
    """Return the F1 on real contracts of models that saw generated ones only, thresholds of a half."""
    right = taken = wanted = 0
    for key in FEATURES:
        model = _model(key, extra, [])
        for example in examples:
            pairs = [(score(candidate, model), candidate) for candidate in example.candidates[key]]
            choices = chosen(key, pairs, 0.5)
            right += sum(bare(choice.candidate.value) in example.right[key] for choice in choices)
            taken += len(choices)
            wanted += len(example.right[key])
    return round(f1_of(right, taken, wanted), 4)


def _example(contract: LabelledContract) -> _Example:
    right = {
        key: {bare(organisation_name(value) if key == PARTY else value) for value in contract.truth.get(key, ())}
        for key in FEATURES
    }
    return _Example(candidates_of(Zones(RunningText(contract.pages))), right, contract.group)


@dataclass(frozen=True)
class _Round:
    """Scores by models that had not seen a contract: for every contract and key one a candidate; and its fold."""

    scores: list[dict[str, list[float]]]
    folds: list[int]


def _held_out(examples: Sequence[_Example], extra: Sequence[_Example], seed: int) -> _Round:
    groups = sorted({example.group for example in examples})
    order = np.random.default_rng(seed).permutation(len(groups))
    fold_of = {groups[place]: rank % FOLDS for rank, place in enumerate(order)}
    folds = [fold_of[example.group] for example in examples]
    scores: list[dict[str, list[float]]] = [{} for _ in examples]
    for fold in range(FOLDS):
        learned = [example for example, own in zip(examples, folds, strict=True) if own != fold]
        for key in FEATURES:
            model = _model(key, learned, extra)
            for place, example in enumerate(examples):
                if folds[place] == fold:
                    scores[place][key] = [score(candidate, model) for candidate in example.candidates[key]]
    return _Round(scores, folds)


def _model(key: str, examples: Sequence[_Example], extra: Sequence[_Example]) -> KeyWeights:
    """Return a model that gives scores; threshold and probabilities come later."""
    weights, bias = _fitted(key, examples, extra)
    return KeyWeights(features=list(FEATURES[key]), weights=list(weights), bias=bias, threshold=0, signs={}, shift=0)


def _fitted(key: str, examples: Sequence[_Example], extra: Sequence[_Example]) -> tuple[Array, float]:
    rows, labels, weights = [], [], []
    for group, weight in ((examples, 1.0), (extra, _GENERATED_WEIGHT)):
        for example in group:
            for candidate in example.candidates[key]:
                rows.append(candidate.cues)
                labels.append(bare(candidate.value) in example.right[key])
                weights.append(weight)
    model = LogisticRegression(C=_STRENGTH, max_iter=3000)
    model.fit(np.array(rows), np.array(labels), sample_weight=np.array(weights))
    return model.coef_[0], float(model.intercept_[0])


def _taken(
    examples: Sequence[_Example],
    scored: _Round,
    thresholds: Mapping[str, float],
    *,
    of_fold: int | None = None,
) -> list[_Taken]:
    found = []
    for example, scores, fold in zip(examples, scored.scores, scored.folds, strict=True):
        if of_fold is not None and fold != of_fold:
            continue
        for key, threshold in thresholds.items():
            pairs = list(zip(scores[key], example.candidates[key], strict=True))
            for choice in chosen(key, pairs, threshold):
                is_right = bare(choice.candidate.value) in example.right[key]
                found.append(_Taken(choice, is_right, fold))
    return found


def _threshold(
    key: str, examples: Sequence[_Example], rounds: Sequence[_Round], *, without_fold: int | None = None
) -> float:
    """Return the threshold of the best F1 over all rounds, the middle one of several that are as good."""
    quality = []
    for threshold in _THRESHOLDS:
        right = taken = wanted = 0
        for scored in rounds:
            values = [value for value in _taken(examples, scored, {key: threshold}) if value.fold != without_fold]
            right += sum(value.is_right for value in values)
            taken += len(values)
            wanted += _wanted(examples, scored, key, without_fold=without_fold)
        quality.append(f1_of(right, taken, wanted))
    best = max(quality)
    good = [float(threshold) for threshold, value in zip(_THRESHOLDS, quality, strict=True) if value >= best - 1e-9]
    return round(good[len(good) // 2], 4)


def _wanted(examples: Sequence[_Example], scored: _Round, key: str, *, without_fold: int | None = None) -> int:
    return sum(
        len(example.right[key]) for example, fold in zip(examples, scored.folds, strict=True) if fold != without_fold
    )


@dataclass(frozen=True)
class _Second:
    """What makes probabilities of the values that were taken: weights of their signs, and what each key adds."""

    signs: dict[str, float]
    shifts: dict[str, float]

    def model_of(self, key: str) -> KeyWeights:
        """Return it as a model of one key that gives probabilities."""
        return KeyWeights(features=[], weights=[], bias=0, threshold=0, signs=self.signs, shift=self.shifts[key])


def _calibrated(taken: Sequence[_Taken]) -> _Second:
    """Return what makes probabilities of signs, fitted to whether values that were taken are right.

    Where all are right or all wrong there is nothing to fit, and scores stay as they are.
    """
    order = list(FEATURES)
    if len({value.is_right for value in taken}) < 2:
        return _Second({"score": 1.0}, dict.fromkeys(order, 0.0))
    rows = [
        [*(value.choice.signs[name] for name in SIGNS), *(float(value.key == key) for key in order)] for value in taken
    ]
    model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=3000)
    model.fit(np.array(rows), np.array([value.is_right for value in taken]))
    weights = [float(weight) for weight in model.coef_[0]]
    return _Second(
        dict(zip(SIGNS, weights[: len(SIGNS)], strict=True)), dict(zip(order, weights[len(SIGNS) :], strict=True))
    )


def _card(examples: Sequence[_Example], rounds: Sequence[_Round]) -> dict[str, Any]:
    """Return the figures: models, thresholds and probabilities all from folds other than the judged one."""
    judged: list[tuple[float, bool]] = []
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for scored in rounds:
        for fold in range(FOLDS):
            thresholds = {key: _threshold(key, examples, [scored], without_fold=fold) for key in FEATURES}
            others = [value for value in _taken(examples, scored, thresholds) if value.fold != fold]
            second = _calibrated(others)
            for value in _taken(examples, scored, thresholds, of_fold=fold):
                judged.append((probability(value.choice, second.model_of(value.key)), value.is_right))
                counts[value.key][0] += value.is_right
                counts[value.key][1] += 1
        for key in FEATURES:
            counts[key][2] += _wanted(examples, scored, key)
    figures = {key: round(f1_of(*counts[key]), 4) for key in FEATURES}
    total = [sum(row[place] for row in counts.values()) for place in range(3)]
    return {
        "contracts": len(examples),
        "generated": GENERATED,
        "folds": f"{ROUNDS} times {FOLDS}, by group",
        "f1": {**figures, "all": round(f1_of(total[0], total[1], total[2]), 4)},
        "ece": round(reliability_gap(judged), 4),
        "auroc": round(ranking_quality(judged), 4),
        "coverage_at_98": round(coverage_at(judged, 0.98), 4),
        "values_judged": len(judged),
    }
