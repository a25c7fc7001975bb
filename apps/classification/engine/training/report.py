"""The figures of a model card, all from documents, sources or types the scored model had not seen."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.head import softmax
from apps.classification.engine.labels import OTHER
from apps.classification.engine.metrics import (
    auroc,
    coverage_at_precision,
    expected_calibration_error,
    label_scores,
    macro_f1,
)
from apps.classification.engine.novelty import Scores, knownness
from apps.classification.engine.reports import confusion, reliability
from apps.classification.engine.training.calibration import (
    MOST_TAKEN_BY_OTHER,
    Calibration,
    HeldOutScores,
    as_described,
    found_by_sentence,
    left_out_knownness,
)

_PRECISION = 0.99


def decide(
    part: Scores, scores: HeldOutScores, calibration: Calibration
) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
    """Return labels as the head would give them and confidences; 0 for labels without one."""
    shifted = part.with_offset(calibration.description_offset, scores.learned)
    best = shifted.logits.argmax(axis=1)
    fits = knownness(shifted, np.array(calibration.known_weights)) >= calibration.other_threshold
    labels = np.where(fits, np.array(scores.label_order)[best], OTHER)
    learned = softmax(part.logits[:, : scores.learned] / calibration.temperature)
    confidences = np.where(fits & (best < scores.learned), learned.max(axis=1), 0.0)
    return labels, confidences


def evaluate(scores: HeldOutScores, calibration: Calibration, kinds: NDArray[np.str_]) -> dict[str, Any]:
    """Return every figure of the card, rounded to four places."""
    predicted, confidence = decide(scores.by_fold, scores, calibration)
    figures = {
        "documents": len(predicted),
        "accuracy": float((predicted == scores.truth).mean()),
        "macro_f1": macro_f1(scores.truth.tolist(), predicted.tolist()),
        **_within_pdf(scores.truth, predicted, kinds),
        **_confidence_figures(predicted == scores.truth, confidence),
        "labels": {
            label: score.as_dict() for label, score in label_scores(scores.truth.tolist(), predicted.tolist()).items()
        },
        "confusion": asdict(confusion(scores.truth.tolist(), predicted.tolist())),
        "reliability": _reliability(predicted == scores.truth, confidence),
        "unseen_sources": _unseen_sources(scores, calibration),
        "unseen_types": _unseen_types(scores, calibration),
    }
    return {name: _rounded(value) for name, value in figures.items()}


def over_draws(
    parts: Sequence[Scores], scores: HeldOutScores, calibration: Calibration, kinds: NDArray[np.str_]
) -> dict[str, Any]:
    """Return the least, mean and greatest macro-F1 over several draws of folds: how much of a figure is chance."""
    found: dict[str, list[float]] = {}
    for part in parts:
        predicted, _ = decide(part, scores, calibration)
        drawn = {"macro_f1": macro_f1(scores.truth.tolist(), predicted.tolist())}
        for name, value in (drawn | _within_pdf(scores.truth, predicted, kinds)).items():
            found.setdefault(name, []).append(value)
    return {
        name: {"least": round(min(values), 4), "mean": round(float(np.mean(values)), 4), "most": round(max(values), 4)}
        for name, values in found.items()
    }


def _within_pdf(truth: NDArray[np.str_], predicted: NDArray[np.str_], kinds: NDArray[np.str_]) -> dict[str, Any]:
    """Score PDF files alone: a file kind that goes with a type cannot help there."""
    is_pdf = kinds == "pdf"
    if not is_pdf.any():
        return {}
    return {"macro_f1_pdf": macro_f1(truth[is_pdf].tolist(), predicted[is_pdf].tolist())}


def _reliability(right: NDArray[np.bool_], confidence: NDArray[np.float64]) -> list[object]:
    given = confidence > 0
    return [_rounded(asdict(part)) for part in reliability(confidence[given], right[given])]


def _confidence_figures(right: NDArray[np.bool_], confidence: NDArray[np.float64]) -> dict[str, Any]:
    """Score the confidences of the documents that got one; coverage is a share of all documents."""
    given = confidence > 0
    coverage, threshold = coverage_at_precision(confidence, right & given, precision=_PRECISION)
    return {
        "calibration_error": expected_calibration_error(confidence[given], right[given]),
        "confidence_auroc": auroc(confidence[given], right[given]),
        "coverage_at_99_precision": coverage,
        "threshold_at_99_precision": threshold,
    }


def _unseen_sources(scores: HeldOutScores, calibration: Calibration) -> dict[str, Any]:
    accuracies: dict[str, Any] = {}
    rights: list[NDArray[np.bool_]] = []
    confidences: list[NDArray[np.float64]] = []
    others = 0
    for source, part in scores.by_source.items():
        predicted, confidence = decide(part, scores, calibration)
        right = predicted == source.split("|")[0]
        accuracies[source] = {"accuracy": float(right.mean()), "documents": len(right)}
        rights.append(right)
        confidences.append(confidence)
        others += int((predicted == OTHER).sum())
    if not accuracies:
        return {}
    all_right, all_confidence = np.concatenate(rights), np.concatenate(confidences)
    return {
        "accuracy": float(np.mean([score["accuracy"] for score in accuracies.values()])),
        "called_other": others / len(all_right),
        **_confidence_figures(all_right, all_confidence),
        "sources": accuracies,
    }


def _unseen_types(scores: HeldOutScores, calibration: Calibration) -> dict[str, Any]:
    """Leave types out: how well their documents are told from known ones, and found by the description alone."""
    aurocs: dict[str, float] = {}
    found: dict[str, float] = {}
    said: dict[str, float] = {}
    taken: list[float] = []
    noticed: list[float] = []
    for held in scores.by_type:
        of_type, of_others = left_out_knownness(scores, held, calibration.description_offset)
        is_known = np.arange(len(of_type) + len(of_others)) >= len(of_type)
        aurocs[held.label] = auroc(np.concatenate([of_type, of_others]), is_known) or 0.0
        noticed.append(float((of_type < np.quantile(of_others, MOST_TAKEN_BY_OTHER)).mean()))
        by_description = as_described(held.of_type, held, scores, calibration.description_offset)
        found[held.label] = float((by_description == held.label).mean())
        said[held.label] = float(found_by_sentence(held.said_of_type, held, scores, calibration).mean())
        taken.append(float(found_by_sentence(held.said_of_others, held, scores, calibration).mean()))
    if not aurocs:
        return {}
    return {
        "other_auroc": float(np.mean(list(aurocs.values()))),
        "other_auroc_worst": min(aurocs.values()),
        "other_auroc_worst_type": min(aurocs, key=aurocs.__getitem__),
        "called_other": float(np.mean(noticed)),
        "found_by_description": float(np.mean(list(found.values()))),
        "found_by_description_each": found,
        "found_by_sentence": float(np.mean(list(said.values()))),
        "found_by_sentence_each": said,
        "taken_by_sentence": float(np.mean(taken)),
    }


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    return value
