"""Scores of a classifier: F1, calibration error, AUROC, coverage at a precision. Plain numpy."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LabelScore:
    """Precision, recall, F1 and the number of true documents of one label."""

    precision: float
    recall: float
    f1: float
    documents: int

    def as_dict(self) -> dict[str, float]:
        """Return the values by name."""
        return asdict(self)


def label_scores(truth: Sequence[str], predicted: Sequence[str]) -> dict[str, LabelScore]:
    """Score every label that occurs in the truth."""
    pairs = list(zip(truth, predicted, strict=True))
    scores = {}
    for label in sorted(set(truth)):
        hits = sum(true == label == guess for true, guess in pairs)
        surplus = sum(guess == label != true for true, guess in pairs)
        missed = sum(true == label != guess for true, guess in pairs)
        scores[label] = LabelScore(
            precision=hits / max(1, hits + surplus),
            recall=hits / max(1, hits + missed),
            f1=2 * hits / max(1, 2 * hits + surplus + missed),
            documents=hits + missed,
        )
    return scores


def macro_f1(truth: Sequence[str], predicted: Sequence[str]) -> float:
    """Return the mean F1 of the labels in the truth."""
    scores = label_scores(truth, predicted)
    return sum(score.f1 for score in scores.values()) / max(1, len(scores))


def expected_calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_], *, bins: int = 10) -> float:
    """Return the mean gap between confidence and accuracy over equal-width bins, weighed by their size."""
    if not len(confidence):
        return 0.0
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(places, weights=confidence - right, minlength=bins)
    return float(np.abs(gaps).sum() / len(confidence))


def auroc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> float | None:
    """Return the chance that a positive scores higher than a negative, ties one half; None if either is missing."""
    above, below = scores[positive], np.sort(scores[~positive])
    if not len(above) or not len(below):
        return None
    wins = np.searchsorted(below, above, side="left") + np.searchsorted(below, above, side="right")
    return float(wins.sum() / 2 / len(above) / len(below))


def coverage_at_precision(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], *, precision: float
) -> tuple[float, float | None]:
    """Return the largest share that one threshold accepts at the precision, and that threshold (None: nothing)."""
    order = np.argsort(-confidence, kind="stable")
    ranked, hits = confidence[order], np.cumsum(right[order])
    taken = np.arange(1, len(ranked) + 1)
    is_last_of_tie = np.append(ranked[1:] != ranked[:-1], True)
    good = np.flatnonzero(is_last_of_tie & (hits >= precision * taken))
    if not len(good):
        return 0.0, None
    return float(taken[good[-1]] / len(ranked)), float(ranked[good[-1]])
