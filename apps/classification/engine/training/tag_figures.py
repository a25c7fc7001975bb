"""How good heads of tags are, told by documents that the scored fit had not seen."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.metrics import LabelScore, expected_calibration_error
from apps.classification.engine.tags import TagHeads
from apps.classification.engine.training.tag_calibration import threshold


@dataclass(frozen=True, slots=True)
class TagFigures:
    """Scores by tag id, their mean F1, and the calibration error of the probabilities; None without any.

    Counted is each pair of a tag and a document of which somebody spoke.
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

    `is_spoken` (n, T) tells which pairs count, `wanted` (n, T) which of these should be proposed.
    """

    scores: NDArray[np.float64]
    folds: NDArray[np.int64]
    floors: NDArray[np.float64]
    is_spoken: NDArray[np.bool_]
    wanted: NDArray[np.bool_]


def figures(heads: TagHeads, held_out: HeldOut) -> TagFigures:
    """Score the heads, each fold at the thresholds that the other folds would have chosen."""
    tags = {tag: _score(held_out, place) for place, tag in enumerate(heads.tags)}
    given = held_out.is_spoken & heads.fitted
    shares = heads.probabilities(held_out.scores)[given]
    error = expected_calibration_error(shares, held_out.wanted[given]) if given.any() else None
    macro = float(np.mean([score.f1 for score in tags.values()])) if tags else 0.0
    return TagFigures(int(held_out.is_spoken.any(axis=1).sum()), tags, macro, error)


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
