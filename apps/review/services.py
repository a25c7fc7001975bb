"""Opening and closing review tasks, and recording human decisions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core import audit
from apps.core.clock import now
from apps.core.errors import UserError
from apps.core.generations import bump_on_commit
from apps.documents import services as documents
from apps.documents.models import Document, TypeSource
from apps.review.models import Correction, ReviewTask
from apps.review.selectors import known_types


class UnknownTypeError(UserError):
    """The type is neither built in nor one of the workspace's own."""

    code = "unknown_type"


def task_open(*, document: Document, kind: str, reason: str) -> ReviewTask:
    """Ask a person about a document, unless the same question is open already."""
    task, _ = ReviewTask.objects.get_or_create(
        document=document,
        kind=kind,
        done_at=None,
        defaults={"workspace_id": document.workspace_id, "reason": reason[:200]},
    )
    bump_on_commit(document.workspace_id)
    return task


def task_close(*, document_id: UUID, kind: str) -> None:
    """Note that a question is answered."""
    task = ReviewTask.objects.filter(document_id=document_id, kind=kind, done_at=None).first()
    if task is not None:
        task.done_at = now()
        task.save(update_fields=["done_at"])
        bump_on_commit(task.workspace_id)


@transaction.atomic
def type_correct(*, document: Document, label: str, by: User) -> Correction:
    """Record a person's word on what a document is; confirming the model's own label is a decision as well.

    Raises UnknownTypeError.
    """
    _require_known(label, workspace_id=document.workspace_id)
    return _type_correct(document, label, by)


@transaction.atomic
def types_correct(*, documents: Sequence[Document], label: str, by: User) -> int:
    """Record a person's word on what documents are; returns how many. Raises UnknownTypeError."""
    for workspace_id in {document.workspace_id for document in documents}:
        _require_known(label, workspace_id=workspace_id)
    for document in sorted(documents, key=lambda document: document.pk):  # as all who change several do
        _type_correct(document, label, by)
    return len(documents)


def _require_known(label: str, *, workspace_id: UUID) -> None:
    known = known_types(workspace_id=workspace_id)
    if label not in known:
        raise UnknownTypeError(f"There is no type “{label}” in this workspace. Known: {', '.join(sorted(known))}.")


def _type_correct(document: Document, label: str, by: User) -> Correction:
    before = {"label": document.type_label, "confidence": document.type_confidence, "source": document.type_source}
    documents.document_set_type(document_id=document.pk, label=label, confidence=None, source=TypeSource.HUMAN)
    task_close(document_id=document.pk, kind="TYPE")
    bump_on_commit(document.workspace_id)
    return _record(document, "type", before, {"label": label}, by)


@transaction.atomic
def bundle_decide(*, document: Document, before: dict[str, Any], after: dict[str, Any], by: User) -> Correction:
    """Record into which parts a person cut a bundle (none: it is one document), and what had been proposed."""
    task_close(document_id=document.pk, kind="BUNDLE")
    bump_on_commit(document.workspace_id)
    return _record(document, "bundle", before, after, by)


def _record(document: Document, subject: str, before: dict[str, Any], after: dict[str, Any], by: User) -> Correction:
    audit.record(
        action=f"document.correct_{subject}",
        object_kind="document",
        object_id=document.pk,
        workspace_id=document.workspace_id,
        actor=by,
        data={"before": before, "after": after},
    )
    return Correction.objects.create(
        workspace_id=document.workspace_id,
        document=document,
        subject=subject,
        before=before,
        after=after,
        by_id=by.pk,
        by_label=str(by),
    )
