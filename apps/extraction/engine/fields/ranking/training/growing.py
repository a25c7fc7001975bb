"""Growing trees with scikit-learn and taking them over as plain arrays."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from apps.extraction.engine.fields.ranking.schemas import FIELDS, Schema
from apps.extraction.engine.fields.ranking.training.examples import GENERATED, Example
from apps.extraction.engine.fields.ranking.trees import Forest

# Chosen on generated documents against the labelled ones by unseen groups; the figures move by less than .01 around.
TREES = 60
_LEAVES = 15
_RATE = 0.15
_FEWEST = 20
_SHARE_OF_FEATURES = 0.3
_WEIGHT_OF_REAL = 3.0  # a labelled document counts as much as so many generated ones
_WRONG_KEPT = 25  # wrong candidates of a document that are learned from; they stand for all there are


def grow(examples: Sequence[Example], schema: Schema, *, seed: int = 0) -> dict[str, Forest]:
    """Return trees for every field that has an example of a right candidate."""
    forests = {}
    for key in FIELDS[schema]:
        rows, right, weights = _rows(examples, schema, key)
        if right.any() and not right.all():
            forests[key] = forest_of(_fitted(rows, right, weights, seed))
    return forests


def _rows(
    examples: Sequence[Example], schema: Schema, key: str
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    """Return the candidates of a field. Where none of a labelled document is right, its label helps nobody."""
    kind = FIELDS[schema][key]
    rows, right, weights = [], [], []
    rng = np.random.default_rng(0)
    for example in examples:
        own = example.ranked.get(kind)
        if own is None or not example.is_known(key):
            continue
        flags = example.right(key)
        made = example.document.source == GENERATED
        if made or flags.any():
            wrong = np.flatnonzero(~flags)
            kept = rng.choice(wrong, min(len(wrong), _WRONG_KEPT), replace=False)
            chosen = np.sort(np.concatenate([np.flatnonzero(flags), kept]))
            rows.append(own.matrix[chosen])
            right.append(flags[chosen])
            share = np.where(flags[chosen], 1.0, len(wrong) / max(1, len(kept)))
            weights.append(share * (1.0 if made else _WEIGHT_OF_REAL))
    if not rows:
        return np.zeros((0, 1), dtype=np.float32), np.zeros(0, dtype=np.bool_), np.zeros(0)
    return np.concatenate(rows), np.concatenate(right), np.concatenate(weights)


def _fitted(
    rows: npt.NDArray[np.float32], right: npt.NDArray[np.bool_], weights: npt.NDArray[np.float64], seed: int
) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=_LEAVES,
        learning_rate=_RATE,
        min_samples_leaf=_FEWEST,
        l2_regularization=1.0,
        max_features=_SHARE_OF_FEATURES,
        early_stopping=False,
        random_state=seed,
    )
    with threadpool_limits(1):  # on a busy machine threads that wait for each other take many times as long
        return model.fit(rows, right, sample_weight=weights)


def forest_of(model: HistGradientBoostingClassifier) -> Forest:
    """Return a fitted two-class model's trees, with the same scores as its `decision_function` on float32 rows."""
    trees = [predictor.nodes for (predictor,) in model._predictors]  # noqa: SLF001  (no public way to the trees)
    starts = np.cumsum([0, *(len(nodes) for nodes in trees)])
    nodes: Any = np.concatenate(trees)
    shift = np.repeat(starts[:-1], np.diff(starts))
    leaf = nodes["is_leaf"].astype(bool)
    return Forest(
        feature=np.where(leaf, -1, nodes["feature_idx"].astype(np.int64)).astype(np.int16),
        threshold=_not_above(nodes["num_threshold"]),
        left=np.where(leaf, 0, nodes["left"] + shift).astype(np.uint16),
        right=np.where(leaf, 0, nodes["right"] + shift).astype(np.uint16),
        value=np.where(leaf, nodes["value"], 0).astype(np.float32),
        roots=starts[:-1].astype(np.uint16),
        base=float(np.ravel(model._baseline_prediction)[0]),  # noqa: SLF001  (as above)
    )


def _not_above(thresholds: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Return the largest float32 not above each threshold: rows of float32 then go the same way."""
    near = thresholds.astype(np.float32)
    return np.where(near > thresholds, np.nextafter(near, np.float32(-np.inf)), near)
