"""The second stage at work on the candidates of a contract."""

from collections.abc import Sequence

import numpy as np

from apps.extraction.engine.fields.contracts import ranker
from apps.extraction.engine.fields.contracts.candidates import Candidate
from apps.extraction.engine.fields.contracts.ranker import KeyWeights
from apps.extraction.engine.fields.refining.second_stage import Floats, Matrix, Refinement


def scores_of(
    key: str, candidates: Sequence[Candidate], model: KeyWeights, refinement: Refinement | None
) -> list[tuple[float, Candidate]]:
    """Return candidates with their scores from 0 to 1, by what a workspace learned where it learned of the key."""
    if not candidates:
        return []
    odds, matrix = odds_of(candidates, model)
    weights = refinement.keys.get(key) if refinement is not None else None
    if weights is not None:
        odds = weights.rescored(odds, matrix, lambda _: ())
    return [(ranker.sigmoid(float(each)), candidate) for each, candidate in zip(odds, candidates, strict=True)]


def odds_of(candidates: Sequence[Candidate], model: KeyWeights) -> tuple[Floats, Matrix]:
    """Return the shipped scores of candidates as logarithms of odds, and their cues (n, cues)."""
    matrix = np.array([each.cues for each in candidates], dtype=np.float32)
    return matrix.astype(np.float64) @ np.array(model.weights) + model.bias, matrix
