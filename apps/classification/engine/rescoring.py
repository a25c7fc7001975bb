"""Typing many documents at once from their stored features: the same answers as `WorkspaceHead.predict` gives."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.correction import Correction, WorkspaceHead
from apps.classification.engine.features import FeatureMatrix
from apps.classification.engine.head import BY_DESCRIPTION, SINGLE_SOURCE, UNKNOWN_TYPE, TypePrediction, softmax
from apps.classification.engine.labels import OTHER
from apps.classification.engine.novelty import Scores, knownness
from apps.classification.engine.training.examples import unit_rows

_MOST_ALTERNATIVES: Final = 4


def predict_many(head: WorkspaceHead, documents: FeatureMatrix) -> list[TypePrediction]:
    """Type documents whose features the head's base has made."""
    return list(_predictions(head, documents))


def corrected_scores(
    head: WorkspaceHead, documents: FeatureMatrix, correction: Correction
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the scores with the correction, over the base head's temperature, and the likeness to any example."""
    words = unit_rows(documents.words, head.base.weights.inverse_frequencies.astype(np.float64))
    base = documents.scores.logits / head.base.config.temperature
    learned = documents.vectors @ correction.vectors + words @ correction.words + correction.bias
    like = documents.vectors @ correction.like_vectors + words @ correction.like_words
    return correction.scale * base + learned, np.maximum(documents.scores.likeness, like)


def _predictions(head: WorkspaceHead, documents: FeatureMatrix) -> Iterator[TypePrediction]:
    config, correction = head.base.config, head.correction
    temperature = config.temperature
    if correction is None:
        scores, likeness, divisor = documents.scores.logits / temperature, documents.scores.likeness, 1.0
        of_learned = [place for place, label in enumerate(config.labels) if label.learned]
        shares = np.zeros_like(scores)
        shares[:, of_learned] = softmax(scores[:, of_learned])
    else:
        scores, likeness = corrected_scores(head, documents, correction)
        divisor = correction.temperature
        shares = softmax(scores / divisor)
    seen = Scores(scores * temperature, likeness, documents.scores.titles)
    known = knownness(seen, np.array(config.known_weights), head.base.own)
    fits = documents.has_text & (known >= config.other_threshold)
    order = np.argsort(-scores, axis=1, kind="stable")[:, : _MOST_ALTERNATIVES + 1]
    fitted = [label.learned for label in config.labels]
    trusted = np.zeros(len(fitted), dtype=bool) if correction is None else correction.fitted
    for row, places in enumerate(order.tolist()):
        ranked = [
            (config.labels[place].slug, float(shares[row, place]) if fitted[place] or trusted[place] else None)
            for place in places
        ]
        if not fits[row]:
            yield TypePrediction(OTHER, None, tuple(ranked[:_MOST_ALTERNATIVES]), (UNKNOWN_TYPE,), head.base.model)
            continue
        best = config.labels[places[0]]
        plain = (SINGLE_SOURCE,) if best.single_source else () if best.learned else (BY_DESCRIPTION,)
        flags = () if trusted[places[0]] else plain
        yield TypePrediction(ranked[0][0], ranked[0][1], tuple(ranked[1:]), flags, head.base.model)
