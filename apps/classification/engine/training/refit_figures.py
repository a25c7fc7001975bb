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
from apps.classification.engine.reports import confusion, reliability
from apps.classification.engine.rescoring import predict_many
from apps.classification.engine.training.refit import Confirmed, refit

FEWEST: Final = 10  # documents, below which figures would say nothing
_FOLDS: Final = 3
_PRECISIONS: Final = (95, 98, 99)


def refit_figures(
    base: TypeHead, documents: FeatureMatrix, confirmed: Confirmed, inverse_frequencies: NDArray[np.float64]
) -> dict[str, Any]:
    """Fit to two thirds of the groups at a time and score the rest; empty with too few documents or groups.

    A document without a confidence (by description only, or `other`) counts for labels and not for the calibration;
    coverage is a share of all documents.
    """
    folds = np.unique(confirmed.groups, return_inverse=True)[1] % _FOLDS
    if len(folds) < FEWEST or len(np.unique(folds)) < _FOLDS:
        return {}
    slugs = [label.slug for label in base.config.labels]
    truth = [slugs[column] for column in confirmed.labels.tolist()]
    predicted, confidence = [""] * len(truth), np.zeros(len(truth))
    for fold in range(_FOLDS):
        correction = refit(_rows(confirmed, np.flatnonzero(folds != fold)), inverse_frequencies)
        scored = np.flatnonzero(folds == fold)
        for place, found in zip(
            scored.tolist(), predict_many(WorkspaceHead(base, correction), documents.take(scored)), strict=True
        ):
            predicted[place], confidence[place] = found.label, found.confidence or 0.0
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


def _rows(confirmed: Confirmed, rows: NDArray[np.int64]) -> Confirmed:
    return replace(
        confirmed,
        base=confirmed.base[rows],
        vectors=confirmed.vectors[rows],
        words=csr_matrix(confirmed.words[rows]),
        labels=confirmed.labels[rows],
        groups=confirmed.groups[rows],
    )
