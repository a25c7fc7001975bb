"""The document-type head: chunk vectors and text in, a label with a calibrated confidence out. numpy only."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.artifact import HeadConfig, HeadLabel, read_artifact, write_artifact
from apps.classification.engine.evidence import EvidenceSource, document_vector, evidence_of, first_vector, named_shares
from apps.classification.engine.labels import OTHER
from apps.classification.engine.novelty import Scores, knownness
from apps.classification.engine.sentences import rarities
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
    """The fitted numbers; L learned labels, D dimensions of a vector, B buckets of hashed words, N names of all labels.

    The evidence weights are shared by all labels, so they also serve labels without examples; `vectors` (of the
    document), `firsts` (of its first chunk), `words` and `bias` belong to the learned labels, which come first in the
    configuration's order. `like_vectors` and `like_words` give a document's likeness to a label's examples.
    """

    evidence: NDArray[np.float32]  # (evidence kinds,)
    name_weights: NDArray[np.float32]  # (2, N)
    vectors: NDArray[np.float32]  # (D, L)
    firsts: NDArray[np.float32]  # (D, L)
    words: NDArray[np.float32]  # (B, L)
    bias: NDArray[np.float32]  # (L,)
    like_vectors: NDArray[np.float32]  # (D, L)
    like_words: NDArray[np.float32]  # (B, L)
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
        self._offsets = np.array([_offset(config, label) for label in config.labels])
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
        """Write both files; large tensors as half floats, which changes no prediction that is not a tie."""
        tensors: dict[str, NDArray[np.generic]] = {}
        for field in fields(self._weights):
            tensor = getattr(self._weights, field.name)
            kind = np.int32 if field.name == "description_owners" else np.float16 if tensor.ndim > 1 else np.float32
            tensors[field.name] = tensor.astype(kind)
        write_artifact(folder, self.config, tensors)

    @property
    def weights(self) -> HeadWeights:
        """The fitted numbers."""
        return self._weights

    def with_labels(self, labels: Sequence[HeadLabel], description_vectors: NDArray[np.float32]) -> Self:
        """Return a head that knows more labels by their description, one vector (D,) for each.

        Everything learned stays as it is; the new labels' names count by their rarity (`rarities`).
        """
        old = self._weights
        added = [rarities(label.names, old.inverse_frequencies) for label in labels]
        weights = replace(
            old,
            name_weights=np.concatenate([old.name_weights, *added], axis=1),
            description_vectors=np.concatenate([old.description_vectors, description_vectors]),
            description_owners=np.concatenate(
                [old.description_owners, np.arange(len(labels), dtype=np.int64) + len(self._labels)]
            ),
        )
        return type(self)(replace(self.config, labels=(*self.config.labels, *labels)), weights)

    @property
    def own(self) -> int:
        """How many labels people added, the last ones."""
        return sum(label.by_sentence for label in self.config.labels)

    @property
    def model(self) -> str:
        """Identity of the head, as predictions carry it."""
        return self.config.version

    def scores(self, chunk_vectors: NDArray[np.float32], text: str) -> Scores:
        """Return the uncalibrated scores of all labels, learned ones first."""
        weights, learned = self._weights, self._learned
        vector = document_vector(chunk_vectors, dimensions=len(weights.vectors))
        first = first_vector(chunk_vectors, dimensions=len(weights.vectors))
        found = self._matcher.find(text)
        evidence = evidence_of(self._source.similarities(vector), found, weights.name_weights, self._matcher.owners)
        indices, values = hashed_words(text, buckets=len(weights.inverse_frequencies))
        weighed = weigh(indices, values, weights.inverse_frequencies)
        likeness = np.zeros(len(self._labels))
        likeness[:learned] = vector @ weights.like_vectors + weighed @ weights.like_words[indices]
        logits = (evidence @ weights.evidence).astype(np.float64)
        logits[:learned] += vector @ weights.vectors + first @ weights.firsts + weighed @ weights.words[indices]
        logits[:learned] += weights.bias + self.config.likeness_share * likeness[:learned]
        return Scores(logits + self._offsets, likeness, evidence[:, 1].astype(np.float64))

    def named(self, text: str, place: int) -> dict[str, float]:
        """Return the names of a label that stand in a text, and what each adds to its score."""
        owned = self._matcher.owners == place
        found = self._matcher.find(text)[:, owned]
        shares = named_shares(found, self._weights.name_weights[:, owned], self._weights.evidence)
        names = self.config.labels[place].names
        return {names[number]: float(shares[number]) for number in np.flatnonzero(found.any(axis=0)).tolist()}

    def predict(self, chunk_vectors: NDArray[np.float32], text: str) -> TypePrediction:
        """Type a document.

        `chunk_vectors` are the encoder's vectors of its chunks in reading order, shape (n, D), n may be 0; `text` is
        the text of its pages in order. Only the beginning of both is read.
        """
        return self.decide(self.scores(chunk_vectors, text), has_text=bool(text.strip()))

    def decide(self, scores: Scores, *, has_text: bool) -> TypePrediction:
        """Type a document by its scores."""
        learned = softmax(scores.logits[: self._learned] / self.config.temperature)
        confidences: list[float | None] = [float(value) for value in learned]
        confidences += [None] * (len(self._labels) - self._learned)
        order = np.argsort(-scores.logits, kind="stable")
        ranked = [(self._labels[index], confidences[index]) for index in order[: _MOST_ALTERNATIVES + 1]]
        known = knownness(scores, np.array(self.config.known_weights), self.own)
        if not has_text or float(known) < self.config.other_threshold:
            return TypePrediction(OTHER, None, tuple(ranked[:_MOST_ALTERNATIVES]), (UNKNOWN_TYPE,), self.model)
        best = self.config.labels[int(order[0])]
        flags = (SINGLE_SOURCE,) if best.single_source else () if best.learned else (BY_DESCRIPTION,)
        return TypePrediction(best.slug, ranked[0][1], tuple(ranked[1:]), flags, self.model)


def _offset(config: HeadConfig, label: HeadLabel) -> float:
    """Return what a label gets because it has no examples: the less is known of it, the less evidence is found."""
    if label.learned:
        return 0.0
    return config.sentence_offset if label.by_sentence else config.description_offset


def softmax(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return probabilities along the last axis, computed in double precision."""
    shifted = np.asarray(scores, dtype=np.float64)
    shifted = np.exp(shifted - shifted.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float64)
