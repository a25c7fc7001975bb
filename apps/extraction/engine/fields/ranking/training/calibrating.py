"""From scores to probabilities, and from which probability on a value is given; fitted out of fold."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from apps.extraction.engine.fields.ranking.ranker import Calibration
from apps.extraction.engine.fields.ranking.training.judging import Judged, f1, probabilities

_BY_KEY = 1.5  # strength of the penalty's inverse: fields differ, but few documents tell how much
_STEPS = np.arange(0.15, 0.65, 0.05)


def calibrate(judged: Sequence[Judged], fitted_on: str) -> Calibration:
    """Fit the probability that a choice is right to outcomes."""
    keys = sorted({each.key for each in judged})
    right = np.array([each.is_right for each in judged])
    if right.all() or not right.any():
        raise ValueError("choices that are all right or all wrong say nothing of probabilities")
    model = LogisticRegression(C=_BY_KEY, max_iter=2_000, fit_intercept=True).fit(_rows(judged, keys), right)
    weights, shift = model.coef_[0], float(model.intercept_[0])
    return Calibration(
        score=round(float(weights[0]), 5),
        lead=round(float(weights[1]), 5),
        reading=round(float(weights[2]), 5),
        by_key={key: round(float(weights[3 + place]) + shift, 5) for place, key in enumerate(keys)},
        fitted_on=fitted_on,
    )


def cross_calibrated(judged: Sequence[Judged]) -> npt.NDArray[np.float64]:
    """Return the probability of every choice, fitted on the other folds."""
    shares = np.zeros(len(judged))
    folds = np.array([each.fold for each in judged])
    for fold in np.unique(folds):
        others = [each for each in judged if each.fold != fold]
        own = [each for each in judged if each.fold == fold]
        shares[folds == fold] = probabilities(own, calibrate(others, "the other folds"))
    return shares


def least_probability(judged: Sequence[Judged], shares: npt.NDArray[np.float64]) -> float:
    """Return from which probability on values are best given: the highest F1, sources counting alike."""
    sources = sorted({each.source for each in judged})

    def quality(least: float) -> float:
        pairs = list(zip(judged, (shares >= least).tolist(), strict=True))
        return sum(f1([pair for pair in pairs if pair[0].source == source])["f1"] for source in sources)

    return round(float(max(_STEPS, key=quality)), 2)


def _rows(judged: Sequence[Judged], keys: Sequence[str]) -> npt.NDArray[np.float64]:
    return np.array(
        [[each.score, each.lead, each.reading, *(float(each.key == key) for key in keys)] for each in judged]
    )
