"""What pages draw of a model: confusion matrix, reliability diagram, learning curve. Plain numpy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.binomial import lower_bound, upper_bound


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many documents of each true label (rows) got which label (columns); both in the order of `labels`."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def mistakes(self) -> list[tuple[str, str, int]]:
        """Return (true label, given label, documents) of what went wrong, the most frequent first."""
        wrong = [
            (true, given, count)
            for true, row in zip(self.labels, self.counts, strict=True)
            for given, count in zip(self.labels, row, strict=True)
            if count and true != given
        ]
        return sorted(wrong, key=lambda mistake: (-mistake[2], mistake[0], mistake[1]))


def confusion(truth: Sequence[str], predicted: Sequence[str]) -> Confusion:
    """Count pairs of true and given labels, of all labels that occur as either."""
    labels = tuple(sorted({*truth, *predicted}))
    places = {label: place for place, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=np.int64)
    for true, given in zip(truth, predicted, strict=True):
        counts[places[true], places[given]] += 1
    return Confusion(labels, tuple(tuple(row) for row in counts.tolist()))


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Documents whose confidence lies in a range: the mean confidence, the share that was right, its 95 % interval."""

    low: float
    high: float
    documents: int
    confidence: float
    accuracy: float
    accuracy_low: float
    accuracy_high: float


def reliability(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], *, bins: int = 10
) -> tuple[ReliabilityBin, ...]:
    """Return the filled ones of equal-width bins; intervals by Clopper and Pearson."""
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    found = []
    for place in np.unique(places).tolist():
        inside = places == place
        documents, hits = int(inside.sum()), int(right[inside].sum())
        found.append(
            ReliabilityBin(
                low=place / bins,
                high=(place + 1) / bins,
                documents=documents,
                confidence=float(confidence[inside].mean()),
                accuracy=hits / documents,
                accuracy_low=lower_bound(hits, documents, 0.025),
                accuracy_high=upper_bound(hits, documents, 0.025),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """A score of models trained on so many documents: the mean of several draws, the lowest and the highest."""

    documents: int
    mean: float
    low: float
    high: float


def learning_curve(
    count: int,
    score: Callable[[NDArray[np.int64]], float],
    *,
    sizes: Sequence[int],
    draws: int = 3,
    seed: int = 0,
) -> tuple[LearningPoint, ...]:
    """Train on random parts of `count` documents; `score` gets a part's rows, trains, and scores on held-out ones.

    Sizes beyond `count` are left out, and a part is within the next larger one of the same draw.
    """
    orders = [np.random.default_rng(seed + draw).permutation(count) for draw in range(draws)]
    points = []
    for size in sorted(size for size in set(sizes) if size <= count):
        scores = [score(np.sort(order[:size])) for order in orders]
        points.append(LearningPoint(size, float(np.mean(scores)), min(scores), max(scores)))
    return tuple(points)
