"""How well the fields of documents held out are read: F1 in all and by field, and how far probabilities hold."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from apps.extraction.engine.fields.ranking.training.judging import trust as reliability
from apps.extraction.engine.fields.refining.material import Material, Outcome
from apps.extraction.engine.fields.refining.second_stage import Trust


def figures_of(
    materials: Sequence[Material], outcomes: Sequence[Sequence[Outcome]], trusts: Sequence[Trust], least: float
) -> dict[str, Any]:
    """Return the figures of outcomes, each document's with its own trust; values below `least` are not given."""
    shares = [
        (each, trust.probability(each.key, each.share))
        for document, trust in zip(outcomes, trusts, strict=True)
        for each in document
    ]
    given = [(each, share) for each, share in shares if each.is_taken and share >= least]
    there = [key for each in materials for key, values in each.decided.items() for _ in values]
    keys = sorted({each.key for each, _ in shares})
    told = reliability(np.array([share for _, share in given]), np.array([each.is_right for each, _ in given], bool))
    return {
        **_f1([each for each, _ in given], len(there)),
        **told,
        "fields": {key: _f1([each for each, _ in given if each.key == key], there.count(key)) for key in keys},
    }


def _f1(given: Sequence[Outcome], there: int) -> dict[str, Any]:
    right = sum(each.is_right for each in given)
    precision, recall = right / max(1, len(given)), right / max(1, there)
    both = precision + recall
    return {
        "f1": round(2 * precision * recall / both, 4) if both else 0.0,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "values": there,
    }
