"""A workspace's own head: what the base head knows, corrected by the documents whose type people confirmed.

The base head's scores stay and get one common weight; what they miss is learned from vectors and words, in the span of
at most `MOST` documents, alike many of each label and the newest first, so that a refit takes about a second however
many there are and what was just said is always heard.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from apps.classification.engine.correction import Correction
from apps.classification.engine.head import softmax
from apps.classification.engine.metrics import expected_calibration_error
from apps.classification.engine.training.examples import unit_rows
from apps.classification.engine.training.fit import Penalties, ridge
from apps.classification.engine.training.objective import Objective

MOST = 1200
# A confidence needs outcomes: fewer held-out documents of a label leave it without one.
FEWEST_OUTCOMES = 20
_FOLDS = 3
_ITERATIONS = 25
_VECTORS, _WORDS, _BIAS = 1e-4, 3e-4, 1e-2
# The base head's scores keep their weight unless there is much that speaks against it.
_BASE = 1.0
# As many documents as count for a temperature of 1.
_PRIOR_DOCUMENTS = 20


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Documents with a type that a person confirmed, oldest first; L labels, those of the base head first.

    `base` are the base head's scores over its temperature. Documents of one `group` (a sender, a template) are never
    on both sides of a fold.
    """

    base: NDArray[np.float32]  # (n, L)
    vectors: NDArray[np.float32]  # (n, D)
    words: csr_matrix  # (n, B), 1 + log(count)
    labels: NDArray[np.int64]  # (n,), columns of `base`
    groups: NDArray[np.int64]  # (n,)


def refit(confirmed: Confirmed, inverse_frequencies: NDArray[np.float64]) -> Correction:
    """Fit the correction to all documents chosen, and its temperature to those that folds held out."""
    # The matrices are small: BLAS threads only wait for each other (measured on a busy machine: 14.7 s against .7 s).
    with threadpool_limits(limits=1):
        return _refit(confirmed, inverse_frequencies)


def _refit(confirmed: Confirmed, inverse_frequencies: NDArray[np.float64]) -> Correction:
    rows = chosen(confirmed.labels)
    base, labels = confirmed.base[rows], confirmed.labels[rows]
    vectors = confirmed.vectors[rows].astype(np.float32)
    words = unit_rows(csr_matrix(confirmed.words[rows]), inverse_frequencies)
    kernel = (vectors @ vectors.T).astype(np.float64) / _VECTORS + (words @ words.T).toarray() / _WORDS
    scale, shares, bias = _solve(base, kernel, labels, kernel_rows=np.arange(len(rows)))
    like = _likeness(vectors, words, labels, base.shape[1])
    held_out, scored = _out_of_fold(base, kernel, labels, confirmed.groups[rows])
    temperature = _temperature(held_out[scored], labels[scored])
    counts = np.bincount(labels[scored], minlength=base.shape[1])
    return Correction(
        scale=scale,
        vectors=(vectors.T @ shares / _VECTORS).astype(np.float32),
        words=np.asarray(csr_matrix(words.T) @ shares / _WORDS, dtype=np.float32),
        bias=bias.astype(np.float32),
        like_vectors=(vectors.T @ like).astype(np.float32),
        like_words=np.asarray(csr_matrix(words.T) @ like, dtype=np.float32),
        temperature=temperature,
        fitted=counts >= FEWEST_OUTCOMES,
        metrics=_metrics(held_out[scored], base[scored], labels[scored], temperature) | {"confirmed": len(rows)},
    )


def _likeness(
    vectors: NDArray[np.float32], words: csr_matrix, labels: NDArray[np.int64], count: int
) -> NDArray[np.float64]:
    """Return the documents' shares (n, L) in the likeness to each label's, as the base head learns its own."""
    kernel = (vectors @ vectors.T).astype(np.float64) + (words @ words.T).toarray()
    return ridge(kernel, np.eye(count)[labels], _weights(labels), Penalties().likeness)


def _weights(labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Weigh labels equally; the sum is 1."""
    counts = np.bincount(labels)
    return np.asarray(1 / counts[labels] / (counts > 0).sum(), dtype=np.float64)


def chosen(labels: NDArray[np.int64], *, most: int = MOST) -> NDArray[np.int64]:
    """Return the rows to fit to, in order: of each label the newest, as many as of any other while there are."""
    ranks = np.zeros(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        ranks[rows] = np.arange(len(rows))[::-1]
    newest_of_each = np.lexsort((-np.arange(len(labels)), ranks))
    return np.sort(newest_of_each[:most])


def _solve(
    base: NDArray[np.float32],
    kernel: NDArray[np.float64],
    labels: NDArray[np.int64],
    *,
    kernel_rows: NDArray[np.int64],
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Return the weight of the base scores, the documents' shares (rows, L) in the correction, and its bias (L,)."""
    truth = labels[kernel_rows]
    objective = Objective(
        base[kernel_rows][:, :, None].astype(np.float64),
        kernel[np.ix_(kernel_rows, kernel_rows)],
        _weights(truth),
        truth,
        evidence_penalty=_BASE,
        bias_penalty=_BIAS,
        centre=1.0,
    )
    found = minimize(objective, objective.start(), jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS})
    scale, shares, bias = objective.solution(found.x)
    return float(scale[0]), shares, bias


def _out_of_fold(
    base: NDArray[np.float32], kernel: NDArray[np.float64], labels: NDArray[np.int64], groups: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return scores of documents from fits that did not see their group, and which documents have them."""
    folds = np.unique(groups, return_inverse=True)[1] % _FOLDS
    scores, scored = np.zeros(base.shape), np.zeros(len(labels), dtype=bool)
    for fold in range(_FOLDS):
        inside, outside = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        if not len(inside) or not len(outside):
            continue
        scale, shares, bias = _solve(base, kernel, labels, kernel_rows=outside)
        scores[inside] = scale * base[inside] + kernel[np.ix_(inside, outside)] @ shares + bias
        scored[inside] = True
    return scores, scored


def _temperature(scores: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Minimise the log loss; few documents move it little from 1."""

    def loss(log_temperature: float) -> float:
        right = softmax(scores / np.exp(log_temperature))[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(right, 1e-12)).sum() + _PRIOR_DOCUMENTS * log_temperature**2 / 2)

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x))


def _metrics(
    scores: NDArray[np.float64], base: NDArray[np.float32], labels: NDArray[np.int64], temperature: float
) -> dict[str, Any]:
    """Return what held-out documents say, beside the base head on the same ones."""
    if not len(labels):
        return {"held_out": 0}
    right = scores.argmax(axis=1) == labels
    confidence = softmax(scores / temperature).max(axis=1)
    return {
        "held_out": len(labels),
        "accuracy": round(float(right.mean()), 4),
        "accuracy_of_base": round(float((base.argmax(axis=1) == labels).mean()), 4),
        "calibration_error": round(expected_calibration_error(confidence, right), 4),
    }
