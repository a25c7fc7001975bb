"""The checkpoint that says what documents are in place of the heads, where one is configured."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.classification.engine.checkpoint_types import DescribedType, built_in_types
from apps.classification.engine.head import TypePrediction
from apps.classification.models import ModelVersion
from apps.classification.runtime.type_models import TypeModel
from apps.classification.selectors import labels_in
from apps.classification.services.versions import configured_version
from apps.pipeline.encoder.models import type_model
from apps.pipeline.encoder.typist import Seen


@dataclass(frozen=True)
class ConfiguredModel:
    """A checkpoint, the types it may choose from where it is a zero-shot one, and the version predictions name."""

    model: TypeModel
    types: list[DescribedType]
    version: ModelVersion

    @property
    def producer(self) -> str:
        """What its scores come from."""
        return self.model.version

    def predict(self, seen: Seen) -> TypePrediction:
        """Type a document from its text."""
        return self.model.predict([seen.document], self.types)[0]

    def why(self, seen: Seen, label: str) -> dict[str, Any]:
        """Return nothing: such a model does not tell what spoke for a type."""
        del seen, label
        return {}


def configured_model(workspace_id: UUID) -> ConfiguredModel | None:
    """Give the configured model with a workspace's types; None where heads type documents."""
    if not settings.TYPE_MODEL:
        return None
    model = type_model()
    own = labels_in(workspace_id=workspace_id).order_by("id")
    return ConfiguredModel(
        model=model,
        types=[*built_in_types(), *(DescribedType(each.slug, each.name, each.description) for each in own)],
        version=configured_version(version=model.version, sha256=model.sha256),
    )
