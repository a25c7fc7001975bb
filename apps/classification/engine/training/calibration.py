"""Fits the head's three settings to held-out scores: temperature, description offset, threshold of `other`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from apps.classification.engine.head import lead, softmax
from apps.classification.engine.training.holdout import HeldOutType

# Share of documents of learned types that labels without examples may take, and that `other` may take.
_MOST_TAKEN_BY_DESCRIPTION = 0.005
_MOST_TAKEN_BY_OTHER = 0.02
# Beyond 2 more documents of learned types are lost than of others won (measured on 17 types).
_OFFSETS = np.arange(-4.0, 2.01, 0.5)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The three settings; see `HeadConfig`."""

    temperature: float
    description_offset: float
    other_threshold: float


@dataclass(frozen=True, slots=True)
class HeldOutScores:
    """Scores of documents no model had seen. Columns are all labels, the `learned` ones first."""

    label_order: tuple[str, ...]
    learned: int
    truth: NDArray[np.str_]
    by_fold: NDArray[np.float64]
    by_source: Mapping[str, NDArray[np.float64]]
    by_type: Sequence[HeldOutType]

    def truth_index(self) -> NDArray[np.int64]:
        """Return the column of every document's true label."""
        return np.array([self.label_order.index(label) for label in self.truth.tolist()], dtype=np.int64)


def calibrate(scores: HeldOutScores) -> Calibration:
    """Fit all three, the later ones on scores the earlier ones have changed."""
    offset = _fit_offset(scores)
    return Calibration(
        temperature=_fit_temperature(scores),
        description_offset=offset,
        other_threshold=float(np.quantile(lead(with_offset(scores.by_fold, scores, offset)), _MOST_TAKEN_BY_OTHER)),
    )


def with_offset(logits: NDArray[np.float64], scores: HeldOutScores, offset: float) -> NDArray[np.float64]:
    """Return scores with the offset added to the labels without examples."""
    shifted = logits.copy()
    shifted[:, scores.learned :] += offset
    return shifted


def _fit_temperature(scores: HeldOutScores) -> float:
    """Minimise the log loss, half of it over unseen documents and half over unseen sources, each source alike.

    Folds alone would promise too much: documents of a source that was never seen are typed less reliably.
    """
    truth = scores.truth_index()
    sources = [
        (logits[:, : scores.learned], np.full(len(logits), scores.label_order.index(source.split("|")[0])))
        for source, logits in scores.by_source.items()
    ]

    def loss(log_temperature: float) -> float:
        temperature = float(np.exp(log_temperature))
        total = _log_loss(scores.by_fold[:, : scores.learned], truth, temperature)
        if sources:
            total += float(np.mean([_log_loss(logits, labels, temperature) for logits, labels in sources]))
        return total

    return float(np.exp(minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded").x))


def _log_loss(logits: NDArray[np.float64], truth: NDArray[np.int64], temperature: float) -> float:
    probabilities = softmax(logits / temperature)[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(probabilities, 1e-12)).mean())


def _fit_offset(scores: HeldOutScores) -> float:
    """Return the largest offset at which labels without examples take few documents that are not theirs.

    Both the real ones (on the folds) and every learned label treated as if it had no examples are asked.
    """
    best = float(_OFFSETS[0])
    for offset in _OFFSETS.tolist():
        shifted = with_offset(scores.by_fold, scores, offset)
        taken_by_real = float((shifted.argmax(axis=1) >= scores.learned).mean())
        if max(taken_by_real, taken_by_left_out(scores, offset)) <= _MOST_TAKEN_BY_DESCRIPTION:
            best = offset
    return best


def taken_by_left_out(scores: HeldOutScores, offset: float) -> float:
    """Return the mean share of the other labels' documents that a left-out label takes by its description."""
    shares = [
        float((as_described(held.of_others, held, scores, offset) == held.label).mean()) for held in scores.by_type
    ]
    return float(np.mean(shares)) if shares else 0.0


def as_described(
    logits: NDArray[np.float64], held: HeldOutType, scores: HeldOutScores, offset: float
) -> NDArray[np.str_]:
    """Return the labels predicted where the left-out one is known by its description."""
    shifted = with_offset(logits, scores, offset)
    shifted[:, scores.label_order.index(held.label)] += offset
    return np.asarray(np.array(scores.label_order)[shifted.argmax(axis=1)])
