"""A second stage at work: it weighs the candidates once more that a shipped ranker likes best, and its probabilities.

What nobody's decisions spoke for is left as it was: without weights of a key its scores are the shipped ones.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
Words = Sequence[int]  # buckets of the words beside a candidate, see `label_words.py`

MOST_WEIGHED = 12  # of a field's candidates; the others keep their scores
_STEEPEST = 30.0


@dataclass(frozen=True)
class KeyWeights:
    """What becomes of a key's scores, which are logarithms of odds: `slope * score + shift + features @ weights`.

    `weights` are first those of the shipped ranker's own features, then those of the buckets of words.
    """

    slope: float
    shift: float
    weights: Matrix

    def rescored(self, scores: Floats, matrix: Matrix, words: Callable[[int], Words]) -> Floats:
        """Return the scores of a document's candidates, the best `MOST_WEIGHED` of them weighed again.

        `matrix` (n, features) and `words`, asked by the place of a candidate, are what the weights are for.
        """
        found = scores.copy()
        count = matrix.shape[1]
        for place in best_places(scores):
            told = float(matrix[place].astype(np.float64) @ self.weights[:count])
            told += sum(float(self.weights[count + bucket]) for bucket in words(int(place)))
            found[place] = self.slope * scores[place] + self.shift + told
        return found


@dataclass(frozen=True)
class Trust:
    """What becomes of shipped probabilities: their log odds times `slope`, and a shift for all and for each key."""

    slope: float = 1.0
    shift: float = 0.0
    by_key: Mapping[str, float] = field(default_factory=dict)

    def probability(self, key: str, shipped: float) -> float:
        """Return a probability that was fitted to what people decided, from the shipped one."""
        return sigmoid(self.slope * log_odds(shipped) + self.shift + self.by_key.get(key, 0.0))


@dataclass(frozen=True)
class Refinement:
    """What a workspace learned on top of the shipped ranker `base`, by key; `version` is blank until it is stored."""

    base: str
    keys: Mapping[str, KeyWeights] = field(default_factory=dict)
    trust: Trust = Trust()
    version: str = ""

    @property
    def producer(self) -> str:
        """Return the name and version that values carry."""
        return f"{self.base}+{self.version}"


def best_places(scores: Floats) -> npt.NDArray[np.intp]:
    """Return the places of the candidates that are weighed again, the best first."""
    return np.argsort(-scores, kind="stable")[:MOST_WEIGHED]


def sigmoid(value: float) -> float:
    """Return the logistic function of a number."""
    return 1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, value))))


def log_odds(share: float) -> float:
    """Return the inverse of `sigmoid`, for shares that may be 0 or 1."""
    bounded = min(max(share, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))
