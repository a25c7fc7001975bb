"""The document-type head: chunk vectors and text in, a label with a calibrated confidence out. numpy only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.artifact import HeadConfig, read_artifact, write_artifact
from apps.classification.engine.evidence import EvidenceSource, document_vector
from apps.classification.engine.labels import OTHER
from apps.classification.engine.words import hashed_words, weigh

SINGLE_SOURCE = "single_source"
BY_DESCRIPTION = "by_description"
UNKNOWN_TYPE = "unknown_type"
_MOST_ALTERNATIVES = 4


@dataclass(frozen=True, slots=True)
class TypePrediction:
    """One document's type.

    `confidence` is a calibrated probability, or None where nothing was fitted to outcomes: a label known by its
    description only, or `other`. `flags`: `single_source` (all examples came from one source), `by_description`,
    `unknown_type` (no type fits). `alternatives` are the next best labels, best first.
    """

    label: str
    confidence: float | None
    alternatives: tuple[tuple[str, float | None], ...]
    flags: tuple[str, ...]
    model: str


@dataclass(frozen=True, slots=True)
class HeadWeights:
    """The fitted numbers; L learned labels, D dimensions of a vector, B buckets of hashed words.

    The evidence weights are shared by all labels, so they also serve labels without examples; `vectors`, `words` and
    `bias` belong to the learned labels, which come first in the configuration's order.
    """

    evidence: NDArray[np.float32]  # (evidence kinds,)
    vectors: NDArray[np.float32]  # (D, L)
    words: NDArray[np.float32]  # (B, L)
    bias: NDArray[np.float32]  # (L,)
    inverse_frequencies: NDArray[np.float32]  # (B,)
    description_vectors: NDArray[np.float32]  # (descriptions, D)
    description_owners: NDArray[np.int64]  # (descriptions,)


class TypeHead:
    """A loaded head. Immutable and safe to share between threads."""

    def __init__(self, config: HeadConfig, weights: HeadWeights) -> None:
        self.config = config
        self._weights = weights
        self._labels = [label.slug for label in config.labels]
        self._learned = sum(label.learned for label in config.labels)
        self._source = EvidenceSource(
            weights.description_vectors, weights.description_owners, [label.names for label in config.labels]
        )
        self._matcher = self._source.matcher()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `head.json` and `head.safetensors`; raises `ArtifactError` when the weights' hash is not the stated."""
        config, tensors = read_artifact(folder)
        floats = {name: tensor.astype(np.float32) for name, tensor in tensors.items() if name != "description_owners"}
        return cls(config, HeadWeights(**floats, description_owners=tensors["description_owners"].astype(np.int64)))

    def save(self, folder: Path) -> None:
        """Write both files; word weights as half floats, which changes no prediction that is not a tie."""
        weights = self._weights
        tensors: dict[str, NDArray[np.generic]] = {
            "evidence": weights.evidence,
            "vectors": weights.vectors,
            "words": weights.words.astype(np.float16),
            "bias": weights.bias,
            "inverse_frequencies": weights.inverse_frequencies.astype(np.float16),
            "description_vectors": weights.description_vectors.astype(np.float16),
            "description_owners": weights.description_owners.astype(np.int32),
        }
        write_artifact(folder, self.config, tensors)

    @property
    def model(self) -> str:
        """Identity of the head, as predictions carry it."""
        return self.config.version

    def logits(self, chunk_vectors: NDArray[np.float32], text: str) -> NDArray[np.float32]:
        """Return the uncalibrated scores of all labels, learned ones first."""
        weights = self._weights
        vector = document_vector(chunk_vectors, dimensions=weights.vectors.shape[0])
        scores = self._source.evidence(vector, text, self._matcher) @ weights.evidence
        indices, values = hashed_words(text, buckets=len(weights.inverse_frequencies))
        weighed = weigh(indices, values, weights.inverse_frequencies)
        scores[: self._learned] += vector @ weights.vectors + weighed @ weights.words[indices] + weights.bias
        scores[self._learned :] += self.config.description_offset
        return np.asarray(scores, dtype=np.float32)

    def predict(self, chunk_vectors: NDArray[np.float32], text: str) -> TypePrediction:
        """Type a document.

        `chunk_vectors` are the encoder's vectors of its chunks in reading order, shape (n, D), n may be 0; `text` is
        the text of its pages in order. Only the beginning of both is read.
        """
        scores = self.logits(chunk_vectors, text)
        learned = softmax(scores[: self._learned] / self.config.temperature)
        confidences: list[float | None] = [float(value) for value in learned]
        confidences += [None] * (len(scores) - self._learned)
        order = np.argsort(-scores, kind="stable")
        ranked = [(self._labels[index], confidences[index]) for index in order[: _MOST_ALTERNATIVES + 1]]
        if not text.strip() or float(lead(scores)) < self.config.other_threshold:
            return TypePrediction(OTHER, None, tuple(ranked[:_MOST_ALTERNATIVES]), (UNKNOWN_TYPE,), self.model)
        best = self.config.labels[int(order[0])]
        flags = (SINGLE_SOURCE,) if best.single_source else () if best.learned else (BY_DESCRIPTION,)
        return TypePrediction(best.slug, ranked[0][1], tuple(ranked[1:]), flags, self.model)


def lead(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return how far the best score lies above the mean of all, along the last axis; small where nothing fits.

    AUROC with types left out, mean / worst: .90 / .75; of the highest probability .89 / .70, of the highest score .85 /
    .54.
    """
    return np.asarray(scores.max(axis=-1) - scores.mean(axis=-1), dtype=np.float64)


def softmax(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return probabilities along the last axis, computed in double precision."""
    shifted = np.asarray(scores, dtype=np.float64)
    shifted = np.exp(shifted - shifted.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float64)
