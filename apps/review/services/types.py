"""What people say a document is, and into which documents they cut a file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.classification.experiments.outcomes import outcome_note
from apps.classification.models import RefitCause
from apps.classification.services import refit_request
from apps.classification.services.labels import label_of_type
from apps.core import outbox
from apps.core.errors import UserError
from apps.core.generations import bump_on_commit
from apps.documents import services as documents
from apps.documents.models import Document, TypeSource
from apps.review.acceptance.judging import types_judge
from apps.review.models import Correction
from apps.review.selectors import known_types
from apps.review.services.record import correction_record
from apps.review.services.tasks import task_close


class UnknownTypeError(UserError):
    """The type is neither built in nor one of the workspace's own."""

    code = "unknown_type"


@transaction.atomic
def type_correct(*, document: Document, label: str, by: User) -> Correction:
    """Record a person's word on what a document is; confirming the model's own label is a decision as well.

    Raises UnknownTypeError.
    """
    _require_known(label, workspace_id=document.workspace_id)
    correction = _type_correct(document, label, by)
    types_judge(labels={document.pk: label}, workspace_id=document.workspace_id, by=by)
    _learn(document.workspace_id, [correction], by)
    return correction


@transaction.atomic
def types_correct(*, documents: Sequence[Document], label: str, by: User) -> int:
    """Record a person's word on what documents are; returns how many. Raises UnknownTypeError."""
    for workspace_id in {document.workspace_id for document in documents}:
        _require_known(label, workspace_id=workspace_id)
    ordered = sorted(documents, key=lambda document: document.pk)  # as all who change several do
    corrections = [_type_correct(document, label, by) for document in ordered]
    for workspace_id in sorted({document.workspace_id for document in documents}):
        labels = {document.pk: label for document in ordered if document.workspace_id == workspace_id}
        types_judge(labels=labels, workspace_id=workspace_id, by=by)
        _learn(workspace_id, [each for each in corrections if each.workspace_id == workspace_id], by)
    return len(documents)


def _learn(workspace_id: UUID, corrections: Sequence[Correction], by: User) -> None:
    """Have the workspace's head learn from what a person said."""
    refit_request(
        workspace_id=workspace_id, cause=RefitCause.CORRECTION, correction_ids=[each.pk for each in corrections], by=by
    )


def _require_known(label: str, *, workspace_id: UUID) -> None:
    known = known_types(workspace_id=workspace_id)
    if label not in known:
        raise UnknownTypeError(f"There is no type “{label}” in this workspace. Known: {', '.join(sorted(known))}.")
    label_of_type(workspace_id=workspace_id, slug=label)


def _type_correct(document: Document, label: str, by: User) -> Correction:
    before = {"label": document.type_label, "confidence": document.type_confidence, "source": document.type_source}
    outcome_note(document=document, label=label)
    documents.document_set_type(document_id=document.pk, label=label, confidence=None, source=TypeSource.HUMAN)
    task_close(document_id=document.pk, kind="TYPE")
    bump_on_commit(document.workspace_id)
    was = {"before": document.type_label}
    outbox.publish(kind="type.corrected", workspace_id=document.workspace_id, subject_id=document.pk, data=was)
    return correction_record(document=document, subject="type", before=before, after={"label": label}, by=by)


@transaction.atomic
def bundle_decide(*, document: Document, before: dict[str, Any], after: dict[str, Any], by: User) -> Correction:
    """Record into which parts a person cut a bundle (none: it is one document), and what had been proposed."""
    task_close(document_id=document.pk, kind="BUNDLE")
    bump_on_commit(document.workspace_id)
    return correction_record(document=document, subject="bundle", before=before, after=after, by=by)
