"""From scores to probabilities, and from which probability on a value is given; fitted out of fold."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from apps.extraction.engine.fields.ranking.ranker import Calibration
from apps.extraction.engine.fields.ranking.signs import SIGNS
from apps.extraction.engine.fields.ranking.training.judging import Judged, f1, probabilities

# Chosen on the labelled documents of both schemas by unseen groups. A generated document's outcome counts half of a
# labelled one's: there are many, so they tell how signs weigh; how sure a field is only labelled documents tell.
_STRENGTH = 0.1  # inverse of the penalty on signs of unit spread
_WEIGHT_OF_MADE = 0.5
_WEIGHT_OF_AGAIN = 0.5  # of a second reading of the same document, which errs in part where the first one did
_STEPS = np.arange(0.25, 0.65, 0.05)  # three wrong ones for a right one are more than a person likes to see
_AS_GOOD = 0.003  # of F1, over all values
Rows = npt.NDArray[np.float64]


def calibrate(
    judged: Sequence[Judged], made: Sequence[Judged], fitted_on: str, *, again: Sequence[Judged] = ()
) -> Calibration:
    """Fit the probability that a choice is right to outcomes.

    `made` are those on generated documents, `again` those on the labelled documents with words that people wrote down:
    only both readings of a document side by side tell how much of what goes wrong is recognition's.
    """
    keys = sorted({each.key for each in judged})
    others = [each for each in made if each.key in keys]
    every = [*judged, *again, *others]
    right = np.array([each.is_right for each in every])
    if not 0 < sum(each.is_right for each in judged) < len(judged):
        raise ValueError("choices that are all right or all wrong say nothing of probabilities")
    signs = _signs(every)
    middle, spread = signs.mean(axis=0), signs.std(axis=0)
    spread[spread == 0] = 1.0  # a sign that nobody shows
    is_made = np.arange(len(right)) >= len(judged) + len(again)
    fields = np.array([[float(each.key == key) for key in keys] for each in every])
    rows = np.hstack([(signs - middle) / spread, fields, fields * is_made[:, None]])
    model = LogisticRegression(C=_STRENGTH, max_iter=3_000)
    counts = np.repeat([1.0, _WEIGHT_OF_AGAIN, _WEIGHT_OF_MADE], [len(judged), len(again), len(others)])
    model.fit(rows, right, sample_weight=counts)
    weights = model.coef_[0][: len(SIGNS)] / spread
    shift = float(model.intercept_[0] - weights @ middle)
    by_key = model.coef_[0][len(SIGNS) : len(SIGNS) + len(keys)] + shift
    return Calibration(
        weights={name: round(float(weight), 5) for name, weight in zip(SIGNS, weights, strict=True)},
        by_key={key: round(float(weight), 5) for key, weight in zip(keys, by_key, strict=True)},
        fitted_on=fitted_on,
    )


def cross_calibrated(
    judged: Sequence[Judged], made: Sequence[Judged], again: Sequence[Judged] = ()
) -> tuple[Rows, Rows]:
    """Return the probabilities of `judged` and of `again`, fitted on the other folds and on generated documents."""
    shares = np.zeros(len(judged)), np.zeros(len(again))
    for fold in sorted({each.fold for each in judged}):
        others, others_again = ([each for each in rows if each.fold != fold] for rows in (judged, again))
        calibration = calibrate(others, made, "the other folds", again=others_again)
        for rows, found in zip((judged, again), shares, strict=True):
            own = [place for place, each in enumerate(rows) if each.fold == fold]
            found[own] = probabilities([rows[place] for place in own], calibration)
    return shares


def _signs(judged: Sequence[Judged]) -> Rows:
    return np.array([[each.signs[name] for name in SIGNS] for each in judged])


def least_probability(judged: Sequence[Judged], shares: npt.NDArray[np.float64]) -> float:
    """Return from which probability on values are given: the lowest that is as good as any by F1 of all values.

    Doubtful values are shown as such; a person who sees one has less to type than where there is none.
    """
    qualities = [f1(zip(judged, (shares >= least).tolist(), strict=True))["f1"] for least in _STEPS]
    enough = next(place for place, each in enumerate(qualities) if each >= max(qualities) - _AS_GOOD)
    return round(float(_STEPS[enough]), 2)
