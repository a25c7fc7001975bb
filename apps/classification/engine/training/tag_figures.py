"""How good heads of tags are, told by documents that the scored fit had not seen."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.metrics import LabelScore, expected_calibration_error
from apps.classification.engine.tags import TagHeads, sigmoid
from apps.classification.engine.training.tag_calibration import FEWEST_OUTCOMES, platt, threshold


@dataclass(frozen=True, slots=True)
class TagFigures:
    """Scores by tag id, their mean F1, and the calibration error of the probabilities; None without any.

    Counted is each pair of a tag and a document of which somebody spoke, for the calibration error each that was
    decided.
    """

    documents: int
    tags: Mapping[str, LabelScore]
    macro_f1: float
    calibration_error: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return what is kept with a version."""
        return {
            "documents": self.documents,
            "macro_f1": round(self.macro_f1, 4),
            "calibration_error": None if self.calibration_error is None else round(self.calibration_error, 4),
            "tags": {tag: asdict(score) for tag, score in self.tags.items()},
        }


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Scores (n, T) of documents that the scored fit had not seen, their folds (n,), and floors of thresholds (T,).

    `is_spoken` (n, T) tells which pairs count, `is_decided` (n, T) which of these are outcomes of a probability, and
    `wanted` (n, T) which should be proposed.
    """

    scores: NDArray[np.float64]
    folds: NDArray[np.int64]
    floors: NDArray[np.float64]
    is_spoken: NDArray[np.bool_]
    is_decided: NDArray[np.bool_]
    wanted: NDArray[np.bool_]


def figures(heads: TagHeads, held_out: HeldOut) -> TagFigures:
    """Score the heads, each fold at the thresholds and by the probabilities that the other folds would have given."""
    tags = {tag: _score(held_out, place) for place, tag in enumerate(heads.tags)}
    macro = float(np.mean([score.f1 for score in tags.values()])) if tags else 0.0
    return TagFigures(int(held_out.is_spoken.any(axis=1).sum()), tags, macro, _calibration_error(heads, held_out))


def _calibration_error(heads: TagHeads, held_out: HeldOut) -> float | None:
    """Judge the probabilities of tags that have some, None where no fold can be judged by the others.

    These have about two thirds of the outcomes, so fewer are enough for them; with fewer still a fold is left out.
    """
    shares = np.full(held_out.scores.shape, np.nan)
    for fold in np.unique(held_out.folds):
        is_inside = held_out.folds == fold
        for place in np.flatnonzero(heads.fitted):
            rows = held_out.is_decided[:, place] & ~is_inside
            scores = held_out.scores[:, place]
            line = platt(scores[rows], held_out.wanted[rows, place], fewest=FEWEST_OUTCOMES // 2)
            if line is not None:
                shares[is_inside, place] = sigmoid(line[0] * scores[is_inside] + line[1])
    given = held_out.is_decided & np.isfinite(shares)
    return expected_calibration_error(shares[given], held_out.wanted[given]) if given.any() else None


def _score(held_out: HeldOut, place: int) -> LabelScore:
    scores, wanted, is_spoken = held_out.scores[:, place], held_out.wanted[:, place], held_out.is_spoken[:, place]
    proposed = np.zeros(len(scores), dtype=bool)
    for fold in np.unique(held_out.folds):
        inside, outside = is_spoken & (held_out.folds == fold), is_spoken & (held_out.folds != fold)
        least = max(threshold(scores[outside], wanted[outside]), float(held_out.floors[place]))
        proposed[inside] = scores[inside] >= least
    hits, surplus = int((proposed & wanted).sum()), int((proposed & ~wanted).sum())
    missed = int((wanted & ~proposed).sum())
    return LabelScore(
        precision=hits / max(1, hits + surplus),
        recall=hits / max(1, hits + missed),
        f1=2 * hits / max(1, 2 * hits + surplus + missed),
        documents=hits + missed,
    )
