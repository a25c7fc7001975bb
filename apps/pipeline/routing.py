"""What follows from events: whom to ask about finished documents, whose fields to read anew, what to forget."""

from contextlib import suppress
from typing import Final
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.classification.experiments.selectors import question_of
from apps.classification.models import RefitCause
from apps.classification.selectors import TAGS, prediction_of
from apps.classification.services import refit_request
from apps.core.errors import ConflictError
from apps.core.generations import bump_on_commit
from apps.core.models import OutboxEvent
from apps.core.prepared import Given, Prepared
from apps.documents.models import Document, TypeSource
from apps.documents.selectors import tags_were_said
from apps.documents.services import bytes_forget, document_lock
from apps.extraction.fields.services.refining import rankings_request
from apps.extraction.models import Extraction
from apps.pipeline.services.anew import MOST_AFTER_AN_EXAMPLE, fields_anew, fields_anew_some, fields_want
from apps.pipeline.table import INTERACTIVE
from apps.review.acceptance.certifying import certificate_evaluate
from apps.review.models import Certificate
from apps.review.services.accepting import acceptances_take_back_some
from apps.review.services.doubts import type_doubt, type_questions_route
from apps.review.services.warnings import warnings_refresh
from apps.search.services import forget_document

TAGS_GATHER_S: Final = 30.0
_DOCUMENT: Final = Prepared(lambda: Document.objects.filter(pk=Given("document_id")))
_READ_AS: Final = Prepared(lambda: Extraction.objects.filter(reading_id=Given("reading_id")).defer("codes"))


def on_run_finished(event: OutboxEvent) -> None:
    """Ask a person about the type where the model is not sure, has no right to be, or is compared with another."""
    document = _DOCUMENT.first(document_id=UUID(event.data["document_id"]))
    if document is None or document.type_source == TypeSource.HUMAN:
        return
    reading_id = UUID(event.data["reading_id"])
    prediction = prediction_of(reading_id=reading_id)
    if prediction is None:
        return
    type_questions_route(
        workspace_id=document.workspace_id,
        doubts={document.pk: type_doubt(probability=prediction.probability, flags=prediction.flags)},
        compared={document.pk: question_of(document_id=document.pk, reading_id=reading_id)},
    )
    bump_on_commit(document.workspace_id)


def on_spot_check_judged(event: OutboxEvent) -> None:
    """See what the checks of a certificate show by now."""
    certificate_evaluate(certificate_id=event.subject_id)


def on_acceptances_unwanted(event: OutboxEvent) -> None:
    """Take back some of what a certificate accepted, as long as the person who asked for it is there."""
    certificate = Certificate.objects.filter(pk=event.subject_id).first()
    by = User.objects.filter(pk=UUID(event.data["by"])).first()
    if certificate is not None and by is not None:
        acceptances_take_back_some(certificate=certificate, by=by)


def on_fields_outdated(event: OutboxEvent) -> None:
    """Read the fields anew where somebody said what the document is after its fields had been read."""
    _fields_of_new_type(UUID(event.data["document_id"]))


def on_type_corrected(event: OutboxEvent) -> None:
    """Read the fields of the type that a document has just got; one in the pipeline comes to it by itself.

    What people decided of its values was learned for the type that it had, and is for this one from now on.
    """
    _fields_of_new_type(event.subject_id)
    document = _DOCUMENT.first(document_id=event.subject_id)
    before = event.data.get("before")
    if document is not None and before != document.type_label:
        rankings_request(document=document, document_types=[before or "", document.type_label])


def _fields_of_new_type(document_id: UUID) -> None:
    document = _DOCUMENT.first(document_id=document_id)
    if document is None or document.current_reading_id is None:
        return
    # Without such a row the fields were not read, or reading them failed: trying for ever would help nobody.
    read_as = _READ_AS.first(reading_id=document.current_reading_id)
    if read_as is not None and read_as.document_type != document.type_label:
        with suppress(ConflictError):  # in the pipeline: the end of the run brings it back here
            fields_anew(document=document, lane=INTERACTIVE)


def on_field_example(event: OutboxEvent) -> None:
    """Look for a field that somebody has shown on the newest documents of the type."""
    fields_want(workspace_id=event.workspace_id, document_type=event.data["type"], left=MOST_AFTER_AN_EXAMPLE)


def on_fields_wanted(event: OutboxEvent) -> None:
    """Begin the next few of many runs."""
    before = event.data["before"]
    fields_anew_some(
        workspace_id=event.workspace_id,
        document_type=event.data["type"],
        before=UUID(before) if before else None,
        left=event.data["left"],
    )


def on_tags_decided(event: OutboxEvent) -> None:
    """Learn from what somebody said of tags."""
    refit_request(workspace_id=event.workspace_id, cause=RefitCause.CORRECTION, family=TAGS)


def on_tagged_read(event: OutboxEvent) -> None:
    """Learn tags that came with a document, once it is read; many come together, and are learned in one go."""
    if tags_were_said(document_id=UUID(event.data["document_id"])):
        refit_request(workspace_id=event.workspace_id, cause=RefitCause.CORRECTION, family=TAGS, after_s=TAGS_GATHER_S)


def on_document_restored(event: OutboxEvent) -> None:
    """Warn of what came in while a document lay in the trash, where nobody looked for others like it."""
    with transaction.atomic():
        if document_lock(document_id=event.subject_id):
            warnings_refresh(document=Document.objects.get(pk=event.subject_id))


def on_document_purged(event: OutboxEvent) -> None:
    """Take a document that was deleted for good out of the index, and its bytes away should a crash have left them."""
    forget_document(document_id=event.subject_id)
    bytes_forget(workspace_id=event.workspace_id, hashes=event.data.get("unused", ()))
