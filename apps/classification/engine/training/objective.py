"""The loss of a fit in the span of its documents: evidence with few weights, and learned weights by a kernel."""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, solve_triangular

_JITTER = 1e-6


class Objective:
    """Loss and gradient for the packed parameters (evidence, documents' coordinates, bias).

    With the documents' kernel K = F F' their coordinates C give the learned scores F C, and the penalty of the learned
    weights is that of C. `evidence` (n, labels, kinds), `truth` (n,) columns; evidence's weights begin at 1, and are
    pulled to `centre`.
    """

    def __init__(
        self,
        evidence: NDArray[np.float64],
        kernel: NDArray[np.float64],
        weights: NDArray[np.float64],
        truth: NDArray[np.int64],
        *,
        evidence_penalty: float,
        bias_penalty: float,
        centre: float = 0.0,
    ) -> None:
        documents, labels, kinds = evidence.shape
        kernel[np.diag_indices(documents)] += _JITTER * kernel.trace() / documents
        self._factor = cholesky(kernel, lower=True)
        self._features = self._factor.astype(np.float32)
        self._evidence = evidence.astype(np.float32)
        self._weights = weights.astype(np.float32)
        self._rows, self._columns = np.arange(documents), truth
        self._shapes = [(kinds,), (documents, labels), (labels,)]
        sizes = [int(np.prod(shape)) for shape in self._shapes]
        self._cuts = np.cumsum(sizes)[:-1]
        self._penalty = np.repeat([evidence_penalty, 1.0, bias_penalty], sizes)
        self._centre = np.repeat([centre, 0.0, 0.0], sizes)

    @property
    def truth(self) -> NDArray[np.float64]:
        """Return the true labels, one-hot."""
        return np.eye(self._shapes[1][1])[self._columns]

    def start(self) -> NDArray[np.float64]:
        """Begin with the evidence as it is and nothing learned."""
        parameters = np.zeros(len(self._penalty))
        parameters[: self._shapes[0][0]] = 1
        return parameters

    def solution(self, parameters: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        """Return the evidence's weights, the documents' shares in the learned weights, and the bias."""
        evidence, coordinates, bias = self._unpack(parameters)
        return [evidence, np.asarray(solve_triangular(self._factor, coordinates, lower=True, trans="T")), bias]

    def _unpack(self, parameters: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        parts = np.split(parameters, self._cuts)
        return [part.reshape(shape) for part, shape in zip(parts, self._shapes, strict=True)]

    def __call__(self, parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Return loss and gradient."""
        evidence, coordinates, bias = (part.astype(np.float32) for part in self._unpack(parameters))
        scores = self._evidence @ evidence + self._features @ coordinates + bias
        scores -= scores.max(axis=1, keepdims=True)
        residuals = np.exp(scores)
        residuals /= residuals.sum(axis=1, keepdims=True)
        right = residuals[self._rows, self._columns]
        loss = -float(self._weights @ np.log(right + 1e-12))
        residuals[self._rows, self._columns] -= 1
        residuals *= self._weights[:, None]
        gradient = np.concatenate(
            [
                np.einsum("nl,nlk->k", residuals, self._evidence),
                (self._features.T @ residuals).ravel(),
                residuals.sum(axis=0),
            ]
        ).astype(np.float64)
        away = parameters - self._centre
        loss += 0.5 * float((self._penalty * away) @ away)
        return loss, gradient + self._penalty * away
