"""Fits the head's settings to held-out scores: temperature, description offset, what tells known types from others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from apps.classification.engine.head import softmax
from apps.classification.engine.novelty import SIGNS, Scores, knownness, signs
from apps.classification.engine.training.holdout import HeldOutType

# Share of documents of learned types that labels without examples may take, and that `other` may take.
_MOST_TAKEN_BY_DESCRIPTION = 0.005
MOST_TAKEN_BY_OTHER = 0.01
# Share of sources left out among the known documents from which the signs of a known type are learned. AUROC with types
# left out, mean / worst, and documents of new sources called `other`: none .945 / .80, 6 %; a quarter .940 / .75, 5 %;
# half .919 / .70, 5 % (17 types, 14 sources).
_NEW_SOURCES = 0.2
_LOOSENESS = 0.3
# Beyond 2 more documents of learned types are lost than of others won (measured on 17 types).
_OFFSETS = np.arange(-4.0, 2.01, 0.5)
# A sentence says less than the catalogue's names, so more is added; where nothing was held out, as for those.
_SENTENCE_OFFSETS = np.arange(0.0, 6.01, 0.25)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The settings; see `HeadConfig`."""

    temperature: float
    description_offset: float
    sentence_offset: float
    known_weights: tuple[float, ...]
    other_threshold: float


@dataclass(frozen=True, slots=True)
class HeldOutScores:
    """Scores of documents no model had seen. Columns are all labels, the `learned` ones first."""

    label_order: tuple[str, ...]
    learned: int
    truth: NDArray[np.str_]
    by_fold: Scores
    by_source: Mapping[str, Scores]
    by_type: Sequence[HeldOutType]

    def truth_index(self) -> NDArray[np.int64]:
        """Return the column of every document's true label."""
        return np.array([self.label_order.index(label) for label in self.truth.tolist()], dtype=np.int64)


def calibrate(scores: HeldOutScores) -> Calibration:
    """Fit all of them, the later ones on scores the earlier ones have changed."""
    offset = _fit_offset(scores)
    weights = known_weights(scores, offset)
    known = knownness(scores.by_fold.with_offset(offset, scores.learned), weights)
    settled = Calibration(
        temperature=_fit_temperature(scores),
        description_offset=offset,
        sentence_offset=offset,
        known_weights=tuple(weights.tolist()),
        other_threshold=float(np.quantile(known, MOST_TAKEN_BY_OTHER)),
    )
    return replace(settled, sentence_offset=_fit_sentence_offset(scores, settled))


def known_weights(scores: HeldOutScores, offset: float, *, without: str = "") -> NDArray[np.float64]:
    """Fit the weights of the signs that tell documents of known types from those of types left out, each type alike.

    Some of the known ones are of sources left out, so that a new source does not look like a new type. `without` names
    a type that is to have no part in it.
    """
    unknown = [
        signs(_without_column(held, held.of_type, scores, offset)) for held in scores.by_type if held.label != without
    ]
    if not unknown:
        return np.array([float(sign == "lead") for sign in SIGNS])
    fold = Scores(*(part[scores.truth != without] for part in scores.by_fold))
    sources = [part for source, part in scores.by_source.items() if source.split("|")[0] != without]
    known = [fold, Scores(*(np.concatenate(parts) for parts in zip(*sources, strict=True)))] if sources else [fold]
    groups = [*unknown, *(signs(part.with_offset(offset, scores.learned)) for part in known)]
    shares = [1 / len(unknown)] * len(unknown) + ([1 - _NEW_SOURCES, _NEW_SOURCES] if sources else [1.0])
    sizes = [len(group) for group in groups]
    return _logistic(
        np.concatenate(groups),
        np.repeat(np.arange(len(groups)) >= len(unknown), sizes),
        np.repeat(np.array(shares) / sizes, sizes),
    )


