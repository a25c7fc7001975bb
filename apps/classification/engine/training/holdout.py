"""Scores on documents the model did not see: folds, sources and types left out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.novelty import Scores
from apps.classification.engine.training.examples import ExampleMatrix, SentenceMatrix
from apps.classification.engine.training.fit import FittedModel, fit
from apps.classification.engine.training.folds import grouped_folds, transferable_sources


@dataclass(frozen=True, slots=True)
class HeldOutType:
    """One label without examples: scores of its documents and of unseen documents of the other labels.

    Columns follow the matrix's `label_order`; the label's own column holds its evidence, as for any label known by
    its description only. `said_of_type` and `said_of_others` are the same where it is known by a sentence only.
    """

    label: str
    of_type: Scores
    of_others: Scores
    others_truth: NDArray[np.str_]
    said_of_type: Scores
    said_of_others: Scores


def out_of_fold_scores(matrix: ExampleMatrix, *, seed: int = 0) -> Scores:
    """Return every document's scores from the model that did not see its fold, shape (n, labels)."""
    shape = len(matrix), len(matrix.label_order)
    scores = Scores(np.zeros(shape), np.zeros(shape), np.zeros(shape))
    for held_out in grouped_folds(matrix, seed=seed):
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


def left_out_types(matrix: ExampleMatrix, sentences: SentenceMatrix) -> list[HeldOutType]:
    """Leave each learned label out in turn, and with it one fold of the other labels' documents."""
    folds = grouped_folds(matrix)
    results = []
    for number, label in enumerate(matrix.learnable()):
        of_type = matrix.labels == label
        in_fold = np.zeros(len(matrix), dtype=bool)
        in_fold[folds[number % len(folds)]] = True
        model = fit(matrix.take(~of_type & ~in_fold))
        others = in_fold & ~of_type
        column = matrix.label_order.index(label)
        own, rest = (model.scores(matrix.take(rows)) for rows in (of_type, others))
        said_of_type, said_of_others = (
            _by_sentence(part, sentences.evidence(rows, model.inverse_frequencies)[:, column], model, column)
            for part, rows in ((own, of_type), (rest, others))
        )
        results.append(HeldOutType(label, own, rest, matrix.labels[others], said_of_type, said_of_others))
    return results


def _by_sentence(scores: Scores, evidence: NDArray[np.float64], model: FittedModel, column: int) -> Scores:
    """Return the scores with one label's replaced by what its sentence gives."""
    logits, titles = scores.logits.copy(), scores.titles.copy()
    logits[:, column] = evidence @ model.evidence
    titles[:, column] = evidence[:, 1]
    return scores._replace(logits=logits, titles=titles)


def _without(matrix: ExampleMatrix, rows: NDArray[np.int64]) -> ExampleMatrix:
    kept = np.ones(len(matrix), dtype=bool)
    kept[rows] = False
    return matrix.take(kept)
