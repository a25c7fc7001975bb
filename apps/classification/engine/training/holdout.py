"""Scores on documents the model did not see: folds, sources and types left out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.novelty import Scores
from apps.classification.engine.training.examples import ExampleMatrix
from apps.classification.engine.training.fit import fit
from apps.classification.engine.training.folds import grouped_folds, transferable_sources


@dataclass(frozen=True, slots=True)
class HeldOutType:
    """One label without examples: scores of its documents and of unseen documents of the other labels.

    Columns follow the matrix's `label_order`; the label's own column holds its evidence, as for any label known by
    its description only.
    """

    label: str
    of_type: Scores
    of_others: Scores
    others_truth: NDArray[np.str_]


def out_of_fold_scores(matrix: ExampleMatrix) -> Scores:
    """Return every document's scores from the model that did not see its fold, shape (n, labels)."""
    shape = len(matrix), len(matrix.label_order)
    scores = Scores(np.zeros(shape), np.zeros(shape), np.zeros(shape))
    for held_out in grouped_folds(matrix):
        found = fit(_without(matrix, held_out)).scores(matrix.take(held_out))
        for whole, part in zip(scores, found, strict=True):
            whole[held_out] = part
    return scores


def left_out_source_scores(matrix: ExampleMatrix) -> dict[str, Scores]:
    """Return, for each source whose label has another one, its documents' scores from a model without the source."""
    return {
        source: fit(matrix.take(matrix.sources != source)).scores(matrix.take(matrix.sources == source))
        for source in transferable_sources(matrix)
    }


def left_out_types(matrix: ExampleMatrix) -> list[HeldOutType]:
    """Leave each learned label out in turn, and with it one fold of the other labels' documents."""
    folds = grouped_folds(matrix)
    results = []
    for number, label in enumerate(matrix.learnable()):
        of_type = matrix.labels == label
        in_fold = np.zeros(len(matrix), dtype=bool)
        in_fold[folds[number % len(folds)]] = True
        model = fit(matrix.take(~of_type & ~in_fold))
        others = matrix.take(in_fold & ~of_type)
        results.append(HeldOutType(label, model.scores(matrix.take(of_type)), model.scores(others), others.labels))
    return results


def _without(matrix: ExampleMatrix, rows: NDArray[np.int64]) -> ExampleMatrix:
    kept = np.ones(len(matrix), dtype=bool)
    kept[rows] = False
    return matrix.take(kept)
