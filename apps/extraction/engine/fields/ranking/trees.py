"""Boosted trees as plain arrays: their scores in NumPy, without the library that grew them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
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
        flat = np.ascontiguousarray(matrix).ravel()
        begins = np.arange(len(matrix))[:, None] * matrix.shape[1]
        feature, behind = self._steps
        at = np.broadcast_to(self.roots.astype(np.intp), (len(matrix), len(self.roots)))
        while True:
            goes_left = flat.take(begins + feature.take(at)) <= self.threshold.take(at)
            deeper = behind.take(2 * at + goes_left)
            if np.array_equal(at, deeper):
                break
            at = deeper
        scores: npt.NDArray[np.float64] = self.value[at].sum(axis=1, dtype=np.float64) + self.base
        return scores

    @cached_property
    def _steps(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Return what each node asks, and the nodes behind it, right and left in turn; a leaf leads to itself."""
        is_leaf = self.feature == _LEAF
        nodes = np.arange(len(self.feature))
        behind = np.stack([np.where(is_leaf, nodes, self.right), np.where(is_leaf, nodes, self.left)], axis=1)
        return np.where(is_leaf, 0, self.feature).astype(np.intp), behind.astype(np.intp).ravel()

    def tensors(self, prefix: str) -> dict[str, npt.NDArray[np.generic]]:
        """Return the arrays by name, `base` among them."""
        arrays: dict[str, npt.NDArray[np.generic]] = {f"{prefix}.{part}": getattr(self, part) for part in _PARTS}
        return {**arrays, f"{prefix}.base": np.array([self.base], dtype=np.float64)}

    @classmethod
    def of_tensors(cls, tensors: Mapping[str, npt.NDArray[np.generic]], prefix: str) -> "Forest":
        """Return the trees that `tensors` gave; raises KeyError where something is missing."""
        parts: dict[str, Any] = {part: tensors[f"{prefix}.{part}"] for part in _PARTS}
        return cls(**parts, base=float(tensors[f"{prefix}.base"].item()))
