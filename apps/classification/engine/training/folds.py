"""Which documents are held out together: folds, whole sources, whole types."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from apps.classification.engine.training.examples import ExampleMatrix

FOLDS = 5
# A source with fewer documents says nothing about transfer.
_SMALLEST_SOURCE = 3


def grouped_folds(matrix: ExampleMatrix, *, seed: int = 0) -> list[NDArray[np.int64]]:
    """Return the held-out rows of each fold: labels spread evenly, groups and near-duplicates together."""
    splitter = StratifiedGroupKFold(n_splits=FOLDS, shuffle=True, random_state=seed)
    parts = splitter.split(np.zeros(len(matrix)), matrix.labels, matrix.groups)
    return [np.asarray(held_out, dtype=np.int64) for _, held_out in parts]


def transferable_sources(matrix: ExampleMatrix) -> Iterator[str]:
    """Yield the sources that can be left out because their label has another one."""
    for label in matrix.learnable():
        sources, counts = np.unique(matrix.sources[matrix.labels == label], return_counts=True)
        if len(sources) > 1:
            yield from sources[counts >= _SMALLEST_SOURCE].tolist()


def single_source_labels(matrix: ExampleMatrix) -> frozenset[str]:
    """Return the labels all of whose examples came from one source."""
    return frozenset(
        label for label in matrix.learnable() if len(set(matrix.sources[matrix.labels == label].tolist())) == 1
    )
