"""Reading documents once more beside their present readings, then making the new ones current or discarding them."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.classification.models import ModelVersion
from apps.classification.selectors import prediction_of
from apps.classification.services.versions import version_is_usable
from apps.core import audit
from apps.core.clock import now
from apps.core.errors import ConflictError, NotFoundError
from apps.core.generations import bump_on_commit
from apps.documents import services as documents
from apps.documents.models import Document, DocumentStatus, TypeSource
from apps.documents.services import document_lock
from apps.extraction.fields.selectors.values import values_with_reading
from apps.extraction.fields.services.taking_over import bundle_take_over
from apps.extraction.models import Extraction
from apps.pipeline.models import LIVE_RUN_STATES, PipelineRun, Rerun, RerunDecision, RerunItem, RunState, Trigger
from apps.pipeline.reruns.figures import noted
from apps.pipeline.services.runs import reading_make_current, run_start, run_tell_finished
from apps.review.acceptance.settling import values_settle
from apps.review.services.routing import fields_route
from apps.review.services.warnings import warnings_refresh
from apps.search import services as search


@transaction.atomic
def rerun_start(
    *, workspace_id: UUID, chosen: Iterable[Document], by: User, version: ModelVersion | None = None
) -> Rerun:
    """Read documents once more beside, typed by a model version (None: the one in use).

    Those that are being processed, or were never read, are passed over. Raises ConflictError where none is left.
    """
    if version is not None and not version_is_usable(version):
        raise ConflictError("The weights of this version were removed after their time.", code="weights_removed")
    rerun = Rerun.objects.create(workspace_id=workspace_id, model_version=version, by_label=str(by))
    begun = [_begin(rerun, document) for document in sorted(chosen, key=lambda each: each.pk)]
    if not any(begun):
        raise ConflictError("None of these documents can be read again just now.", code="already_processing")
    audit.record(
        action="rerun.start",
        object_kind="rerun",
        object_id=rerun.pk,
        workspace_id=workspace_id,
        actor=by,
        data={"documents": sum(begun), "model": version.version if version else ""},
    )
    return rerun


def _begin(rerun: Rerun, document: Document) -> bool:
    document.refresh_from_db()
    if document.searchable_at is None or document.current_reading_id is None:
        return False
    try:
        with transaction.atomic():
            run = run_start(document=document, trigger=Trigger.REPROCESS, is_beside=True)
    except (ConflictError, NotFoundError):
        return False
    RerunItem.objects.create(
        workspace_id=rerun.workspace_id,
        rerun=rerun,
        document=document,
        run=run,
        before_id=document.current_reading_id,
        after_id=run.reading_id,
    )
    return True


@transaction.atomic
def item_promote(*, item: RerunItem, by: User) -> None:
    """Make the new reading the current one, with all that follows; raises ConflictError where it cannot be."""
    item, run = _locked(item)
    document = item.document
    if run.state == RunState.FAILED or run.state in LIVE_RUN_STATES:
        raise ConflictError("This reading is not there, or not yet.", code="not_finished")
    if PipelineRun.objects.filter(document=document, state__in=LIVE_RUN_STATES).exists():
        raise ConflictError("This document is being processed just now.", code="already_processing")
    if document.current_reading_id != item.before_id:
        raise ConflictError("This document was read anew since: compare once more.", code="read_anew")
    _decide(item, RerunDecision.PROMOTED, by)
    run.is_beside = False
    run.save(update_fields=["is_beside"])
    if item.before is not None:
        bundle_take_over(before=item.before, after=run.reading)
    reading_make_current(document=document, run=run)
    prediction = prediction_of(reading_id=run.reading_id)
    if prediction is not None:
        documents.document_set_type(
            document_id=document.pk,
            label=prediction.label,
            confidence=prediction.probability,
            source=TypeSource.MODEL,
        )
    document.refresh_from_db()
    values = values_with_reading(document=document, reading_id=run.reading_id)
    warnings_refresh(document=document, values=values)
    if Extraction.objects.filter(reading=run.reading, document_type=document.type_label).exists():
        values_settle(document=document, document_type=document.type_label, values=values)  # others are read anew
    fields_route(document=document, values=values)
    status = DocumentStatus(run.state)
    documents.document_set_status(document_id=document.pk, status=status, finished_at=run.finished_at)
    run_tell_finished(run=run)


@transaction.atomic
def item_discard(*, item: RerunItem, by: User) -> None:
    """Remove the new reading; its figures stay. Raises ConflictError where it is being read or was decided about."""
    item, run = _locked(item)
    if run.state in LIVE_RUN_STATES:
        raise ConflictError("This document is being read just now.", code="not_finished")
    _decide(item, RerunDecision.DISCARDED, by)
    search.forget_reading(reading_id=run.reading_id)
    run.reading.delete()


def _locked(item: RerunItem) -> tuple[RerunItem, PipelineRun]:
    """Lock in the order of all: document, run, then the item; raises ConflictError for what is decided."""
    if not document_lock(document_id=item.document_id):
        raise NotFoundError("There is no such document.")
    found = RerunItem.objects.select_for_update(of=("self",)).select_related("document", "before").get(pk=item.pk)
    if found.decision != RerunDecision.PENDING or found.run_id is None:
        raise ConflictError("This was decided already.", code="decided")
    return found, PipelineRun.objects.select_for_update(of=("self",)).select_related("reading").get(pk=found.run_id)


def _decide(item: RerunItem, decision: RerunDecision, by: User) -> None:
    item.decision, item.decided_at, item.by_label = decision, now(), str(by)
    item.figures = noted(item)
    item.save(update_fields=["decision", "decided_at", "by_label", "figures"])
    bump_on_commit(item.workspace_id)
    audit.record(
        action=f"document.rerun_{decision.lower()}",
        object_kind="document",
        object_id=item.document_id,
        workspace_id=item.workspace_id,
        actor=by,
        data={"rerun": str(item.rerun_id), "run": str(item.run_id)},
    )


def items_promote(*, items: Iterable[RerunItem], by: User) -> int:
    """Make the new readings current that can be, each in a transaction of its own; returns how many."""
    return sum(_passed_over_or(item_promote, item, by) for item in items)


def items_discard(*, items: Iterable[RerunItem], by: User) -> int:
    """Remove the new readings that wait for a decision; returns how many."""
    return sum(_passed_over_or(item_discard, item, by) for item in items)


def _passed_over_or(move: Callable[..., None], item: RerunItem, by: User) -> bool:
    try:
        move(item=item, by=by)
    except (ConflictError, NotFoundError):
        return False
    return True
