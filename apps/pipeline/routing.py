"""What follows from events: which finished documents a person should look at, and what to forget."""

from uuid import UUID

from apps.classification.selectors import prediction_of
from apps.core.models import OutboxEvent
from apps.documents.models import Document, TypeSource
from apps.documents.services import bytes_forget
from apps.review import services as review
from apps.search.services import forget_document

SURE = 0.9


def on_run_finished(event: OutboxEvent) -> None:
    """Ask a person about the type where the model is not sure, or has no right to be."""
    document = Document.objects.filter(pk=UUID(event.data["document_id"])).first()
    if document is None or document.type_source == TypeSource.HUMAN:
        return
    prediction = prediction_of(reading_id=UUID(event.data["reading_id"]))
    if prediction is None:
        return
    if prediction.probability is None:
        reason = "The type was chosen by its description alone."
    elif prediction.probability < SURE:
        reason = f"The model is {prediction.probability:.0%} sure of the type."
    elif "single_source" in prediction.flags:
        reason = "The model knows this type from one source only."
    else:
        review.task_close(document_id=document.pk, kind="TYPE")
        return
    review.task_open(document=document, kind="TYPE", reason=reason)


def on_document_purged(event: OutboxEvent) -> None:
    """Take a document that was deleted for good out of the index, and its bytes away should a crash have left them."""
    forget_document(document_id=event.subject_id)
    bytes_forget(workspace_id=event.workspace_id, hashes=event.data.get("unused", ()))
