"""Works through the ledger in this process: the real reading steps, and a type as a model would give it."""

from collections.abc import Sequence

from apps.classification.models import ModelState, ModelVersion, Prediction
from apps.documents.models import Document, TypeSource
from apps.documents.services import document_set_type
from apps.pipeline.outcome import Lease, Outcome
from apps.pipeline.tasks import _execute as execute_reading
from apps.pipeline.worker import work, work_in_batches


def model_version() -> ModelVersion:
    version, _ = ModelVersion.objects.get_or_create(
        workspace=None,
        family="document_type",
        version="test-1",
        defaults={"artifact_sha256": "0" * 64, "state": ModelState.ACTIVE},
    )
    return version


def say_type(document: Document, *, label: str = "invoice", probability: float = 0.8) -> Prediction:
    """Store what a model could have said of a document's current reading."""
    assert document.current_reading is not None
    prediction = Prediction.objects.create(
        workspace_id=document.workspace_id,
        reading=document.current_reading,
        model_version=model_version(),
        label=label,
        probability=probability,
        alternatives=[{"label": label, "confidence": probability}, {"label": "receipt", "confidence": 0.15}],
        flags=["single_source"],
    )
    document_set_type(document_id=document.pk, label=label, confidence=probability, source=TypeSource.MODEL)
    document.refresh_from_db()
    return prediction


def _nothing_to_store(leases: Sequence[Lease]) -> list[Outcome]:
    return [Outcome() for _ in leases]


def read_everything() -> None:
    """Execute all ready parts of the reading queue with the real engine."""
    while work(queue="reading", execute=execute_reading):
        pass


def process_everything() -> None:
    """Bring every run to its end; the encoder's steps store nothing, as with a document without text."""
    while work(queue="reading", execute=execute_reading) + work_in_batches(
        queue="encoder", execute=_nothing_to_store, size=16
    ):
        pass
