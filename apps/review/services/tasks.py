"""Questions to people: opened, and closed when they are answered."""

from uuid import UUID

from apps.core.clock import now
from apps.core.generations import bump_on_commit
from apps.core.prepared import Given, Prepared
from apps.documents.models import Document
from apps.review.models import ReviewTask, TaskPurpose

_OPEN = Prepared(lambda: ReviewTask.objects.filter(document_id=Given("document_id"), kind=Given("kind"), done_at=None))


def task_open(*, document: Document, kind: str, reason: str, purpose: TaskPurpose = TaskPurpose.DOUBT) -> ReviewTask:
    """Ask a person about a document, unless the same question is open already: then for the reason there is now."""
    task, is_new = ReviewTask.objects.get_or_create(
        document=document,
        kind=kind,
        done_at=None,
        defaults={"workspace_id": document.workspace_id, "reason": reason[:200], "purpose": purpose},
    )
    if not is_new and (task.reason, task.purpose) != (reason[:200], purpose):
        task.reason, task.purpose = reason[:200], purpose
        task.save(update_fields=["reason", "purpose"])
    bump_on_commit(document.workspace_id)
    return task


def task_close(*, document_id: UUID, kind: str) -> None:
    """Note that a question is answered."""
    task = _OPEN.first(document_id=document_id, kind=kind)
    if task is not None:
        task.done_at = now()
        task.save(update_fields=["done_at"])
        bump_on_commit(task.workspace_id)
