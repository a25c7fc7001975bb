"""The fit: one convex model in which evidence shared by all labels explains first and learned weights the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from apps.classification.engine.head import softmax
from apps.classification.engine.training.examples import ExampleMatrix, inverse_frequencies, unit_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalties:
    """L2 penalties. The evidence's is next to nothing, so that what transfers to new sources is preferred."""

    vectors: float = 3e-5
    words: float = 1e-4
    bias: float = 1e-3
    evidence: float = 1e-4


@dataclass(frozen=True, slots=True)
class FittedModel:
    """Weights fitted to some examples; `labels` are the learned ones."""

    labels: tuple[str, ...]
    evidence: NDArray[np.float64]
    vectors: NDArray[np.float64]
    words: NDArray[np.float64]
    bias: NDArray[np.float64]
    inverse_frequencies: NDArray[np.float64]

    def logits(self, matrix: ExampleMatrix) -> NDArray[np.float64]:
        """Return scores of all labels of the matrix's `label_order`; unlearned ones have their evidence only."""
        scores = np.asarray(matrix.evidence @ self.evidence, dtype=np.float64)
        columns = [matrix.label_order.index(label) for label in self.labels]
        unit_words = unit_rows(matrix.words, self.inverse_frequencies)
        scores[:, columns] += matrix.vectors @ self.vectors + unit_words @ self.words + self.bias
        return scores


def fit(matrix: ExampleMatrix, *, penalties: Penalties | None = None, iterations: int = 150) -> FittedModel:
    """Fit the model by L-BFGS on the weighted log loss of the learned labels."""
    labels = matrix.learnable()
    frequencies = inverse_frequencies(matrix.words)
    objective = _Objective(matrix, labels, unit_rows(matrix.words, frequencies), penalties or Penalties())
    found = minimize(objective, objective.start(), jac=True, method="L-BFGS-B", options={"maxiter": iterations})
    evidence, vectors, words, bias = objective.unpack(found.x)
    return FittedModel(labels, evidence, vectors, words, bias, frequencies)


def example_weights(matrix: ExampleMatrix, labels: Sequence[str]) -> NDArray[np.float64]:
    """Weigh labels equally and, within a label, sources by the square root of their size; the sum is 1."""
    weights = np.zeros(len(matrix))
    for label in labels:
        sources, counts = np.unique(matrix.sources[matrix.labels == label], return_counts=True)
        shares = np.sqrt(counts) / np.sqrt(counts).sum()
        for source, count, share in zip(sources, counts, shares, strict=True):
            weights[matrix.sources == source] = share / count / len(labels)
    return weights


class _Objective:
    """Loss and gradient for the packed parameters (evidence, vectors, words, bias)."""

    def __init__(
        self, matrix: ExampleMatrix, labels: tuple[str, ...], unit_words: csr_matrix, penalties: Penalties
    ) -> None:
        self._evidence = matrix.evidence[:, [matrix.label_order.index(label) for label in labels]]
        self._vectors = matrix.vectors
        self._words = unit_words
        self._words_transposed = csr_matrix(unit_words.T)
        self._weights = example_weights(matrix, labels)
        self._truth = np.array([labels.index(label) for label in matrix.labels.tolist()])
        count = len(labels)
        self._shapes = [
            (self._evidence.shape[2],),
            (matrix.vectors.shape[1], count),
            (unit_words.shape[1], count),
            (count,),
        ]
        sizes = [int(np.prod(shape)) for shape in self._shapes]
        self._cuts = np.cumsum(sizes)[:-1]
        strengths = [penalties.evidence, penalties.vectors, penalties.words, penalties.bias]
        self._penalty = np.repeat(strengths, sizes)

    def start(self) -> NDArray[np.float64]:
        """Begin with the evidence as it is and nothing learned."""
        parameters = np.zeros(len(self._penalty))
        parameters[: self._shapes[0][0]] = 1
        return parameters

    def unpack(self, parameters: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        """Return evidence, vectors, words and bias."""
        parts = np.split(parameters, self._cuts)
        return [part.reshape(shape) for part, shape in zip(parts, self._shapes, strict=True)]

    def __call__(self, parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        evidence, vectors, words, bias = self.unpack(parameters)
        scores = self._evidence @ evidence + self._vectors @ vectors + self._words @ words + bias
        probabilities = softmax(scores)
        rows = np.arange(len(self._truth))
        loss = -(self._weights * np.log(probabilities[rows, self._truth] + 1e-12)).sum()
        probabilities[rows, self._truth] -= 1
        residuals = self._weights[:, None] * probabilities
        gradient = np.concatenate(
            [
                np.einsum("nl,nlk->k", residuals, self._evidence),
                (self._vectors.T @ residuals).ravel(),
                (self._words_transposed @ residuals).ravel(),
                residuals.sum(axis=0),
            ]
        )
        loss += 0.5 * (self._penalty * parameters) @ parameters
        return float(loss), gradient + self._penalty * parameters
