"""How a head does with few examples of each type, beside two common recipes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.metrics import macro_f1
from apps.classification.engine.training.examples import ExampleMatrix
from apps.classification.engine.training.fit import fit
from apps.classification.engine.training.recipes import by_counted_words, by_three_models

SHOTS = (1, 5, 10, 20)
DRAWS = 3
# Beside its examples a type needs some documents to be scored on.
_FEWEST_SCORED = 5


@dataclass(frozen=True, slots=True)
class FewShot:
    """Mean macro-F1 of several draws of `shots` examples a type, over `types` types with enough documents."""

    shots: int
    types: int
    head: float
    three_models: float
    counted_words: float


def few_shot_curve(matrix: ExampleMatrix, texts: Sequence[str], *, shots: Sequence[int] = SHOTS) -> list[FewShot]:
    """Return the curve; shots for which fewer than two types have enough documents are left out.

    No group or near-duplicate is among examples and scored documents at once. The head answers among the types drawn.
    """
    curve = []
    for count in shots:
        draws = [_drawn(matrix, count, np.random.default_rng(seed)) for seed in range(DRAWS)]
        types = {len(np.unique(matrix.labels[chosen])) for chosen, _ in draws}
        if min(types) < 2:
            continue
        scores = np.mean([_scores(matrix, texts, chosen, scored) for chosen, scored in draws], axis=0)
        curve.append(FewShot(count, max(types), *scores.tolist()))
    return curve


def _drawn(
    matrix: ExampleMatrix, count: int, generator: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw `count` examples of each type that has enough groups, and the documents that may be scored."""
    chosen: list[int] = []
    kinds: list[str] = []
    for label in matrix.learnable():
        rows = generator.permutation(np.flatnonzero(matrix.labels == label))
        _, places = np.unique(matrix.groups[rows], return_index=True)
        examples = rows[np.sort(places)][:count]
        scored = ~np.isin(matrix.groups[rows], matrix.groups[examples])
        if len(examples) == count and scored.sum() >= _FEWEST_SCORED:
            chosen += examples.tolist()
            kinds.append(label)
    may_be_scored = np.isin(matrix.labels, kinds) & ~np.isin(matrix.groups, matrix.groups[chosen])
    return np.array(chosen, dtype=np.int64), np.flatnonzero(may_be_scored)


def _scores(
    matrix: ExampleMatrix, texts: Sequence[str], chosen: NDArray[np.int64], scored: NDArray[np.int64]
) -> list[float]:
    """Return macro-F1 of the head, of three models together, and of counted words."""
    labels, vectors = matrix.labels[chosen], matrix.vectors
    known, asked = [texts[row] for row in chosen], [texts[row] for row in scored]
    answers = (
        _by_head(matrix, chosen, scored),
        by_three_models(known, vectors[chosen], labels, asked, vectors[scored]),
        by_counted_words(known, labels, asked),
    )
    return [macro_f1(matrix.labels[scored].tolist(), predicted.tolist()) for predicted in answers]


def _by_head(matrix: ExampleMatrix, chosen: NDArray[np.int64], scored: NDArray[np.int64]) -> NDArray[np.str_]:
    model = fit(matrix.take(chosen))
    columns = [matrix.label_order.index(label) for label in model.labels]
    best = model.scores(matrix.take(scored)).logits[:, columns].argmax(axis=1)
    return np.asarray(np.array(model.labels)[best])
