"""The loss of all tags' heads at once, in the span of their documents."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import minimize

_JITTER = 1e-6
_BIAS = 1e-2


class TagObjective:
    """Weighted logistic losses of T tags, each against its rest, and their gradient.

    With the documents' kernel K = F F' the scores are F C + b; the penalty is that of C, and a small one of b.
    `truth` (n, T) is 1 for yes and -1 for no, `weights` (n, T) sum to 1 in every column, 0 where nobody knows.
    """

    def __init__(self, kernel: NDArray[np.float64], truth: NDArray[np.float32], weights: NDArray[np.float32]) -> None:
        softened = kernel + np.eye(len(kernel)) * (_JITTER * kernel.trace() / len(kernel))
        self._factor = cholesky(softened, lower=True)
        self._features = self._factor.astype(np.float32)
        self._truth, self._weights = truth, weights

    def __call__(self, parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Return loss and gradient for the packed parameters (C, then b)."""
        coordinates, bias = self._unpacked(parameters.astype(np.float32))
        margins = self._truth * (self._features @ coordinates + bias)
        loss = float((self._weights * np.logaddexp(0, -margins)).sum())
        slopes = -self._weights * self._truth * (0.5 - 0.5 * np.tanh(0.5 * margins))
        gradient = np.concatenate([(self._features.T @ slopes).ravel(), slopes.sum(axis=0)]).astype(np.float64)
        penalties = np.ones(len(parameters))
        penalties[coordinates.size :] = _BIAS
        return loss + 0.5 * float((penalties * parameters) @ parameters), gradient + penalties * parameters

    def solve(self, *, iterations: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Minimise; returns the documents' shares (n, T) in the learned weights, and the bias (T,)."""
        start = np.zeros((len(self._truth) + 1) * self._truth.shape[1])
        found = minimize(self, start, jac=True, method="L-BFGS-B", options={"maxiter": iterations})
        coordinates, bias = self._unpacked(found.x)
        return np.asarray(solve_triangular(self._factor, coordinates, lower=True, trans="T")), bias

    def _unpacked(self, parameters: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        documents, tags = self._truth.shape
        return parameters[: documents * tags].reshape(documents, tags), parameters[documents * tags :]
