"""Figures of values and their probabilities: F1, calibration, ranking, coverage at a precision."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from sklearn.metrics import roc_auc_score

BINS: Final = 15
Judged = tuple[float, bool]
"""A probability, and whether the value was right."""


def f1_of(right: int, taken: int, wanted: int) -> float:
    """Return the harmonic mean of precision and recall; 0 where nothing was taken or wanted."""
    return 2 * right / (taken + wanted) if taken + wanted else 0.0


def reliability_gap(judged: Sequence[Judged]) -> float:
    """Return the expected calibration error over bins of equal width: mean distance of probability and share right."""
    shares = np.array([share for share, _ in judged])
    right = np.array([is_right for _, is_right in judged], dtype=float)
    places = np.minimum((shares * BINS).astype(int), BINS - 1)
    gaps = [
        abs(float(np.mean(shares[places == place]) - np.mean(right[places == place]))) * float(np.mean(places == place))
        for place in range(BINS)
        if np.any(places == place)
    ]
    return float(sum(gaps))


def ranking_quality(judged: Sequence[Judged]) -> float:
    """Return the area under the ROC curve, right against wrong; .5 where all are alike."""
    if len({is_right for _, is_right in judged}) < 2:
        return 0.5
    return float(roc_auc_score([is_right for _, is_right in judged], [share for share, _ in judged]))


def coverage_at(judged: Sequence[Judged], precision: float) -> float:
    """Return the largest share of values, the surest first, of which that many are right."""
    right = np.cumsum([is_right for _, is_right in sorted(judged, key=lambda each: -each[0])])
    counts = np.arange(1, len(judged) + 1)
    good = np.nonzero(right / counts >= precision)[0]
    return float(counts[good[-1]] / len(judged)) if len(good) else 0.0
