"""Boosted trees as plain arrays: their scores in NumPy, without the library that grew them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
_PARTS = ("feature", "threshold", "left", "right", "value", "roots")
_LEAF = -1


@dataclass(frozen=True)
class Forest:
    """Trees for one field. All nodes lie one after another; `left` and `right` are places among them.

    A row goes left where its feature is at most the threshold. Leaves have the feature -1. A row's score is `base`
    and the values of its leaves added up: the logarithm of the odds.
    """

    feature: npt.NDArray[np.int16]
    threshold: Floats
    left: npt.NDArray[np.uint16]
    right: npt.NDArray[np.uint16]
    value: Floats
    roots: npt.NDArray[np.uint16]
    base: float

    def scores(self, matrix: Floats) -> npt.NDArray[np.float64]:
        """Return the score of every row; all trees are walked at once, a step deeper each time."""
        at = np.broadcast_to(self.roots.astype(np.intp), (len(matrix), len(self.roots))).copy()
        feature = self.feature.astype(np.intp)
        rows = np.arange(len(matrix))[:, None]
        while True:
            asked = feature[at]
            inner = asked != _LEAF
            if not inner.any():
                break
            goes_left = matrix[rows, np.maximum(asked, 0)] <= self.threshold[at]
            at = np.where(inner, np.where(goes_left, self.left[at], self.right[at]), at)
        scores: npt.NDArray[np.float64] = self.value[at].sum(axis=1, dtype=np.float64) + self.base
        return scores

    def tensors(self, prefix: str) -> dict[str, npt.NDArray[np.generic]]:
        """Return the arrays by name, `base` among them."""
        arrays: dict[str, npt.NDArray[np.generic]] = {f"{prefix}.{part}": getattr(self, part) for part in _PARTS}
        return {**arrays, f"{prefix}.base": np.array([self.base], dtype=np.float64)}

    @classmethod
    def of_tensors(cls, tensors: Mapping[str, npt.NDArray[np.generic]], prefix: str) -> "Forest":
        """Return the trees that `tensors` gave; raises KeyError where something is missing."""
        parts: dict[str, Any] = {part: tensors[f"{prefix}.{part}"] for part in _PARTS}
        return cls(**parts, base=float(tensors[f"{prefix}.base"].item()))
