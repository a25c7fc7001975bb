"""Typing once more, by a workspace's new version, the documents that a machine typed and nobody confirmed."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from apps.classification.engine.features import FeatureMatrix
from apps.classification.engine.head import TypePrediction
from apps.classification.engine.rescoring import predict_many
from apps.classification.models import RefitChange
from apps.classification.services.predictions import predictions_store
from apps.classification.services.refits import RefitLease, refit_add_changes
from apps.core import outbox
from apps.core.generations import bump_on_commit
from apps.documents.models import Document, DocumentStatus, TypeSource
from apps.documents.typing import TypeSet, documents_set_types
from apps.pipeline.encoder.heads import WorkspaceModel, base_name, workspace_model
from apps.pipeline.encoder.seen import features_for
from apps.review.acceptance.settling import TypeFound, types_settle
from apps.review.services.doubts import type_doubt, type_questions_route

AT_ONCE: Final = 200
_DONE: Final = (DocumentStatus.SUCCEEDED, DocumentStatus.PARTIAL)


def rescore_pending(lease: RefitLease) -> None:
    """Look at every pending document, some at a time, and write what is different; raises RefitLostError.

    A document that is in the pipeline is typed there by the same version.
    """
    model = workspace_model(lease.workspace_id)
    for documents in batches(_pending(lease.workspace_id)):
        readings = [document.current_reading_id for document in documents if document.current_reading_id]
        features = features_for(readings, model.head.base, made_by=model.made_by)
        buckets = len(model.head.base.weights.inverse_frequencies)
        found = predict_many(model.head, FeatureMatrix.of(features, buckets=buckets))
        with transaction.atomic():
            _store(lease, model, list(zip(documents, found, strict=True)))


def _pending(workspace_id: UUID) -> QuerySet[Document]:
    return Document.objects.filter(
        workspace_id=workspace_id,
        type_source=TypeSource.MODEL,
        status__in=_DONE,
        deleted_at__isnull=True,
        current_reading__isnull=False,
    )


def batches(pending: QuerySet[Document]) -> Iterator[list[Document]]:
    """Give documents some at a time, by id."""
    pending = pending.order_by("pk")
    last: UUID | None = None
    while True:
        rows = list((pending if last is None else pending.filter(pk__gt=last))[:AT_ONCE])
        if not rows:
            return
        yield rows
        last = rows[-1].pk


def _store(lease: RefitLease, model: WorkspaceModel, rows: list[tuple[Document, TypePrediction]]) -> None:
    """Write what is different for people: another type, or another per cent. The caller holds a transaction."""
    wanted = {document.pk: (document, found) for document, found in rows if _differs(document, found)}
    set_now = documents_set_types(
        rows=[
            TypeSet(pk, document.current_reading_id, found.label, found.confidence)
            for pk, (document, found) in wanted.items()
            if document.current_reading_id
        ]
    )
    written = [wanted[pk] for pk in sorted(set_now)]
    predictions_store(
        workspace_id=lease.workspace_id,
        version=model.version,
        found=[(document.current_reading_id, found) for document, found in written if document.current_reading_id],
    )
    types_settle(
        workspace_id=lease.workspace_id,
        found=[
            TypeFound(document.pk, found.label, found.confidence, found.flags, base_name(model.head.base))
            for document, found in written
        ],
        accepted_before={document.pk for document, _ in written if document.type_certificate_id},
    )
    doubts = {document.pk: type_doubt(probability=found.confidence, flags=found.flags) for document, found in written}
    type_questions_route(workspace_id=lease.workspace_id, doubts=doubts)
    changed = [(document, found) for document, found in written if document.type_label != found.label]
    refit_add_changes(lease=lease, rescored=len(rows), changes=[_change(lease, *each) for each in changed])
    for document, _ in changed:
        was = {"before": document.type_label}
        outbox.publish(kind="type.rescored", workspace_id=lease.workspace_id, subject_id=document.pk, data=was)
    if written:
        bump_on_commit(lease.workspace_id)


def _differs(document: Document, found: TypePrediction) -> bool:
    before, after = document.type_confidence, found.confidence
    if document.type_label != found.label or (before is None) != (after is None):
        return True
    return before is not None and after is not None and round(before, 2) != round(after, 2)


def _change(lease: RefitLease, document: Document, found: TypePrediction) -> RefitChange:
    return RefitChange(
        workspace_id=lease.workspace_id,
        refit_id=lease.refit_id,
        document=document,
        before_label=document.type_label,
        before_confidence=document.type_confidence,
        after_label=found.label,
        after_confidence=found.confidence,
    )
