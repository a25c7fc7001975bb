"""Runs: starting, advancing step by step, finishing. A run's row is locked while its steps are counted."""

import hashlib
import json
from collections import Counter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from structlog import get_logger

from apps.core import outbox
from apps.core.clock import now
from apps.core.doorbell import ring_on_commit
from apps.core.errors import ConflictError, NotFoundError
from apps.core.generations import bump_on_commit
from apps.core.prepared import Given, Prepared
from apps.documents import services as documents
from apps.documents.models import Document, DocumentStatus, DocumentVersion, Reading, Source
from apps.documents.services import document_lock
from apps.extraction.fields.selectors.values import values_with_reading
from apps.pipeline.models import (
    LIVE_RUN_STATES,
    PipelineRun,
    RerunItem,
    RunState,
    StepRun,
    StepState,
    Trigger,
)
from apps.pipeline.plans import PLANS, Facts, facts_of, first_parts
from apps.pipeline.reruns.figures import noted
from apps.pipeline.selectors import errors_on_parts, removed_parts
from apps.pipeline.table import BULK, BY_NAME, INTERACTIVE, STEPS, Step, priority
from apps.pipeline.version import PRODUCER
from apps.review.services.accounting import accounting_reread
from apps.search import services as search

log = get_logger(__name__)

_SEARCHABLE = "tables"  # when it is laid out every page is read, and recognised where it had to be
LIVE = "SELECT DISTINCT step FROM pipeline_steprun WHERE run_id = %s AND state IN ('READY', 'RUNNING')"
_LOCKED_RUN = Prepared(lambda: PipelineRun.objects.select_for_update().filter(pk=Given("run_id")))
_DOCUMENT = Prepared(lambda: Document.objects.filter(pk=Given("document_id")))
LANES = {Source.WEB: INTERACTIVE, Source.API: INTERACTIVE, Source.FOLDER: BULK, Source.SAMPLE: BULK, Source.PART: BULK}


def config_hash() -> str:
    """Hash what decides how a document is read, so that readings can be told apart."""
    ocr = [*settings.OCR_LANGUAGES, settings.OCR_ACCURATE]
    models = {"encoder": settings.ENCODER, "entities": settings.ENTITIES_MODEL}
    if settings.TYPE_MODEL:  # readings made before there was this setting keep their hash
        models["types"] = settings.TYPE_MODEL
    config = {"producer": PRODUCER, "ocr": ocr, **models}
    return hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def run_start(*, document: Document, trigger: Trigger, is_beside: bool = False) -> PipelineRun:
    """Begin a new reading of a document, which becomes the current one when it is done, unless it is made beside.

    Raises ConflictError while one is under way.
    """
    if not document_lock(document_id=document.pk):
        raise NotFoundError("There is no such document.")
    if PipelineRun.objects.filter(document=document, state__in=LIVE_RUN_STATES).exists():
        raise ConflictError("This document is being processed already.", code="already_processing")
    reading = documents.reading_create(document=document, producer=PRODUCER, config_hash=config_hash())
    if not is_beside:
        documents.document_set_status(document_id=document.pk, status=DocumentStatus.QUEUED)
    bump_on_commit(document.workspace_id)
    return _begin(document, reading, trigger, is_beside=is_beside)


def run_first(*, document: Document, version: DocumentVersion) -> PipelineRun:
    """Begin the first reading of a new document, in the transaction that made it: nobody else can know of it yet."""
    reading = documents.first_reading_create(version=version, producer=PRODUCER, config_hash=config_hash())
    return _begin(document, reading, Trigger.UPLOAD)


def _begin(document: Document, reading: Reading, trigger: Trigger, *, is_beside: bool = False) -> PipelineRun:
    """Lay out the first part of a run that fills a reading."""
    run = PipelineRun.objects.create(
        workspace_id=document.workspace_id,
        document=document,
        reading=reading,
        trigger=trigger,
        is_beside=is_beside,
        lane=LANES[Source(document.source)],
        planned=[STEPS[0].name],
    )
    parts_add(run=run, step=STEPS[0], inputs=first_parts(STEPS[0]))
    return run


def parts_add(*, run: PipelineRun, step: Step, inputs: list[dict[str, Any]], first_part: int = 0) -> None:
    """Add parts to a step that is laid out."""
    _store(_parts(run, step, inputs, first_part=first_part))