def _logistic(
    features: NDArray[np.float64], positive: NDArray[np.bool_], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the slopes of a logistic regression that is penalised as if the features had variance 1."""
    scale = features.std(axis=0) + 1e-9
    model = LogisticRegression(C=_LOOSENESS, max_iter=500)
    model.fit(features / scale, positive, sample_weight=weights * len(weights) / weights.sum())
    return np.asarray(model.coef_[0] / scale, dtype=np.float64)


def _without_column(held: HeldOutType, part: Scores, scores: HeldOutScores, offset: float) -> Scores:
    """Return scores as they are while a type is unknown altogether: its description does not exist either."""
    kept = [column for column, label in enumerate(scores.label_order) if label != held.label]
    return part.with_offset(offset, scores.learned).take(kept)


def left_out_knownness(scores: HeldOutScores, held: HeldOutType, offset: float) -> list[NDArray[np.float64]]:
    """Return how known documents of a left-out type and of other types look, by weights from the other types alone."""
    weights = known_weights(scores, offset, without=held.label)
    return [knownness(_without_column(held, part, scores, offset), weights) for part in (held.of_type, held.of_others)]


def _fit_temperature(scores: HeldOutScores) -> float:
    """Minimise the log loss, half of it over unseen documents and half over unseen sources, each source alike.

    Folds alone would promise too much: documents of a source that was never seen are typed less reliably.
    """
    truth = scores.truth_index()
    sources = [
        (part.logits[:, : scores.learned], np.full(len(part.logits), scores.label_order.index(source.split("|")[0])))
        for source, part in scores.by_source.items()
    ]

    def loss(log_temperature: float) -> float:
        temperature = float(np.exp(log_temperature))
        total = _log_loss(scores.by_fold.logits[:, : scores.learned], truth, temperature)
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
        shifted = scores.by_fold.with_offset(offset, scores.learned).logits
        taken_by_real = float((shifted.argmax(axis=1) >= scores.learned).mean())
        if max(taken_by_real, taken_by_left_out(scores, offset)) <= _MOST_TAKEN_BY_DESCRIPTION:
            best = offset
    return best


def _fit_sentence_offset(scores: HeldOutScores, settled: Calibration) -> float:
    """Return the largest offset at which left-out labels known by a sentence take few documents that are not theirs."""
    best = settled.sentence_offset
    for offset in _SENTENCE_OFFSETS.tolist():
        shares = [
            float(found_by_sentence(held.said_of_others, held, scores, replace(settled, sentence_offset=offset)).mean())
            for held in scores.by_type
        ]
        if shares and float(np.mean(shares)) <= _MOST_TAKEN_BY_DESCRIPTION:
            best = offset
    return best


def found_by_sentence(
    part: Scores, held: HeldOutType, scores: HeldOutScores, calibration: Calibration
) -> NDArray[np.bool_]:
    """Tell which documents get the left-out label where it is known by a sentence; `other` goes first."""
    column = scores.label_order.index(held.label)
    shifted = part.with_offset(calibration.description_offset, scores.learned)
    shifted.logits[:, column] += calibration.sentence_offset
    fits = knownness(shifted, np.array(calibration.known_weights)) >= calibration.other_threshold
    return np.asarray(fits & (shifted.logits.argmax(axis=1) == column))


def taken_by_left_out(scores: HeldOutScores, offset: float) -> float:
    """Return the mean share of the other labels' documents that a left-out label takes by its description."""
    shares = [
        float((as_described(held.of_others, held, scores, offset) == held.label).mean()) for held in scores.by_type
    ]
    return float(np.mean(shares)) if shares else 0.0


def as_described(part: Scores, held: HeldOutType, scores: HeldOutScores, offset: float) -> NDArray[np.str_]:
    """Return the labels predicted where the left-out one is known by its description."""
    shifted = part.with_offset(offset, scores.learned).logits
    shifted[:, scores.label_order.index(held.label)] += offset
    return np.asarray(np.array(scores.label_order)[shifted.argmax(axis=1)])
