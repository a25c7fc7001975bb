"""What says what a document is: a workspace's head, or the model that is configured in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.document_text import READ_PAGES, DocumentText
from apps.classification.engine.features import DocumentFeatures
from apps.classification.engine.head import TypeHead, TypePrediction
from apps.classification.models import ModelVersion
from apps.extraction.selectors import page_blocks
from apps.pipeline.typed_text import typed_text
from apps.search.selectors import StoredPassage


@dataclass(frozen=True)
class Seen:
    """What a document is typed from: its leading passages with the vectors stored for search, and its text."""

    reading_id: UUID
    passages: Sequence[StoredPassage]
    text: str

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """The passages' vectors, shape (passages, dimensions)."""
        return np.asarray([passage.vector for passage in self.passages], dtype=np.float32)

    @cached_property
    def document(self) -> DocumentText:
        """The leading pages' bodies too, for models that cut passages of their own."""
        return typed_text(page_blocks(reading_id=self.reading_id, first=1, last=READ_PAGES))

    def features(self, base: TypeHead) -> DocumentFeatures:
        """Return what a head sees of it, computed once for each head."""
        if base not in self._features:
            self._features[base] = DocumentFeatures.of(base, self.vectors, self.text)
        return self._features[base]

    @cached_property
    def _features(self) -> dict[TypeHead, DocumentFeatures]:
        return {}


class Typist(Protocol):
    """Says what a document is."""

    @property
    def version(self) -> ModelVersion:
        """The version that predictions name."""

    @property
    def producer(self) -> str:
        """What its scores come from, as certificates name it."""

    def predict(self, seen: Seen) -> TypePrediction:
        """Type a document."""

    def why(self, seen: Seen, label: str) -> dict[str, Any]:
        """Return what spoke for a type (see `why.explained`); empty where that is not known."""
