"""A workspace's head: the base head, a correction learned from what people confirmed, and why it says what it says."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.evidence import CHUNK_DECAY, READ_CHUNKS
from apps.classification.engine.features import DocumentFeatures
from apps.classification.engine.head import (
    BY_DESCRIPTION,
    SINGLE_SOURCE,
    UNKNOWN_TYPE,
    TypeHead,
    TypePrediction,
    softmax,
)
from apps.classification.engine.labels import OTHER
from apps.classification.engine.novelty import Scores, knownness
from apps.classification.engine.words import token_bucket, tokens, weigh

_MOST_ALTERNATIVES = 4


@dataclass(frozen=True, slots=True)
class Correction:
    """What is added to the base head's scores (over its temperature, times `scale`); L labels of the workspace.

    `like_vectors` and `like_words` give the likeness to the documents confirmed here; `fitted` tells the labels with
    enough held-out outcomes for a confidence at `temperature`.
    """

    scale: float
    vectors: NDArray[np.float32]  # (D, L)
    words: NDArray[np.float32]  # (B, L)
    bias: NDArray[np.float32]  # (L,)
    like_vectors: NDArray[np.float32]  # (D, L)
    like_words: NDArray[np.float32]  # (B, L)
    temperature: float
    fitted: NDArray[np.bool_]  # (L,)
    metrics: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What spoke for a label against the mean of all, in units of its score: passages by number, words, and the rest.

    Words are those that examples taught, and names of the label that stand in the text; `rest` is what descriptions,
    the label's frequency, the offset of labels without examples, and the other labels' names say.
    """

    label: str
    passages: tuple[tuple[int, float], ...]
    words: tuple[tuple[str, float], ...]
    rest: float


