"""How good a workspace's head is, told by documents that the scored fit had not seen; the keys are those of a card."""

from dataclasses import asdict, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from apps.classification.engine.correction import WorkspaceHead
from apps.classification.engine.features import FeatureMatrix
from apps.classification.engine.head import TypeHead
from apps.classification.engine.metrics import (
    auroc,
    coverage_at_precision,
    expected_calibration_error,
    label_scores,
    macro_f1,
)
from apps.classification.engine.reports import LearningPoint, confusion, learning_curve, reliability
from apps.classification.engine.rescoring import predict_many
from apps.classification.engine.training.refit import Confirmed, refit

FEWEST: Final = 10  # documents, below which figures would say nothing
_FOLDS: Final = 3
_PRECISIONS: Final = (95, 98, 99)
_HALVINGS: Final = 5  # steps of the learning curve below all documents: all five cost about as much as one fit to all
_DRAWS: Final = 2


def refit_figures(
    base: TypeHead, documents: FeatureMatrix, confirmed: Confirmed, inverse_frequencies: NDArray[np.float64]
) -> dict[str, Any]:
    """Fit to two thirds of the groups at a time and score the rest; empty with too few documents or groups.

    A document without a confidence (by description only, or `other`) counts for labels and not for the calibration;
    coverage is a share of all documents.
    """
    folds = _folds(confirmed)
    if len(folds) < FEWEST or len(np.unique(folds)) < _FOLDS:
        return {}
    truth = _truth(base, confirmed)
    predicted, confidence = _held_out(base, documents, confirmed, inverse_frequencies)
    right = np.array([guess == true for guess, true in zip(predicted, truth, strict=True)])
    given = confidence > 0
    figures: dict[str, Any] = {
        "documents": len(truth),
        "accuracy": float(right.mean()),
        "macro_f1": macro_f1(truth, predicted),
        "calibration_error": expected_calibration_error(confidence[given], right[given]),
        "confidence_auroc": auroc(confidence[given], right[given]),
        "labels": {label: score.as_dict() for label, score in label_scores(truth, predicted).items()},
        "confusion": asdict(confusion(truth, predicted)),
        "reliability": [asdict(part) for part in reliability(confidence[given], right[given])],
    }
    for percent in _PRECISIONS:
        coverage, _ = coverage_at_precision(confidence, right & given, precision=percent / 100)
        figures[f"coverage_at_{percent}_precision"] = coverage
    return figures


def refit_curve(
    base: TypeHead,
    documents: FeatureMatrix,
    confirmed: Confirmed,
    inverse_frequencies: NDArray[np.float64],
    *,
    with_all: float,
) -> list[dict[str, Any]]:
    """Return the macro-F1 with a part of the documents, a half, a quarter and so on, as `LearningPoint`s; fewest first.

    Each is scored as `refit_figures` scores all: on every document, by fits to two thirds of the part that do not see
    its group. `with_all` is what that found. Empty where a half would be too few.
    """
    truth = _truth(base, confirmed)
    sizes = [size for halvings in range(1, _HALVINGS + 1) if (size := len(truth) >> halvings) >= FEWEST]
    if not sizes:
        return []

    def score(part: NDArray[np.int64]) -> float:
        return macro_f1(truth, _held_out(base, documents, confirmed, inverse_frequencies, part)[0])

    points = learning_curve(len(truth), score, sizes=sizes, draws=_DRAWS)
    return [asdict(point) for point in (*points, LearningPoint(len(truth), with_all, with_all, with_all))]


def _folds(confirmed: Confirmed) -> NDArray[np.int64]:
    return np.unique(confirmed.groups, return_inverse=True)[1] % _FOLDS


def _truth(base: TypeHead, confirmed: Confirmed) -> list[str]:
    return [base.config.labels[column].slug for column in confirmed.labels.tolist()]


def _held_out(
    base: TypeHead,
    documents: FeatureMatrix,
    confirmed: Confirmed,
    inverse_frequencies: NDArray[np.float64],
    part: NDArray[np.int64] | None = None,
) -> tuple[list[str], NDArray[np.float64]]:
    """Return all documents' labels and confidences (0: none) by fits to two thirds of them, or of a part of them."""
    folds = _folds(confirmed)
    may_teach = np.ones(len(folds), dtype=bool) if part is None else np.isin(np.arange(len(folds)), part)
    predicted, confidence = [""] * len(folds), np.zeros(len(folds))
    for fold in range(_FOLDS):
        taught = np.flatnonzero(may_teach & (folds != fold))
        correction = refit(_rows(confirmed, taught), inverse_frequencies) if len(taught) else None
        scored = np.flatnonzero(folds == fold)
        for place, found in zip(
            scored.tolist(), predict_many(WorkspaceHead(base, correction), documents.take(scored)), strict=True
        ):
            predicted[place], confidence[place] = found.label, found.confidence or 0.0
    return predicted, confidence


def _rows(confirmed: Confirmed, rows: NDArray[np.int64]) -> Confirmed:
    return replace(
        confirmed,
        base=confirmed.base[rows],
        vectors=confirmed.vectors[rows],
        words=csr_matrix(confirmed.words[rows]),
        labels=confirmed.labels[rows],
        groups=confirmed.groups[rows],
    )
