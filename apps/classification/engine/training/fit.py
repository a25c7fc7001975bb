"""The fit: evidence shared by all labels explains first, learned weights the rest, likeness to examples a little more.

Both parts are computed in the span of the documents (B. Schoelkopf, R. Herbrich, A. Smola: A generalized representer
theorem, 2001): their cost does not depend on the number of words, and the weights follow from the documents' shares.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from apps.classification.engine.novelty import Scores
from apps.classification.engine.training.examples import ExampleMatrix, inverse_frequencies, unit_rows
from apps.classification.engine.training.objective import Objective

# How much the likeness to examples adds to the scores. With the evidence pulled to 0, at 1, 2, 3: out of fold macro-F1
# .973, .977, .977, within PDF files .954, .958, .958; accuracy on sources never seen .906, .904, .897.
LIKENESS_SHARE = 2.0
# Evidence that no example shows, such as names in titles, keeps this weight: types known by name live on it.
_EVIDENCE_WEIGHT = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalties:
    """L2 penalties.

    The evidence's decides between folds and sources never seen: at 1e-3, 3e-3, 1e-2 macro-F1 is .970, .974, .974, and
    the accuracy on sources left out .906, .902, .894; that of vectors then gave .906. `likeness` is that of the squared
    loss of one label against the rest.
    """

    vectors: float = 3e-4
    firsts: float = 1e-4
    words: float = 1e-5
    bias: float = 1e-3
    evidence: float = 3e-3
    likeness: float = 0.3


@dataclass(frozen=True, slots=True)
class FittedModel:
    """Weights fitted to some examples; `labels` are the learned ones, shapes as in `HeadWeights`."""

    labels: tuple[str, ...]
    name_weights: NDArray[np.float32]
    evidence: NDArray[np.float64]
    vectors: NDArray[np.float64]
    firsts: NDArray[np.float64]
    words: NDArray[np.float64]
    bias: NDArray[np.float64]
    like_vectors: NDArray[np.float64]
    like_words: NDArray[np.float64]
    inverse_frequencies: NDArray[np.float64]

    def scores(self, matrix: ExampleMatrix) -> Scores:
        """Return scores of all labels of the matrix's `label_order`; unlearned ones have their evidence only."""
        evidence = matrix.evidence(self.name_weights)
        logits = np.asarray(evidence @ self.evidence, dtype=np.float64)
        columns = [matrix.label_order.index(label) for label in self.labels]
        unit_words = unit_rows(matrix.words, self.inverse_frequencies)
        likeness = np.zeros_like(logits)
        likeness[:, columns] = matrix.vectors @ self.like_vectors + unit_words @ self.like_words
        logits[:, columns] += matrix.vectors @ self.vectors + matrix.firsts @ self.firsts + unit_words @ self.words
        logits[:, columns] += self.bias + LIKENESS_SHARE * likeness[:, columns]
        return Scores(logits, likeness, evidence[..., 1])


def fit(matrix: ExampleMatrix, *, penalties: Penalties | None = None, iterations: int = 100) -> FittedModel:
    """Fit the model: L-BFGS on the weighted log loss of the learned labels, and one ridge regression for each."""
    penalties = penalties or Penalties()
    labels = matrix.learnable()
    frequencies = inverse_frequencies(matrix.words)
    unit_words = unit_rows(matrix.words, frequencies)
    weights = example_weights(matrix, labels)
    by_words = (unit_words @ unit_words.T).toarray()
    by_vectors = matrix.vectors @ matrix.vectors.T
    kernel = by_vectors / penalties.vectors + by_words / penalties.words
    kernel += matrix.firsts @ matrix.firsts.T / penalties.firsts
    name_weights = matrix.name_weights()
    columns = [matrix.label_order.index(label) for label in labels]
    objective = Objective(
        matrix.evidence(name_weights)[:, columns],
        kernel,
        weights,
        np.array([labels.index(label) for label in matrix.labels.tolist()]),
        evidence_penalty=penalties.evidence,
        bias_penalty=penalties.bias,
        centre=_EVIDENCE_WEIGHT,
    )
    found = minimize(objective, objective.start(), jac=True, method="L-BFGS-B", options={"maxiter": iterations})
    evidence, shares, bias = objective.solution(found.x)
    like = ridge(by_vectors + by_words, objective.truth, weights, penalties.likeness)
    return FittedModel(
        labels=labels,
        name_weights=name_weights,
        evidence=evidence,
        vectors=matrix.vectors.T @ shares / penalties.vectors,
        firsts=matrix.firsts.T @ shares / penalties.firsts,
        words=np.asarray(csr_matrix(unit_words.T) @ shares) / penalties.words,
        bias=bias,
        like_vectors=matrix.vectors.T @ like,
        like_words=np.asarray(csr_matrix(unit_words.T) @ like),
        inverse_frequencies=frequencies,
    )


def example_weights(matrix: ExampleMatrix, labels: Sequence[str]) -> NDArray[np.float64]:
    """Weigh labels equally and, within a label, sources by the square root of their size; the sum is 1."""
    weights = np.zeros(len(matrix))
    for label in labels:
        sources, counts = np.unique(matrix.sources[matrix.labels == label], return_counts=True)
        shares = np.sqrt(counts) / np.sqrt(counts).sum()
        for source, count, share in zip(sources, counts, shares, strict=True):
            weights[matrix.sources == source] = share / count / len(labels)
    return weights


def ridge(
    kernel: NDArray[np.float64], truth: NDArray[np.float64], weights: NDArray[np.float64], penalty: float
) -> NDArray[np.float64]:
    """Return the documents' shares (n, labels) in the weighted ridge regressions of each label against the rest."""
    softened = kernel + np.diag(penalty * weights.mean() / weights)
    return np.asarray(solve(softened, truth, assume_a="pos"), dtype=np.float64)