class WorkspaceHead:
    """A base head that may know more labels by description (`TypeHead.with_labels`), with a correction or none yet."""

    def __init__(self, base: TypeHead, correction: Correction | None = None) -> None:
        self.base = base
        self.correction = correction
        self._labels = base.config.labels
        self._weights_of: dict[int, list[NDArray[np.float64]]] = {}  # for explanations, made when first asked for

    def base_scores(self, chunk_vectors: NDArray[np.float32], text: str) -> NDArray[np.float64]:
        """Return the base head's scores over its temperature, shape (labels,): what a refit takes."""
        return np.asarray(self.base.scores(chunk_vectors, text).logits / self.base.config.temperature)

    def predict(self, chunk_vectors: NDArray[np.float32], text: str) -> TypePrediction:
        """Type a document; without a correction as the base head does."""
        return self.decide(DocumentFeatures.of(self.base, chunk_vectors, text))

    def decide(self, seen: DocumentFeatures) -> TypePrediction:
        """Type a document by its features."""
        correction = self.correction
        if correction is None:
            return self.base.decide(seen.scores, has_text=seen.has_text)
        scores = self._corrected(seen, correction)
        shares = softmax(scores / correction.temperature)
        confidences = [self._confidence(place, share) for place, share in enumerate(shares.tolist())]
        order = np.argsort(-scores, kind="stable")[: _MOST_ALTERNATIVES + 1].tolist()
        ranked = [(self._labels[place].slug, confidences[place]) for place in order]
        likeness = np.maximum(seen.scores.likeness, self._weighed(seen, correction.like_vectors, correction.like_words))
        known = Scores(scores * self.base.config.temperature, likeness, seen.scores.titles)
        is_known = (
            float(knownness(known, np.array(self.base.config.known_weights), self.base.own))
            >= self.base.config.other_threshold
        )
        if not seen.has_text or not is_known:
            return TypePrediction(OTHER, None, tuple(ranked[:_MOST_ALTERNATIVES]), (UNKNOWN_TYPE,), self.base.model)
        return TypePrediction(ranked[0][0], ranked[0][1], tuple(ranked[1:]), self._flags(order[0]), self.base.model)

    def _corrected(self, seen: DocumentFeatures, correction: Correction) -> NDArray[np.float64]:
        base = seen.scores.logits / self.base.config.temperature
        learned = self._weighed(seen, correction.vectors, correction.words) + correction.bias
        return np.asarray(correction.scale * base + learned, dtype=np.float64)

    def _weighed(
        self, seen: DocumentFeatures, vectors: NDArray[np.float32], words: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        weighed = weigh(seen.indices, seen.values, self.base.weights.inverse_frequencies)
        return np.asarray(seen.vector @ vectors + weighed @ words[seen.indices], dtype=np.float64)

    def _confidence(self, place: int, share: float) -> float | None:
        """Return a label's share where outcomes stand behind it: the workspace's, or those of the base head."""
        is_fitted = self._labels[place].learned or (self.correction is not None and bool(self.correction.fitted[place]))
        return share if is_fitted else None

    def _flags(self, place: int) -> tuple[str, ...]:
        """Return the flags: enough documents confirmed here make a type neither of one source nor by description."""
        label = self._labels[place]
        if self.correction is not None and self.correction.fitted[place]:
            return ()
        return (SINGLE_SOURCE,) if label.single_source else () if label.learned else (BY_DESCRIPTION,)

    def explain(self, chunk_vectors: NDArray[np.float32], text: str, label: str, *, most: int = 8) -> Explanation:
        """Return what spoke for a label: passages and words that add most to its score above the labels' mean."""
        return self.explain_by(DocumentFeatures.of(self.base, chunk_vectors, text), chunk_vectors, text, label, most)

    def explain_by(
        self, seen: DocumentFeatures, chunk_vectors: NDArray[np.float32], text: str, label: str, most: int
    ) -> Explanation:
        """Explain a document whose features are there already."""
        place = [each.slug for each in self._labels].index(label)
        if place not in self._weights_of:
            self._weights_of[place] = self._weights(place)
        vectors, firsts, words = self._weights_of[place]
        chunks = np.asarray(chunk_vectors, dtype=np.float32).reshape(-1, len(vectors))[:READ_CHUNKS]
        decayed = (CHUNK_DECAY ** np.arange(len(chunks)))[:, None] * chunks
        length = float(np.linalg.norm(decayed.sum(axis=0))) or 1.0
        by_passage = decayed @ vectors / length
        by_passage[:1] += chunks[:1] @ firsts
        by_word = self._by_word(seen, text, words)
        for name, added in self.base.named(text, place).items():
            by_word[name] = by_word.get(name, 0.0) + self._factor * added
        scores = seen.scores.logits / self.base.config.temperature
        if self.correction is not None:
            scores = self._corrected(seen, self.correction)
        total = float(scores[place] - scores.mean())
        passages = sorted(enumerate(by_passage.tolist()), key=lambda item: -item[1])
        return Explanation(
            label=label,
            passages=tuple(passages[:most]),
            words=tuple(sorted(by_word.items(), key=lambda item: -item[1])[:most]),
            rest=total - float(by_passage.sum()) - sum(by_word.values()),
        )

    @property
    def _factor(self) -> float:
        """What a unit of the base head's scores is worth here."""
        return (1.0 if self.correction is None else self.correction.scale) / self.base.config.temperature

    def _weights(self, place: int) -> list[NDArray[np.float64]]:
        """Return one label's weights less the mean of all labels': of vectors (D,), first chunk (D,), words (B,)."""
        weights, config, correction = self.base.weights, self.base.config, self.correction
        factor = self._factor
        base = [
            weights.vectors + config.likeness_share * weights.like_vectors,
            weights.firsts,
            weights.words + config.likeness_share * weights.like_words,
        ]
        added = [None, None, None] if correction is None else [correction.vectors, None, correction.words]
        results = []
        for learned, more in zip(base, added, strict=True):
            whole = np.zeros((len(learned), len(self._labels)))
            whole[:, : learned.shape[1]] = factor * learned
            if more is not None:
                whole += more
            results.append(whole[:, place] - whole.mean(axis=1))
        return results

    def _by_word(self, seen: DocumentFeatures, text: str, words: NDArray[np.float64]) -> dict[str, float]:
        """Return what each word adds; words of one bucket share what it adds."""
        weighed = weigh(seen.indices, seen.values, self.base.weights.inverse_frequencies)
        added = dict(zip(seen.indices.tolist(), (weighed * words[seen.indices]).tolist(), strict=True))
        of_bucket: dict[int, list[str]] = defaultdict(list)
        for token in dict.fromkeys(tokens(text)):
            of_bucket[token_bucket(token, buckets=len(words))].append(token)
        return {token: added[bucket] / len(same) for bucket, same in of_bucket.items() for token in same}


def changed(before: Sequence[str], after: Sequence[str]) -> list[int]:
    """Return the places at which a refit gave another label: its receipt."""
    return [place for place, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
