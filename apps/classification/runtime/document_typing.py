"""Types documents from their text with a loaded encoder and head."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.checkpoint_types import built_in_types
from apps.classification.engine.document_text import DocumentText
from apps.classification.engine.evidence import READ_CHUNKS
from apps.classification.engine.head import TypeHead, TypePrediction
from apps.classification.runtime.encoder import Encoder
from apps.classification.runtime.type_models import TypeModel


def leading_chunks(encoder: Encoder, document: DocumentText) -> list[str]:
    """Return the texts of the first chunks, as many as a document's vector is made of; no chunk crosses a page."""
    chunks: list[str] = []
    for body in document.bodies:
        chunks += [body[span.start : span.end] for span in encoder.chunks(body)]
        if len(chunks) >= READ_CHUNKS:
            break
    return chunks[:READ_CHUNKS]


def encode_leading_chunks(encoder: Encoder, documents: Sequence[DocumentText]) -> list[NDArray[np.float32]]:
    """Encode the leading chunks of many documents in common batches; an array for each document."""
    chunks = [leading_chunks(encoder, document) for document in documents]
    vectors = encoder.encode([chunk for of_document in chunks for chunk in of_document])
    ends = np.cumsum([len(of_document) for of_document in chunks])
    return np.split(vectors, ends[:-1])


def type_documents(encoder: Encoder, head: TypeHead, documents: Sequence[DocumentText]) -> list[dict[str, Any]]:
    """Return the contract's `type` object of each document."""
    vectors = encode_leading_chunks(encoder, documents)
    return [
        as_contract(head.predict(of_document, document.text))
        for of_document, document in zip(vectors, documents, strict=True)
    ]


def type_by_checkpoint(model: TypeModel, documents: Sequence[DocumentText]) -> list[dict[str, Any]]:
    """Return the contract's `type` object of each document by a configured model, among the built-in types."""
    return [as_contract(said) for said in model.predict(documents, built_in_types())]


def as_contract(prediction: TypePrediction) -> dict[str, Any]:
    """Return a prediction as the analysis object's `type`, with its flags."""
    return {
        "label": prediction.label,
        "confidence": _rounded(prediction.confidence),
        "alternatives": [
            {"label": label, "confidence": _rounded(confidence)} for label, confidence in prediction.alternatives
        ],
        "model": prediction.model,
        "flags": list(prediction.flags),
    }


def _rounded(confidence: float | None) -> float | None:
    return None if confidence is None else round(confidence, 4)
