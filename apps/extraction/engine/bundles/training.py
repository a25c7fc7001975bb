"""Training the splitter: logistic regression, scale and figures from sources that the weights did not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from apps.extraction.engine.bundles.features import FEATURES
from apps.extraction.engine.bundles.generated import Place, SingleDocument, Variants, generate, variants_of
from apps.extraction.engine.bundles.splitter import Weights

FOLDS: Final = 5
BUNDLES: Final = 600
_STRENGTH: Final = 0.3  # inverse of the penalty; the cues are already between 0 and 1
_QUIET: Final = 0.98  # share of single documents that must not be proposed for splitting
Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Judged:
    """Places with the score that a model gave them which had not seen their source."""

    scores: Array
    begins: Array
    fold: Array
    bundle: Array
    single: Flags


def train(documents: Sequence[SingleDocument], *, seed: int = 7) -> Weights:
    """Fit on all documents; calibrate and measure on folds of sources held out."""
    variants = variants_of(documents, seed=seed)
    judged = _cross_judged(variants, folds_of(documents), seed)
    probabilities, figures = _measured(judged)
    alarm = _alarm(judged, probabilities)
    model = _fitted(generate(variants, count=BUNDLES, seed=seed))
    slope, shift = _scale(judged.scores, judged.begins)
    figures |= _alarmed(judged, probabilities, alarm)
    return Weights(
        features=list(FEATURES),
        weights=[round(float(weight) * slope, 4) for weight in model.coef_[0]],
        bias=round(float(model.intercept_[0]) * slope + shift, 4),
        alarm=alarm,
        card={"sources": _sources(documents), "seed": seed, "held_out_sources": figures},
    )


def folds_of(documents: Sequence[SingleDocument]) -> dict[str, int]:
    """Put every source as a whole into a fold, the largest first, each into the fold with the fewest documents."""
    sizes = _sources(documents)
    load = [0] * min(FOLDS, len(sizes))
    folds = {}
    for source in sorted(sizes, key=lambda source: (-sizes[source], source)):
        folds[source] = load.index(min(load))
        load[folds[source]] += sizes[source]
    return folds


def _sources(documents: Sequence[SingleDocument]) -> dict[str, int]:
    return {
        source: sum(document.source == source for document in documents)
        for source in sorted({document.source for document in documents})
    }


def _matrix(places: Sequence[Place]) -> tuple[Array, Array]:
    return np.array([place.cues for place in places]), np.array([place.begins for place in places], dtype=float)


def _fitted(places: Sequence[Place]) -> LogisticRegression:
    cues, begins = _matrix(places)
    return LogisticRegression(C=_STRENGTH, max_iter=2_000).fit(cues, begins)


def _cross_judged(documents: Sequence[Variants], folds: dict[str, int], seed: int) -> Judged:
    rows: list[tuple[Array, Array, Array, Array, Flags]] = []
    for fold in sorted(set(folds.values())):
        seen = [document for document in documents if folds[document[0].source] != fold]
        unseen = [document for document in documents if folds[document[0].source] == fold]
        model = _fitted(generate(seen, count=BUNDLES, seed=seed))
        places = generate(unseen, count=BUNDLES // 3, seed=seed + 1 + fold)
        cues, begins = _matrix(places)
        of_place = np.array([place.bundle + 1_000_000.0 * fold for place in places])
        single = np.array([place.is_single for place in places], dtype=np.bool_)
        rows.append((model.decision_function(cues), begins, np.full(len(places), float(fold)), of_place, single))
    scores, truths, held_out, bundles, singles = zip(*rows, strict=True)
    return Judged(
        scores=np.concatenate(scores),
        begins=np.concatenate(truths),
        fold=np.concatenate(held_out),
        bundle=np.concatenate(bundles),
        single=np.concatenate(singles),
    )


def _scale(scores: Array, begins: Array) -> tuple[float, float]:
    """Fit Platt's slope and shift."""
    fitted = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), begins)
    return float(fitted.coef_[0][0]), float(fitted.intercept_[0])


def _measured(judged: Judged) -> tuple[Array, dict[str, Any]]:
    """Return the probabilities of every fold, scaled by the other folds, and how good they are."""
    probabilities = np.zeros(len(judged.scores))
    for fold in np.unique(judged.fold):
        mine = judged.fold == fold
        slope, shift = _scale(judged.scores[~mine], judged.begins[~mine])
        probabilities[mine] = 1 / (1 + np.exp(-(slope * judged.scores[mine] + shift)))
    said, true = probabilities >= 0.5, judged.begins == 1
    right = int((said & true).sum())
    precision, recall = right / max(1, int(said.sum())), right / max(1, int(true.sum()))
    bundles = np.unique(judged.bundle[~judged.single])
    exact = np.mean([bool((said == true)[judged.bundle == bundle].all()) for bundle in bundles])
    return probabilities, {
        "places": len(said),
        "boundaries": int(true.sum()),
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 3),
        "bundles_exactly_right": round(float(exact), 3),
        "calibration_error": round(_calibration_error(probabilities, judged.begins), 3),
    }


def _calibration_error(probabilities: Array, begins: Array, bins: int = 10) -> float:
    """Return the mean gap between probability and frequency over bins of equal size."""
    groups = np.array_split(np.argsort(probabilities), bins)
    gaps = [abs(float(probabilities[group].mean() - begins[group].mean())) * len(group) for group in groups]
    return sum(gaps) / len(probabilities)


def _highest(judged: Judged, probabilities: Array, *, single: bool) -> Array:
    chosen = judged.single == single
    return np.array(
        [probabilities[judged.bundle == bundle].max() for bundle in np.unique(judged.bundle[chosen])], dtype=float
    )


def _alarm(judged: Judged, probabilities: Array) -> float:
    """Return the probability that the likeliest place of a single document passes once in fifty times, at least .5."""
    singles = _highest(judged, probabilities, single=True)
    return round(max(0.5, float(np.quantile(singles, _QUIET))), 3) if len(singles) else 0.5


def _alarmed(judged: Judged, probabilities: Array, alarm: float) -> dict[str, float]:
    singles = _highest(judged, probabilities, single=True)
    bundles = _highest(judged, probabilities, single=False)
    return {
        "single_documents_proposed": round(float((singles >= alarm).mean()), 3),
        "bundles_proposed": round(float((bundles >= alarm).mean()), 3),
    }
