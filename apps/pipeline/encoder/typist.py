"""What says what a document is: a workspace's head, or the model that is configured in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.document_text import DocumentText
from apps.classification.engine.head import TypePrediction
from apps.classification.models import ModelVersion
from apps.search.selectors import StoredPassage


@dataclass(frozen=True)
class Seen:
    """What a document is typed from: its leading passages with the vectors stored for search, and its text."""

    passages: Sequence[StoredPassage]
    document: DocumentText

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """The passages' vectors, shape (passages, dimensions)."""
        return np.asarray([passage.vector for passage in self.passages], dtype=np.float32)


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
