"""Labelled documents as matrices: vectors, hashed words and names, with their sources and groups."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from apps.classification.engine.evidence import EvidenceSource, document_vector, evidence_of, first_vector, name_weights
from apps.classification.engine.sentences import rarities
from apps.classification.engine.words import NameMatcher, hashed_words

WORD_BUCKETS = 8192
# Documents whose word vectors are closer than this are near-duplicates and stay in one fold.
_NEAR_DUPLICATE_COSINE = 0.95


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled document. `group` names what belongs together (a seller, an author); `kind` is the file's kind."""

    text: str
    chunk_vectors: NDArray[np.float32]
    label: str
    source: str
    licence: str
    group: str
    kind: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ExampleMatrix:
    """Features of n documents; similarities and names are of every label of `label_order`, learned or not."""

    label_order: tuple[str, ...]
    labels: NDArray[np.str_]  # (n,)
    sources: NDArray[np.str_]  # (n,) unique within a label: "label|source"
    groups: NDArray[np.int64]  # (n,)
    kinds: NDArray[np.str_]  # (n,)
    vectors: NDArray[np.float64]  # (n, D)
    firsts: NDArray[np.float64]  # (n, D), of the first chunk alone
    words: csr_matrix  # (n, WORD_BUCKETS), 1 + log(count)
    similarities: NDArray[np.float32]  # (n, labels)
    names: NDArray[np.bool_]  # (n, 2, names), in the title and in the text
    name_owners: NDArray[np.int64]  # (names,), columns of `label_order`

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Self:
        """Return some of the documents."""
        return replace(
            self,
            labels=self.labels[rows],
            sources=self.sources[rows],
            groups=self.groups[rows],
            kinds=self.kinds[rows],
            vectors=self.vectors[rows],
            firsts=self.firsts[rows],
            words=self.words[rows],
            similarities=self.similarities[rows],
            names=self.names[rows],
        )

    def learnable(self) -> tuple[str, ...]:
        """Return the labels that have examples, in `label_order`."""
        present = set(self.labels.tolist())
        return tuple(label for label in self.label_order if label in present)

    def columns(self) -> NDArray[np.int64]:
        """Return the column of every document's label."""
        return np.array([self.label_order.index(label) for label in self.labels.tolist()], dtype=np.int64)

    def name_weights(self) -> NDArray[np.float32]:
        """Return how much each name says, as these documents show it."""
        return name_weights(self.names, self.name_owners, self.columns())

    def evidence(self, weights: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the evidence for every label, shape (n, labels, kinds of evidence)."""
        return evidence_of(self.similarities, self.names, weights, self.name_owners).astype(np.float64)


def build_matrix(examples: Sequence[Example], source: EvidenceSource, label_order: Sequence[str]) -> ExampleMatrix:
    """Compute the features of all examples."""
    matcher = source.matcher()
    dimensions = source.description_vectors.shape[1]
    vectors = [document_vector(example.chunk_vectors, dimensions=dimensions) for example in examples]
    firsts = [first_vector(example.chunk_vectors, dimensions=dimensions) for example in examples]
    words = word_matrix([example.text for example in examples])
    return ExampleMatrix(
        label_order=tuple(label_order),
        labels=np.array([example.label for example in examples]),
        sources=np.array([f"{example.label}|{example.source}" for example in examples]),
        groups=_groups_of(examples, words),
        kinds=np.array([example.kind for example in examples]),
        vectors=np.stack(vectors).astype(np.float64),
        firsts=np.stack(firsts).astype(np.float64),
        words=words,
        similarities=np.stack([source.similarities(vector) for vector in vectors]),
        names=np.stack([matcher.find(example.text) for example in examples]),
        name_owners=matcher.owners,
    )


@dataclass(frozen=True, slots=True)
class SentenceMatrix:
    """What n documents show of every label of `label_order` if it were known by its name and one sentence alone."""

    similarities: NDArray[np.float32]  # (n, labels)
    found: NDArray[np.bool_]  # (n, 2, names), in the title and in the text
    names: tuple[tuple[str, ...], ...]  # of each label
    owners: NDArray[np.int64]  # (names,)

    def evidence(self, rows: NDArray[np.bool_], frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the evidence of some documents for every label, shape (n, labels, kinds of evidence)."""
        weights = np.concatenate([rarities(of_label, frequencies) for of_label in self.names], axis=1)
        return evidence_of(self.similarities[rows], self.found[rows], weights, self.owners).astype(np.float64)


def sentence_matrix(
    texts: Sequence[str], vectors: NDArray[np.float64], names: Sequence[tuple[str, ...]], said: NDArray[np.float32]
) -> SentenceMatrix:
    """Compute it for texts and vectors (n, D) of documents; `names` and `said` (labels, D) in the labels' order."""
    matcher = NameMatcher(names)
    return SentenceMatrix(
        similarities=np.asarray(vectors @ said.T, dtype=np.float32),
        found=np.stack([matcher.find(text) for text in texts]),
        names=tuple(names),
        owners=matcher.owners,
    )


def group_numbers(examples: Sequence[Example]) -> NDArray[np.int64]:
    """Return one number for documents of one group or near-duplicates, shape (n,): what is not to be parted."""
    words = word_matrix([example.text for example in examples])
    return _groups_of(examples, words)


def _groups_of(examples: Sequence[Example], words: csr_matrix) -> NDArray[np.int64]:
    names = [f"{example.label}|{example.group}" for example in examples]
    return _joined_groups(names, unit_rows(words, inverse_frequencies(words)))


def inverse_frequencies(words: csr_matrix) -> NDArray[np.float64]:
    """Return the smoothed inverse document frequency of every bucket, at least 1."""
    documents = np.bincount(words.indices, minlength=words.shape[1])
    return np.asarray(np.log((1 + words.shape[0]) / (1 + documents)) + 1, dtype=np.float64)


def unit_rows(words: csr_matrix, frequencies: NDArray[np.float64]) -> csr_matrix:
    """Weigh the buckets and scale every row to unit length; empty rows stay empty."""
    weighed = csr_matrix(words @ diags(frequencies))
    lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    return csr_matrix(diags(1 / lengths) @ weighed)


def word_matrix(texts: Sequence[str]) -> csr_matrix:
    """Return the hashed words of texts, shape (n, WORD_BUCKETS), 1 + log(count)."""
    rows = [hashed_words(text, buckets=WORD_BUCKETS) for text in texts]
    ends = np.cumsum([0, *(len(indices) for indices, _ in rows)])
    data = np.concatenate([values for _, values in rows]).astype(np.float64)
    columns = np.concatenate([indices for indices, _ in rows])
    return csr_matrix((data, columns, ends), shape=(len(texts), WORD_BUCKETS))


def _joined_groups(names: Sequence[str], unit_words: csr_matrix) -> NDArray[np.int64]:
    """Return one number for documents that share a name or are near-duplicates, directly or through others."""
    parents = list(range(len(names)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    first_of: dict[str, int] = {}
    for index, name in enumerate(names):
        parents[root(index)] = root(first_of.setdefault(name, index))
    likeness = (unit_words @ unit_words.T).tocoo()
    close = likeness.data >= _NEAR_DUPLICATE_COSINE
    for one, other in zip(likeness.row[close].tolist(), likeness.col[close].tolist(), strict=True):
        parents[root(one)] = root(other)
    return np.array([root(index) for index in range(len(names))], dtype=np.int64)
