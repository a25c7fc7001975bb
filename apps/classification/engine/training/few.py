"""How a head does with few examples of each type, beside a common recipe: counted words and a small neural network."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.neural_network import MLPClassifier

from apps.classification.engine.metrics import macro_f1
from apps.classification.engine.training.examples import ExampleMatrix
from apps.classification.engine.training.fit import fit

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
        head = [_head_score(matrix, chosen, scored) for chosen, scored in draws]
        words = [_counted_words_score(matrix.labels, texts, chosen, scored) for chosen, scored in draws]
        curve.append(FewShot(count, max(types), float(np.mean(head)), float(np.mean(words))))
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


def _head_score(matrix: ExampleMatrix, chosen: NDArray[np.int64], scored: NDArray[np.int64]) -> float:
    model = fit(matrix.take(chosen))
    columns = [matrix.label_order.index(label) for label in model.labels]
    best = model.scores(matrix.take(scored)).logits[:, columns].argmax(axis=1)
    return macro_f1(matrix.labels[scored].tolist(), [model.labels[index] for index in best])


def _counted_words_score(
    labels: NDArray[np.str_], texts: Sequence[str], chosen: NDArray[np.int64], scored: NDArray[np.int64]
) -> float:
    """Score words and pairs of words, each in a hundredth of the documents at least, and one hidden layer."""
    counter = CountVectorizer(ngram_range=(1, 2), min_df=0.01)
    counts = counter.fit_transform([texts[row] for row in chosen])
    network = MLPClassifier(tol=0.01, random_state=0).fit(counts, labels[chosen])
    predicted = network.predict(counter.transform([texts[row] for row in scored]))
    return macro_f1(labels[scored].tolist(), predicted.tolist())
