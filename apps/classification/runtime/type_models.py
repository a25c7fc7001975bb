"""Types by a configured Hugging Face checkpoint, sequence classification or zero-shot NLI; torch loads with `load`."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.checkpoint_types import (
    UNFITTED,
    DescribedType,
    averaged,
    nothing_read,
    prediction,
    slugs_of_labels,
    temperature_beside,
)
from apps.classification.engine.document_text import DocumentText
from apps.classification.engine.evidence import READ_CHUNKS
from apps.classification.engine.head import BY_DESCRIPTION, TypePrediction
from apps.classification.runtime.encoder import batches_by_length, stay_offline
from apps.classification.runtime.model_files import ModelFiles, find_model

if TYPE_CHECKING:
    from apps.classification.runtime.sequence_checkpoint import SequenceCheckpoint


class TypeModel:
    """A loaded checkpoint that says what documents are; get one with `TypeModel.load`. Safe to use from threads.

    One whose labels name entailment is asked whether a document is of each type, by the types' sentences; the labels of
    any other one are the types.
    """

    def __init__(self, files: ModelFiles, checkpoint: "SequenceCheckpoint", threads: int = 1) -> None:
        self._files = files
        self._checkpoint = checkpoint
        self._slugs = slugs_of_labels(checkpoint.labels)
        self._entailment = entailment_place(checkpoint.labels)
        self._temperature = temperature_beside(files.folder) if self._entailment is None else None
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="type-model")

    @classmethod
    def load(cls, name: str, *, threads: int = 1, device: str = "auto") -> Self:
        """Load a local folder or a model of the local Hugging Face cache; never from the network.

        `threads` batches are computed side by side; `device` is as `device.chosen` says. Raises `ModelFilesError` for
        files that are missing or a model with fewer than two labels, `CalibrationError` for a calibration file that
        cannot be used, `DeviceError` and `DeviceFullError`.
        """
        files = find_model(name)
        stay_offline()
        from apps.classification.runtime.device import chosen  # noqa: PLC0415 - torch: 2 s, only when used
        from apps.classification.runtime.sequence_checkpoint import (  # noqa: PLC0415 - as above
            SequenceCheckpoint,
        )

        place = chosen(device)
        return cls(files, place.loaded(lambda: SequenceCheckpoint(files, place)), threads)

    @property
    def version(self) -> str:
        """Name and hash prefix of the weights."""
        return f"{self._files.name}@{self._files.sha256[:8]}"

    @property
    def sha256(self) -> str:
        """Hash of the weights."""
        return self._files.sha256

    def predict(self, documents: Sequence[DocumentText], types: Sequence[DescribedType]) -> list[TypePrediction]:
        """Say what documents are; `types` are those that a zero-shot model chooses from, one at least."""
        return self._by_labels(documents) if self._entailment is None else self._by_sentences(documents, types)

    def _by_labels(self, documents: Sequence[DocumentText]) -> list[TypePrediction]:
        """Average the log probabilities of a document's leading chunks."""
        chunks = [self._chunks(document, READ_CHUNKS) for document in documents]
        logits = self._logits([chunk for of_document in chunks for chunk in of_document])
        scores = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
        found, at = [], 0
        for of_document in chunks:
            rows = scores[at : at + len(of_document)]
            at += len(of_document)
            found.append(self._said(averaged(rows)) if of_document else nothing_read(self.version))
        return found

    def _said(self, scores: NDArray[np.float64]) -> TypePrediction:
        flags = (UNFITTED,) if self._temperature is None else ()
        return prediction(self._slugs, scores, model=self.version, temperature=self._temperature, flags=flags)

    def _by_sentences(self, documents: Sequence[DocumentText], types: Sequence[DescribedType]) -> list[TypePrediction]:
        """Ask of a document's first chunk alone, as often as there are types: more chunks would cost as much again."""
        beginnings = [self._chunks(document, 1) for document in documents]
        sentences = [f"This document is of the type {each.name}: {each.description}" for each in types]
        logits = self._logits(
            [chunk for of_document in beginnings for chunk in of_document for _ in sentences],
            [sentence for of_document in beginnings for _ in of_document for sentence in sentences],
        )
        entailed = iter(logits[:, self._entailment].reshape(-1, len(types)))
        slugs, flags = [each.slug for each in types], (BY_DESCRIPTION,)
        return [
            prediction(slugs, next(entailed), model=self.version, flags=flags) if chunks else nothing_read(self.version)
            for chunks in beginnings
        ]

    def _chunks(self, document: DocumentText, most: int) -> list[str]:
        """Return the texts of the first chunks; none crosses a page."""
        chunks: list[str] = []
        for body in document.bodies:
            chunks += [body[span.start : span.end] for span in self._checkpoint.windows(body)]
            if len(chunks) >= most:
                break
        return chunks[:most]

    def _logits(self, texts: Sequence[str], seconds: Sequence[str] | None = None) -> NDArray[np.float64]:
        """Return the scores of texts, or of pairs of texts, shape (texts, labels)."""
        found = np.zeros((len(texts), len(self._slugs)))
        rows = self._checkpoint.tokenised(texts, seconds)
        at_once = self._checkpoint.device.tokens_per_batch()
        batches = list(batches_by_length([len(row["input_ids"]) for row in rows], at_once))
        compute = self._pool.map if len(batches) > 1 else map
        scored = compute(self._checkpoint.logits, [[rows[number] for number in batch] for batch in batches])
        for batch, scores in zip(batches, scored, strict=True):
            found[batch] = scores
        return found


def entailment_place(labels: Sequence[str]) -> int | None:
    """Return which label says that one text follows from another; None where the labels are types."""
    return next((place for place, label in enumerate(labels) if label.lower().startswith("entail")), None)