def _parts(run: PipelineRun, step: Step, inputs: list[dict[str, Any]], *, first_part: int = 0) -> list[StepRun]:
    return [
        StepRun(
            workspace_id=run.workspace_id,
            run=run,
            step=step.name,
            part=first_part + number,
            queue=step.queue,
            priority=priority(step, run.lane),
            input=given,
        )
        for number, given in enumerate(inputs)
    ]


def _store(parts: list[StepRun]) -> None:
    """Store new parts and ring for them."""
    if not parts:
        return
    StepRun.objects.bulk_create(parts)
    for queue, count in Counter(part.queue for part in parts).items():
        ring_on_commit(queue, times=min(count, settings.WORKERS))


def run_lock(*, run_id: UUID) -> PipelineRun:
    """Lock a run's row until the transaction ends; its reading is looked up when it is first asked for."""
    return _LOCKED_RUN.one(run_id=run_id)


def run_advance(*, run: PipelineRun) -> None:
    """Lay out every step whose forerunners have ended; finish the run when nothing is left. The run is locked."""
    bump_on_commit(run.workspace_id)
    if run.state not in LIVE_RUN_STATES:
        return
    was_queued, before = run.state == RunState.QUEUED, list(run.planned)
    if was_queued:
        run.state, run.started_at = RunState.PROCESSING, now()
    live = _live_steps(run)
    facts = facts_of(reading_id=run.reading_id) if not live or _due(run, live) else None
    if facts and before == [STEPS[0].name] and not live and not facts.has_pages:
        run.errors = errors_on_parts(run_id=run.pk)
        _finish(run, RunState.FAILED)
        return
    if facts:
        live |= _lay_out(run, live, facts)
    _note_progress(run, was_queued=was_queued, is_searchable=_SEARCHABLE in set(run.planned) - set(before))
    if facts and not live and set(BY_NAME) <= set(run.planned):  # it may have had steps too that are no more
        # Gathered once, and not with every part: a long document may have an error on each of its pages.
        run.errors = [*run.earlier_errors, *errors_on_parts(run_id=run.pk)] or _no_text(facts)
        _finish(run, RunState.PARTIAL if run.errors else RunState.SUCCEEDED)
    elif run.planned != before or was_queued:
        run.save(update_fields=["planned", "state", "started_at"])


def _live_steps(run: PipelineRun) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(LIVE, [run.pk])
        return {step for (step,) in cursor.fetchall()}


def _due(run: PipelineRun, live: set[str]) -> list[Step]:
    """Return the steps that are not laid out and whose forerunners have ended."""
    ended = set(run.planned) - live
    return [step for step in STEPS if step.name not in run.planned and ended.issuperset(step.after)]


def _lay_out(run: PipelineRun, live: set[str], facts: Facts) -> set[str]:
    """Lay out all steps that are due, those included that are due since others have no parts; returns the rest."""
    new: list[StepRun] = []
    while due := _due(run, live | {part.step for part in new}):
        for step in due:
            new += _parts(run, step, PLANS[step.name](run, facts, step))
        run.planned = [*run.planned, *(step.name for step in due)]
    _store(new)
    return {part.step for part in new}


def _note_progress(run: PipelineRun, *, was_queued: bool, is_searchable: bool) -> None:
    """Tell lists that a document is being processed, and since when its text can be found."""
    status = DocumentStatus.PROCESSING if was_queued and not run.is_beside else None
    if status or is_searchable:
        searchable_at = now() if is_searchable else None
        documents.document_note_progress(document_id=run.document_id, status=status, searchable_at=searchable_at)


def _no_text(facts: Facts) -> list[dict[str, Any]]:
    """Return the error of a document without any text; nothing where there is some, or files inside."""
    if facts.child_count or facts.first_with_text is not None:
        return []
    return [{"code": "no_text", "message": "No text was found in this document.", "step": "read"}]


def _finish(run: PipelineRun, state: RunState) -> None:
    """End a run that has no part left: a new reading becomes the current one unless it failed."""
    moment = now()
    run.state, run.finished_at = state, moment
    run.save()
    if run.is_beside:
        _finish_beside(run)
        return
    document = _DOCUMENT.one(document_id=run.document_id)
    if state == RunState.FAILED and document.current_reading_id != run.reading_id and document.searchable_at:
        state = _state_before(document)  # a failed re-run leaves what was there
    elif document.current_reading_id != run.reading_id:
        reading_make_current(document=document, run=run)
    documents.document_set_status(document_id=document.pk, status=DocumentStatus(state.value), finished_at=moment)
    run_tell_finished(run=run)
    log.info("run_finished", run=str(run.pk), document=str(document.pk), state=run.state)


