"""Model versions and predictions."""

from uuid import UUID

from apps.classification.engine.head import TypePrediction
from apps.classification.heads import DOCUMENT_TYPE, card
from apps.classification.models import ModelState, ModelVersion, Prediction
from apps.core.generations import bump_on_commit
from apps.documents import services as documents
from apps.documents.models import Reading, TypeSource

FAMILY = "document_type"


def shipped_version() -> ModelVersion:
    """Return the row of the type head that ships with docintel, made when it is first used."""
    found = card(DOCUMENT_TYPE)
    version, _ = ModelVersion.objects.get_or_create(
        workspace=None,
        family=FAMILY,
        version=found.version,
        defaults={
            "artifact_sha256": found.sha256,
            "dataset_hash": found.dataset_hash,
            "metrics": found.metrics,
            "calibration": found.calibration,
        },
    )
    if version.state != ModelState.ACTIVE:  # new, or back after a later one was taken out again
        others = ModelVersion.objects.filter(workspace=None, family=FAMILY, state=ModelState.ACTIVE)
        others.update(state=ModelState.RETIRED)
        version.state = ModelState.ACTIVE
        version.save(update_fields=["state"])
    return version


def prediction_store(*, workspace_id: UUID, reading_id: UUID, document_id: UUID, found: TypePrediction) -> Prediction:
    """Store what the model said, and show it on the document unless a person has spoken."""
    alternatives = [{"label": label, "confidence": confidence} for label, confidence in found.alternatives]
    prediction, _ = Prediction.objects.update_or_create(
        reading_id=reading_id,
        model_version=shipped_version(),
        defaults={
            "workspace_id": workspace_id,
            "label": found.label,
            "probability": found.confidence,
            "alternatives": alternatives,
            "flags": list(found.flags),
        },
    )
    documents.document_set_type(
        document_id=document_id, label=found.label, confidence=found.confidence, source=TypeSource.MODEL
    )
    bump_on_commit(workspace_id)
    return prediction


def predictions_take_over(*, before: Reading, after: Reading) -> None:
    """Hand on what was said of a reading to the one that takes over its pages."""
    Prediction.objects.filter(reading=before).update(reading=after)
