"""Heads of a workspace's tags: one for each, all on the features that a document's type is told by."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.features import FeatureMatrix
from apps.classification.engine.training.examples import unit_rows

MOST_SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class TagHeads:
    """What was learned of T tags, named by their ids; a tag is proposed from its threshold on.

    A threshold is infinite where held-out documents allow none. Probabilities are sigmoid(slope * score + intercept) of
    tags that are `fitted`; nothing was fitted to the outcomes of the others.
    """

    tags: tuple[str, ...]
    vectors: NDArray[np.float32]  # (D, T)
    words: NDArray[np.float32]  # (B, T)
    bias: NDArray[np.float32]  # (T,)
    thresholds: NDArray[np.float32]  # (T,)
    slopes: NDArray[np.float32]  # (T,)
    intercepts: NDArray[np.float32]  # (T,)
    fitted: NDArray[np.bool_]  # (T,)

    def scores(self, documents: FeatureMatrix, inverse_frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the score of every tag for every document, shape (n, T)."""
        words = unit_rows(documents.words, inverse_frequencies)
        return np.asarray(documents.vectors @ self.vectors + words @ self.words + self.bias, dtype=np.float64)

    def probabilities(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probabilities of scores (n, T); not a number for tags that nothing was fitted to."""
        shares = sigmoid(self.slopes * scores + self.intercepts)
        return np.where(self.fitted, shares, np.nan)


@dataclass(frozen=True, slots=True)
class ProposedTag:
    """A tag that a document may want: its id, how far its score lies above the threshold, and its probability."""

    tag: str
    lead: float
    probability: float | None


def proposed(
    heads: TagHeads, documents: FeatureMatrix, inverse_frequencies: NDArray[np.float64]
) -> list[tuple[ProposedTag, ...]]:
    """Return the tags that each document may want, all that reach their thresholds, the likeliest first.

    Those without a probability come last. A document without text gets none.
    """
    scores = heads.scores(documents, inverse_frequencies)
    leads, shares = scores - heads.thresholds, heads.probabilities(scores)
    found: list[list[ProposedTag]] = [[] for _ in range(len(scores))]
    for row, place in np.argwhere((leads >= 0) & documents.has_text[:, None]).tolist():
        share = float(shares[row, place])
        probability = share if heads.fitted[place] else None
        found[row].append(ProposedTag(heads.tags[place], float(leads[row, place]), probability))
    return [_sorted(each) for each in found]


def _sorted(tags: Sequence[ProposedTag]) -> tuple[ProposedTag, ...]:
    return tuple(sorted(tags, key=lambda tag: (-(tag.probability or 0.0), -tag.lead, tag.tag)))


def sigmoid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 / (1 + exp(-values)), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * values)), dtype=np.float64)