def _finish_beside(run: PipelineRun) -> None:
    """Note what differs; the document stays as it is. Told is that it is free again for what waited for that."""
    item = RerunItem.objects.filter(run=run).select_related("document").first()
    if item is not None:
        item.figures = noted(item)
        item.save(update_fields=["figures"])
    _publish("run.finished_beside", run)
    log.info("run_finished_beside", run=str(run.pk), document=str(run.document_id), state=run.state)


def run_tell_finished(*, run: PipelineRun) -> None:
    """Tell the apps above that a run's reading is what its document shows."""
    _publish("run.finished", run)


def _publish(kind: str, run: PipelineRun) -> None:
    outbox.publish(
        kind=kind,
        workspace_id=run.workspace_id,
        subject_id=run.pk,
        data={"document_id": str(run.document_id), "reading_id": str(run.reading_id), "state": run.state},
    )
    bump_on_commit(run.workspace_id)


def reading_make_current(*, document: Document, run: PipelineRun) -> None:
    """Make a run's reading the current one; the index forgets the one before, and changed values are checked again."""
    before = document.current_reading_id
    documents.reading_promote(document=document, reading=run.reading)
    if before is not None:
        was, became = (
            values_with_reading(document=document, reading_id=reading_id) for reading_id in (before, run.reading_id)
        )
        accounting_reread(document=document, before=was, after=became)
        search.forget_reading(reading_id=before)


def _state_before(document: Document) -> RunState:
    earlier = PipelineRun.objects.filter(reading=document.current_reading).first()
    return RunState(earlier.state) if earlier else RunState.SUCCEEDED


@transaction.atomic
def run_retry_dead(*, run_id: UUID) -> int:
    """Make a run's dead letters ready again with fresh attempts; returns how many there were.

    What follows them is laid out anew, since it was done without their results. A run is left as it is (0) while it, or
    any other of the same document, is under way, and where a newer one has replaced it.
    """
    document_id = PipelineRun.objects.filter(pk=run_id).values_list("document_id", flat=True).first()
    if document_id is None or not document_lock(document_id=document_id):
        return 0
    run = run_lock(run_id=run_id)
    others = PipelineRun.objects.filter(document_id=document_id)
    if run.is_beside or others.filter(Q(state__in=LIVE_RUN_STATES) | Q(pk__gt=run_id, is_beside=False)).exists():
        return 0
    dead = run.steps.filter(state=StepState.FAILED, step__in=BY_NAME)
    count, names = dead.count(), set(dead.values_list("step", flat=True))
    if not count:
        return 0
    later = _followers(names)
    run.steps.filter(step__in=later).delete()
    dead.update(state=StepState.READY, attempt=0, available_at=now(), finished_at=None)
    run.planned = [name for name in run.planned if name not in later]
    run.errors, run.state, run.finished_at = [], RunState.PROCESSING, None
    run.save(update_fields=["planned", "errors", "state", "finished_at"])
    bump_on_commit(run.workspace_id)
    documents.document_set_status(document_id=run.document_id, status=DocumentStatus.PROCESSING)
    for queue in {step.queue for step in STEPS if step.name in names - later}:
        ring_on_commit(queue)
    return count


@transaction.atomic
def run_drop_removed(*, run_id: UUID) -> int:
    """End the waiting parts of a run whose step this version no longer has, and let it go on without them.

    Returns how many there were; 0 where somebody else is at the document just now.
    """
    document_id = PipelineRun.objects.filter(pk=run_id).values_list("document_id", flat=True).first()
    if document_id is None or not document_lock(document_id=document_id, wait=False):
        return 0
    run = run_lock(run_id=run_id)
    ended = {"state": StepState.CANCELLED, "finished_at": now(), "error_code": "step_removed"}
    ended["error_message"] = "This version of docintel no longer has this step."
    count = removed_parts().filter(run=run).update(**ended)
    if count:
        log.warning("steps_removed", run=str(run_id), parts=count)
        run_advance(run=run)
    return count


def _followers(names: set[str]) -> set[str]:
    """Return the steps that come after any of these, however far behind."""
    found: set[str] = set()
    for step in STEPS:  # in order: forerunners first
        if set(step.after) & (names | found):
            found.add(step.name)
    return found
