"""What models say of readings, and what they saw of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from apps.classification.engine.head import TypePrediction
from apps.classification.experiments.selectors import Place
from apps.classification.models import ModelVersion, Prediction, TypeFeatures
from apps.core.clock import now
from apps.core.generations import bump_on_commit
from apps.documents import services as documents
from apps.documents.models import Reading, TypeSource


@dataclass(frozen=True)
class SeenFeatures:
    """A reading's packed features, a name of encoder, head and types that made them, and what spoke for its type."""

    made_by: str
    data: bytes
    explanation: dict[str, Any] = field(default_factory=dict)


def prediction_store(
    *,
    workspace_id: UUID,
    reading_id: UUID,
    document_id: UUID,
    version: ModelVersion,
    found: TypePrediction,
    features: SeenFeatures,
    place: Place | None = None,
    is_shown: bool = True,
) -> Prediction:
    """Store what a model said and saw, and show it on the document unless a person has spoken, or it is not wanted."""
    prediction = _store(workspace_id, reading_id, version, found, place, features.explanation)
    _features_write(features.made_by, {reading_id: features.data})
    if is_shown:
        documents.document_set_type(
            document_id=document_id, label=found.label, confidence=found.confidence, source=TypeSource.MODEL
        )
    bump_on_commit(workspace_id)
    return prediction


def shadow_store(
    *, workspace_id: UUID, reading_id: UUID, version: ModelVersion, found: TypePrediction, place: Place
) -> None:
    """Store what the other version of an experiment said; nobody is shown it."""
    _store(workspace_id, reading_id, version, found, place)


def predictions_store(
    *, workspace_id: UUID, version: ModelVersion, found: Iterable[tuple[UUID, TypePrediction]]
) -> None:
    """Store what a version said of many readings, in place of what it said of them before: it counts as said now."""
    rows = [
        Prediction(reading_id=reading_id, model_version=version, **_values(workspace_id, each))
        for reading_id, each in found
    ]
    Prediction.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["reading", "model_version"],
        update_fields=["label", "probability", "alternatives", "flags", "explanation", "is_shadow", "created_at"],
    )


def features_store(*, made_by: str, data: Mapping[UUID, bytes]) -> None:
    """Keep the packed features of readings, in place of those they had; readings that are gone are passed over."""
    there = set(Reading.objects.filter(pk__in=list(data)).values_list("pk", flat=True))
    _features_write(made_by, {pk: each for pk, each in data.items() if pk in there})


def _features_write(made_by: str, data: Mapping[UUID, bytes]) -> None:
    TypeFeatures.objects.bulk_create(
        [TypeFeatures(reading_id=pk, made_by=made_by, data=each) for pk, each in data.items()],
        update_conflicts=True,
        unique_fields=["reading"],
        update_fields=["made_by", "data"],
    )


def predictions_take_over(*, before: Reading, after: Reading) -> None:
    """Hand on what was said and seen of a reading to the one that takes over its pages."""
    Prediction.objects.filter(reading=before).update(reading=after)
    TypeFeatures.objects.filter(reading=before).update(reading=after)


def _store(
    workspace_id: UUID,
    reading_id: UUID,
    version: ModelVersion,
    found: TypePrediction,
    place: Place | None,
    explanation: dict[str, Any] | None = None,
) -> Prediction:
    values = _values(workspace_id, found) | {"explanation": explanation or {}}
    if place is not None:
        values |= {"experiment_id": place.experiment_id, "arm": place.arm, "is_shadow": place.is_shadow}
    made = Prediction(reading_id=reading_id, model_version=version, **values)
    (prediction,) = Prediction.objects.bulk_create(
        [made], update_conflicts=True, unique_fields=["reading", "model_version"], update_fields=list(values)
    )
    return prediction


def _values(workspace_id: UUID, found: TypePrediction) -> dict[str, object]:
    return {
        "workspace_id": workspace_id,
        "label": found.label,
        "probability": found.confidence,
        "alternatives": [{"label": label, "confidence": confidence} for label, confidence in found.alternatives],
        "flags": list(found.flags),
        "is_shadow": False,
        "created_at": now(),
    }
