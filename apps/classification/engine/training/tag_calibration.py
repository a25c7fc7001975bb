"""From which score a tag is proposed, and how likely it is then: both told by documents held out."""

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.tags import sigmoid

# Of ten proposals two may be wrong: a proposal costs one click, a tag that is missed is looked for in vain.
PRECISION = 0.8
# A probability needs outcomes: with fewer documents of either kind a tag has none.
FEWEST_OUTCOMES = 10
_STEPS = 50


def threshold(scores: NDArray[np.float64], wanted: NDArray[np.bool_], *, precision: float = PRECISION) -> float:
    """Return the lowest score of a wanted document from which on the precision holds; infinite where none does.

    One wrong document more than there are is counted, so that few documents promise little: at .8 four right ones
    without a wrong one are the least.
    """
    order = np.argsort(-scores, kind="stable")
    ranked, right = scores[order], wanted[order]
    taken, hits = np.arange(1, len(ranked) + 1), np.cumsum(right)
    is_last_of_tie = np.append(ranked[1:] != ranked[:-1], True)
    holds = hits >= precision * (taken + 1)
    good = np.flatnonzero(is_last_of_tie & holds)
    if not len(good):
        return float("inf")
    return float(ranked[: good[-1] + 1][right[: good[-1] + 1]].min())


def platt(
    scores: NDArray[np.float64], wanted: NDArray[np.bool_], *, fewest: int = FEWEST_OUTCOMES
) -> tuple[float, float] | None:
    """Return slope and intercept of the probability of scores; None with too few outcomes or a score that misleads.

    J. Platt: Probabilistic outputs for support vector machines, 1999, with its smoothed targets; by Newton's method
    with halved steps (H.-T. Lin, C.-J. Lin, R. Weng, 2007).
    """
    right, wrong = int(wanted.sum()), int((~wanted).sum())
    if min(right, wrong) < fewest:
        return None
    targets = np.where(wanted, (right + 1) / (right + 2), 1 / (wrong + 2))
    features = np.stack([scores, np.ones(len(scores))], axis=1)
    found = np.array([0.0, np.log((right + 1) / (wrong + 1))])
    loss = _loss(features @ found, targets)
    for _ in range(_STEPS):
        shares = sigmoid(features @ found)
        gradient = features.T @ (shares - targets)
        curvature = (features * (shares * (1 - shares))[:, None]).T @ features + 1e-9 * np.eye(2)
        step, size = np.linalg.solve(curvature, gradient), 1.0
        while size > 1e-6 and _loss(features @ (found - size * step), targets) > loss:
            size /= 2
        found = found - size * step
        before, loss = loss, _loss(features @ found, targets)
        if before - loss < 1e-9:
            break
    return (float(found[0]), float(found[1])) if found[0] > 0 else None


def _loss(logits: NDArray[np.float64], targets: NDArray[np.float64]) -> float:
    return float((np.logaddexp(0, logits) - targets * logits).sum())
