"""What people ask for once more: reading documents anew, trying failed parts again. Who asked is recorded."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core import audit
from apps.core.errors import ConflictError
from apps.documents.models import Document
from apps.pipeline.models import PipelineRun, Trigger
from apps.pipeline.services.runs import run_retry_dead, run_start


@transaction.atomic
def document_reprocess(*, document: Document, by: User) -> PipelineRun:
    """Read a document anew, beside its current reading; raises ConflictError while a run is under way."""
    run = run_start(document=document, trigger=Trigger.REPROCESS)
    _record("document.reprocess", run=run, by=by)
    return run


def documents_reprocess(*, documents: Iterable[Document], by: User) -> int:
    """Read documents anew; those that are being processed are passed over. Returns how many were started."""
    started = 0
    for document in documents:
        try:
            document_reprocess(document=document, by=by)
        except ConflictError:
            continue
        started += 1
    return started


@transaction.atomic
def run_retry(*, run_id: UUID, by: User) -> int:
    """Make a run's dead letters ready again; returns how many there were, 0 where nothing can be retried."""
    count = run_retry_dead(run_id=run_id)
    if count:
        _record("document.retry", run=PipelineRun.objects.get(pk=run_id), by=by, parts=count)
    return count


def _record(action: str, *, run: PipelineRun, by: User, **more: int) -> None:
    audit.record(
        action=action,
        object_kind="document",
        object_id=run.document_id,
        workspace_id=run.workspace_id,
        actor=by,
        data={"run": str(run.pk), **more},
    )
