"""How far scores are from what people decided: candidates in stretches, one for each document."""

import numpy as np
import numpy.typing as npt

from apps.extraction.engine.fields.refining.second_stage import Floats

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
_LEAST = 1e-12


def one_of(scores: Floats, right: Flags, starts: Places) -> tuple[Floats, Floats]:
    """Return each document's loss and the gradient of their sum, where one value at most is right.

    The loss is minus the logarithm of the share of the right candidates; that there is no value at all is one more
    candidate, of score 0. `starts` are the places where documents begin; each has a candidate at least.
    """
    sizes = np.diff([*starts, len(scores)])
    highest = np.maximum(np.maximum.reduceat(scores, starts), 0.0)
    shares = np.exp(scores - np.repeat(highest, sizes))
    none = np.exp(-highest)
    total = np.add.reduceat(shares, starts) + none
    shares /= np.repeat(total, sizes)
    of_right = np.add.reduceat(np.where(right, shares, 0.0), starts) + _LEAST
    is_there = np.logical_or.reduceat(right, starts)
    told = np.where(is_there, of_right, none / total + _LEAST)
    return -np.log(told), shares - np.where(right, shares / np.repeat(of_right, sizes), 0.0)


def each_of(scores: Floats, right: Flags, starts: Places) -> tuple[Floats, Floats]:
    """Return the same where several values may be right: each candidate is by itself."""
    shares = 1 / (1 + np.exp(-scores))
    told = np.logaddexp(0.0, np.where(right, -scores, scores))
    return np.add.reduceat(told, starts), shares - right
