"""Taking back what was learned: corrections, and what changed because of them."""

from typing import Final
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.classification.models import Refit, RefitCause, RefitState
from apps.classification.selectors import active_version
from apps.classification.services import refit_request, version_activate
from apps.classification.services.refits import refit_mark_undone, refits_running
from apps.core import audit, outbox
from apps.core.errors import ConflictError
from apps.core.generations import bump_on_commit
from apps.documents.models import TypeSource
from apps.documents.typing import TypeSet, document_take_back_type, documents_set_types
from apps.review.acceptance.judging import types_judge_again
from apps.review.models import Correction
from apps.review.services.doubts import type_doubt, type_questions_route
from apps.review.services.record import correction_record

TAKEN_BACK: Final = "What a person had said of the type was taken back."


class NothingToUndoError(ConflictError):
    """A refit cannot be taken back."""

    code = "nothing_to_undo"


@transaction.atomic
def refit_undo(*, refit: Refit, by: User) -> int:
    """Take back the corrections of a refit and what it changed; returns how many documents went back.

    Documents that somebody decided anew since, or that another refit has changed since, stay as they are. Where the
    refit's version is in use the one before it is again; where it no longer is, the head is fitted once more without
    these corrections. Raises NothingToUndoError.
    """
    refit = Refit.objects.select_for_update().get(pk=refit.pk)
    if refit.state != RefitState.SUCCEEDED or refit.undone_at is not None:
        raise NothingToUndoError("Only what was learned, and not taken back yet, can be taken back.")
    taken_back = [each.document_id for each in _corrections(refit) if _correction_undo(each, refit, by)]
    types_judge_again(document_ids=taken_back)
    type_questions_route(workspace_id=refit.workspace_id, doubts=dict.fromkeys(taken_back, TAKEN_BACK))
    went_back = len(taken_back) + _changes_undo(refit)
    in_use = active_version(workspace_id=refit.workspace_id)
    if in_use is not None and in_use.pk == refit.model_version_id and _previous_is_usable(refit):
        version_activate(workspace_id=refit.workspace_id, version=refit.previous_version)
        must_fit = refits_running(workspace_id=refit.workspace_id)  # with these corrections among others
    else:
        must_fit = True
    if must_fit:
        refit_request(workspace_id=refit.workspace_id, cause=RefitCause.UNDO, by=by)
    refit_mark_undone(refit=refit)
    audit.record(
        action="refit.undo",
        object_kind="refit",
        object_id=refit.pk,
        workspace_id=refit.workspace_id,
        actor=by,
        data={"corrections": refit.corrections, "documents": went_back},
    )
    bump_on_commit(refit.workspace_id)
    return went_back


def _previous_is_usable(refit: Refit) -> bool:
    return refit.previous_version is None or hasattr(refit.previous_version, "weights")


def _corrections(refit: Refit) -> list[Correction]:
    """Return the corrections, newest first, so that of two about one document both are taken back."""
    ids = [UUID(each) for each in refit.corrections]
    found = Correction.objects.filter(pk__in=ids, workspace_id=refit.workspace_id, subject="type")
    return list(found.select_related("document").order_by("document_id", "-created_at", "-id"))


def _correction_undo(correction: Correction, refit: Refit, by: User) -> bool:
    document = correction.document
    document.refresh_from_db()
    said = (correction.after or {}).get("label")
    if document.type_source != TypeSource.HUMAN or document.type_label != said:
        return False
    before = correction.before or {}
    document_take_back_type(
        document_id=document.pk,
        label=before.get("label") or "",
        confidence=before.get("confidence"),
        source=before.get("source") or "",
    )
    correction_record(
        document=document,
        subject="type",
        before={"label": document.type_label, "confidence": None, "source": TypeSource.HUMAN.value},
        after={"label": before.get("label") or "", "undone": str(refit.pk)},
        by=by,
    )
    was = {"before": said}
    outbox.publish(kind="type.rescored", workspace_id=refit.workspace_id, subject_id=document.pk, data=was)
    return True


def _changes_undo(refit: Refit) -> int:
    changes = [
        each
        for each in refit.changes.select_related("document").order_by("document_id")
        if each.document.type_label == each.after_label
    ]
    rows = [
        TypeSet(each.document_id, each.document.current_reading_id, each.before_label, each.before_confidence)
        for each in changes
        if each.document.current_reading_id
    ]
    back = documents_set_types(rows=rows)
    doubts = {
        row.document_id: type_doubt(probability=row.confidence, flags=()) for row in rows if row.document_id in back
    }
    type_questions_route(workspace_id=refit.workspace_id, doubts=doubts)
    for each in changes:
        if each.document_id in back:
            was = {"before": each.after_label}
            outbox.publish(kind="type.rescored", workspace_id=refit.workspace_id, subject_id=each.document_id, data=was)
    return len(back)
