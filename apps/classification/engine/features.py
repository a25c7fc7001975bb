"""What a document's type is told by, packed into a few kilobytes, and many documents' as matrices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from apps.classification.engine.evidence import document_vector
from apps.classification.engine.head import TypeHead
from apps.classification.engine.novelty import Scores
from apps.classification.engine.training.examples import unit_rows
from apps.classification.engine.words import hashed_words

# To be raised when a text gives other features or scores with the same head: what is stored is made anew then.
RULES: Final = 2
# As in training: documents whose words are closer than this are never on both sides of a fold.
_NEAR_DUPLICATE_COSINE: Final = 0.95


class _Packed(msgspec.Struct, array_like=True):
    """The arrays' bytes: half floats, where no score needs more."""

    vector: bytes
    indices: bytes
    values: bytes
    scores: bytes
    has_text: bool


@dataclass(frozen=True, slots=True)
class DocumentFeatures:
    """One document: its vector (D,), hashed words, and what the base head says of it."""

    vector: NDArray[np.float32]
    indices: NDArray[np.int64]
    values: NDArray[np.float32]
    scores: Scores
    has_text: bool

    @classmethod
    def of(cls, head: TypeHead, chunk_vectors: NDArray[np.float32], text: str) -> Self:
        """Compute the features of a document; arguments as of `TypeHead.predict`."""
        weights = head.weights
        indices, values = hashed_words(text, buckets=len(weights.inverse_frequencies))
        return cls(
            vector=document_vector(chunk_vectors, dimensions=len(weights.vectors)),
            indices=indices,
            values=values,
            scores=head.scores(chunk_vectors, text),
            has_text=bool(text.strip()),
        )

    def packed(self) -> bytes:
        """Return them as bytes, two to four kilobytes."""
        packed = _Packed(
            vector=self.vector.astype(np.float16).tobytes(),
            indices=self.indices.astype(np.uint16).tobytes(),
            values=self.values.astype(np.float16).tobytes(),
            scores=np.stack(self.scores).astype(np.float32).tobytes(),
            has_text=self.has_text,
        )
        return msgspec.msgpack.encode(packed)

    @classmethod
    def unpacked(cls, data: bytes | memoryview) -> Self:
        """Read what `packed` wrote."""
        packed = msgspec.msgpack.decode(data, type=_Packed)
        scores = np.frombuffer(packed.scores, dtype=np.float32).reshape(3, -1).astype(np.float64)
        return cls(
            vector=np.frombuffer(packed.vector, dtype=np.float16).astype(np.float32),
            indices=np.frombuffer(packed.indices, dtype=np.uint16).astype(np.int64),
            values=np.frombuffer(packed.values, dtype=np.float16).astype(np.float32),
            scores=Scores(*scores),
            has_text=packed.has_text,
        )


@dataclass(frozen=True, slots=True)
class FeatureMatrix:
    """Many documents: vectors (n, D), words (n, B), the base head's scores (n, labels), whether there is text (n,)."""

    vectors: NDArray[np.float32]
    words: csr_matrix
    scores: Scores
    has_text: NDArray[np.bool_]

    @classmethod
    def of(cls, documents: Sequence[DocumentFeatures], *, buckets: int) -> Self:
        """Stack at least one document."""
        ends = np.cumsum([0, *(len(document.indices) for document in documents)])
        indices = np.concatenate([document.indices for document in documents])
        values = np.concatenate([document.values for document in documents]).astype(np.float64)
        return cls(
            vectors=np.stack([document.vector for document in documents]),
            words=csr_matrix((values, indices, ends), shape=(len(documents), buckets)),
            scores=Scores(*(np.stack(parts) for parts in zip(*(d.scores for d in documents), strict=True))),
            has_text=np.array([document.has_text for document in documents]),
        )

    def take(self, rows: NDArray[np.int64]) -> Self:
        """Return some of the documents."""
        return type(self)(
            vectors=self.vectors[rows],
            words=csr_matrix(self.words[rows]),
            scores=Scores(*(part[rows] for part in self.scores)),
            has_text=self.has_text[rows],
        )

    def groups(self, inverse_frequencies: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return one number for documents that are near-duplicates, directly or through others."""
        words = unit_rows(self.words, inverse_frequencies)
        close = csr_matrix(words @ words.T) >= _NEAR_DUPLICATE_COSINE
        return np.asarray(connected_components(close, directed=False)[1], dtype=np.int64)
