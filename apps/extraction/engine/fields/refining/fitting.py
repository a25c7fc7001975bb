"""Fitting a second stage: to what people decided, with weights drawn to those that leave the shipped scores alone."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from apps.extraction.engine.fields.refining.label_words import BUCKETS, SIDES
from apps.extraction.engine.fields.refining.loss import each_of, one_of
from apps.extraction.engine.fields.refining.material import Outcome, Rows
from apps.extraction.engine.fields.refining.second_stage import Floats, KeyWeights, Trust, log_odds

# Penalties, measured on the labelled receipts and invoices by unseen vendors, shipped rankers that had not seen their
# source. The strength of the weights is chosen anew in every fit, on documents held out.
STRENGTHS: Final = (100.0, 30.0, 10.0)
_OF_WORDS: Final = 0.5  # of the strength: a bucket is a rarer sign than a feature
_OF_SLOPE: Final = 8.0
_OF_SHIFT: Final = 2.0
_OF_TRUST: Final = (40.0, 8.0)  # of the slope, whose odds are about 3; of the shifts
_STEPS: Final = 30
_SMALLEST_SPREAD: Final = 1e-6
_FEWEST_WITH: Final = 2  # candidates that show a feature or bucket, so that it is learned from


class Listed:
    """The rows of one key one after another, documents as stretches of them."""

    def __init__(self, rows: Sequence[Rows], *, with_words: bool) -> None:
        self.count = rows[0].matrix.shape[1]
        self.scores = np.concatenate([each.scores for each in rows])
        matrix = np.concatenate([each.matrix for each in rows]).astype(np.float64)
        self.right = np.concatenate([each.right for each in rows])
        self.starts = starts_of(rows)
        self.loss_of = each_of if rows[0].are_alone else one_of
        middle, spread = matrix.mean(axis=0), matrix.std(axis=0)
        self.used = np.flatnonzero((spread > _SMALLEST_SPREAD) & ((matrix != middle).sum(axis=0) >= _FEWEST_WITH))
        self.middle, self.spread = middle[self.used], spread[self.used]
        parts = [(matrix[:, self.used] - self.middle) / self.spread]
        self.buckets = np.zeros(0, dtype=np.intp)
        if with_words:
            told = [words for each in rows for words in each.words]
            dense = np.zeros((len(told), SIDES * BUCKETS), dtype=np.float64)
            for place, words in enumerate(told):
                dense[place, list(words)] = 1.0
            self.buckets = np.flatnonzero(dense.sum(axis=0) >= _FEWEST_WITH)
            parts.append(dense[:, self.buckets])
        self.features = np.hstack(parts)

    def penalty(self, strength: float) -> Floats:
        """Return what holds each parameter back: slope, shift, weights of features, weights of buckets."""
        weights = [strength] * len(self.used), [_OF_WORDS * strength] * len(self.buckets)
        return np.array([_OF_SLOPE, _OF_SHIFT, *weights[0], *weights[1]])

    def loss(self, parameters: Floats, penalty: Floats) -> tuple[float, Floats]:
        """Return the loss of all documents and its gradient; no value at all is one more candidate of score 0."""
        scores = self.scores * (1 + parameters[0]) + parameters[1] + self.features @ parameters[2:]
        told, slopes = self.loss_of(scores, self.right, self.starts)
        gradient = np.concatenate([[slopes @ self.scores, slopes.sum()], slopes @ self.features])
        held = penalty * parameters
        return float(told.sum()) + 0.5 * float(held @ parameters), gradient + held

    def weights(self, parameters: Floats) -> KeyWeights:
        """Return parameters as weights of features as they are, not of unit spread."""
        own = parameters[2 : 2 + len(self.used)] / self.spread
        weights = np.zeros(self.count + SIDES * BUCKETS, dtype=np.float32)
        weights[self.used] = own
        weights[self.count + self.buckets] = parameters[2 + len(self.used) :]
        shift = float(parameters[1] - own @ self.middle)
        return KeyWeights(slope=float(1 + parameters[0]), shift=shift, weights=weights)


def fit_key(rows: Sequence[Rows], strength: float) -> KeyWeights:
    """Fit the weights of a key; there must be rows. A strength without end would give the shipped scores."""
    listed = Listed(rows, with_words=any(words for each in rows for words in each.words))
    penalty = listed.penalty(strength)
    found = minimize(
        listed.loss, np.zeros(len(penalty)), args=(penalty,), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}
    )
    return listed.weights(np.asarray(found.x))


def judged(rows: Rows, weights: KeyWeights | None) -> tuple[float, bool]:
    """Return the loss of a document by a second stage, None: by the shipped scores; and whether its best is right.

    Right is also that there is no value, where no candidate's score says that there is one.
    """
    scores = rows.scores
    if weights is not None:
        scores = weights.rescored(scores, rows.matrix, rows.words.__getitem__)
    loss_of = each_of if rows.are_alone else one_of
    return float(loss_of(scores, rows.right, starts_of([rows]))[0][0]), _is_hit(scores, rows)


def starts_of(rows: Sequence[Rows]) -> npt.NDArray[np.intp]:
    """Return where each document's candidates begin."""
    return np.cumsum([0, *(len(each.scores) for each in rows[:-1])])


def fit_trust(outcomes: Sequence[Outcome]) -> Trust:
    """Fit probabilities to what people decided, drawn to those of the shipped ranker; there must be outcomes."""
    keys = sorted({each.key for each in outcomes})
    odds = np.array([log_odds(each.share) for each in outcomes])
    right = np.array([float(each.is_right) for each in outcomes])
    fields = np.array([[float(each.key == key) for key in keys] for each in outcomes])
    signs = np.hstack([odds[:, None], np.ones((len(odds), 1)), fields])
    penalty = np.array([_OF_TRUST[0], *[_OF_TRUST[1]] * (1 + len(keys))])

    def loss(parameters: Floats) -> tuple[float, Floats]:
        total = odds + signs @ parameters
        slopes = 1 / (1 + np.exp(-total)) - right
        told = float(np.logaddexp(0, np.where(right > 0, -total, total)).sum())
        return told + 0.5 * float((penalty * parameters) @ parameters), slopes @ signs + penalty * parameters

    found = np.asarray(minimize(loss, np.zeros(signs.shape[1]), jac=True, method="L-BFGS-B").x)
    by_key = {key: round(float(own), 5) for key, own in zip(keys, found[2:], strict=True)}
    return Trust(slope=round(1 + float(found[0]), 5), shift=round(float(found[1]), 5), by_key=by_key)


def _is_hit(scores: Floats, rows: Rows) -> bool:
    if rows.are_alone:
        return bool(((scores > 0) == rows.right).all())
    if not rows.right.any():
        return not (scores > 0).any()
    return bool(rows.right[int(scores.argmax())])
