"""Reading review tasks, corrections, and what a person may say a document is."""

from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.classification.engine.labels import OTHER, TYPE_LABELS
from apps.documents.selectors import types_in, visible_to
from apps.review.models import Correction, ReviewTask, TaskKind


def known_types(*, workspace_id: UUID) -> list[str]:
    """Return the slugs a document's type may be: the built-in types, `other`, and the workspace's own."""
    built_in = [*(label.slug for label in TYPE_LABELS), OTHER]
    return [*built_in, *(slug for slug in types_in(workspace_id=workspace_id) if slug not in built_in)]


def open_tasks(*, user: User, workspace_id: UUID, kind: str = "") -> QuerySet[ReviewTask]:
    """Return the open questions (of one kind) about documents that the user may see, oldest first."""
    documents = visible_to(user=user, workspace_id=workspace_id)
    tasks = ReviewTask.objects.filter(done_at__isnull=True, document__in=documents)
    if kind:
        tasks = tasks.filter(kind=kind)
    return tasks.select_related("document").order_by("id")


def corrections_of(*, document_id: UUID) -> QuerySet[Correction]:
    """Return a document's human decisions, newest first."""
    return Correction.objects.filter(document_id=document_id).order_by("-id")


def is_bundle_decided(*, document_id: UUID) -> bool:
    """Tell whether a person has said already if a document is a bundle."""
    return Correction.objects.filter(document_id=document_id, subject="bundle").exists()


def bundle_question_of(*, document_id: UUID) -> ReviewTask | None:
    """Return the open question whether a document is several."""
    return ReviewTask.objects.filter(document_id=document_id, kind=TaskKind.BUNDLE, done_at=None).first()
