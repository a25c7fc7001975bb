"""Reading fields anew without reading pages anew: after a document's type or its schema changed, or an example.

The new reading takes over the pages, so that the one before keeps its values as history and nothing is done twice.
"""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from structlog import get_logger

from apps.accounts.models import User
from apps.classification.services import predictions_take_over
from apps.core import audit, outbox
from apps.core.errors import ConflictError
from apps.documents.models import Document, Reading
from apps.documents.services import document_lock
from apps.documents.taking_over import reading_succeed
from apps.extraction.fields.services.taking_over import found_take_over
from apps.pipeline.models import LIVE_RUN_STATES, PipelineRun, RunState, Trigger
from apps.pipeline.services.runs import config_hash, run_advance, run_lock
from apps.pipeline.table import BULK, STEPS
from apps.pipeline.version import PRODUCER
from apps.search.services import reading_take_over

log = get_logger(__name__)

STEP: Final = "fields"
AT_ONCE: Final = 20  # documents that one event starts: the sweeper has other things to do too
EVENT: Final = "fields.wanted"
MOST_AFTER_AN_EXAMPLE: Final = 200  # the newest ones: a person answers each


@transaction.atomic
def fields_anew(*, document: Document, lane: int, by: User | None = None) -> PipelineRun:
    """Begin a run that reads the fields only; raises ConflictError while one is under way or before the first one."""
    if not document_lock(document_id=document.pk):
        raise ConflictError("This document is gone.", code="not_finished")
    document.refresh_from_db()
    runs = PipelineRun.objects.filter(document=document)
    if runs.filter(state__in=LIVE_RUN_STATES).exists():
        raise ConflictError("This document is being processed already.", code="already_processing")
    earlier = runs.filter(reading__current_of=document).exclude(state=RunState.FAILED).first()
    if earlier is None:
        raise ConflictError("This document has not been read.", code="not_finished")
    _, after = _taken_over(document)
    run = PipelineRun.objects.create(
        workspace_id=document.workspace_id,
        document=document,
        reading=after,
        trigger=Trigger.FIELDS,
        lane=lane,
        planned=[step.name for step in STEPS if step.name != STEP],
        earlier_errors=[error for error in earlier.errors if error.get("step") != STEP],
    )
    run_advance(run=run_lock(run_id=run.pk))
    if by is not None:
        audit.record(
            action="document.fields_anew",
            object_kind="document",
            object_id=document.pk,
            workspace_id=document.workspace_id,
            actor=by,
            data={"run": str(run.pk)},
        )
    return run


def _taken_over(document: Document) -> tuple[Reading, Reading]:
    before, after = reading_succeed(document=document, producer=PRODUCER, config_hash=config_hash())
    found_take_over(before=before, after=after)
    predictions_take_over(before=before, after=after)
    reading_take_over(before=before.pk, after=after.pk)
    return before, after


@transaction.atomic
def schema_apply(*, workspace_id: UUID, document_type: str, by: User) -> int:
    """Have the fields of a type's documents ("" for all documents) read anew in the background; returns how many.

    People's words stay; documents that are being processed are passed over.
    """
    count = _documents_of(workspace_id, document_type).count()
    audit.record(
        action="schema.apply",
        object_kind="schema",
        object_id=None,
        workspace_id=workspace_id,
        actor=by,
        data={"type": document_type, "documents": count},
    )
    fields_want(workspace_id=workspace_id, document_type=document_type)
    return count


def fields_want(*, workspace_id: UUID, document_type: str, before: UUID | None = None, left: int | None = None) -> None:
    """Ask for the fields of a type's documents, newest first: those older than `before`, at most `left` of them."""
    data = {"type": document_type, "before": str(before) if before else None, "left": left}
    outbox.publish(kind=EVENT, workspace_id=workspace_id, subject_id=workspace_id, data=data)


def fields_anew_some(
    *, workspace_id: UUID, document_type: str, before: UUID | None = None, left: int | None = None
) -> int:
    """Begin the next few runs of what `fields_want` asked for, and ask for the rest; returns how many were begun.

    Documents that are being processed are passed over: they are read by what is known then.
    """
    documents = _documents_of(workspace_id, document_type)
    if before is not None:
        documents = documents.filter(pk__lt=before)
    chosen = list(documents.order_by("-pk")[: min(AT_ONCE, AT_ONCE if left is None else left)])
    begun = sum(_begin(document) for document in chosen)
    rest = None if left is None else left - len(chosen)
    if len(chosen) == AT_ONCE and (rest is None or rest > 0):
        fields_want(workspace_id=workspace_id, document_type=document_type, before=chosen[-1].pk, left=rest)
    return begun


def _begin(document: Document) -> bool:
    try:
        fields_anew(document=document, lane=BULK)
    except ConflictError:
        return False
    except Exception:  # one that cannot be begun must not keep all the others from their turn
        log.exception("fields_anew_failed", document=str(document.pk))
        return False
    return True


def _documents_of(workspace_id: UUID, document_type: str) -> QuerySet[Document]:
    documents = Document.objects.filter(workspace_id=workspace_id, deleted_at__isnull=True)
    return documents.filter(type_label=document_type) if document_type else documents
