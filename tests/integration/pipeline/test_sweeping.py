"""The sweeper and the hourly tidying go on, whatever a single row does to them; an upgrade leaves no run hanging."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from apps.accounts.models import User, Workspace
from apps.core.clock import now
from apps.documents.models import Document, Page, Reading, Source, TextSource
from apps.documents.services import documents_trash
from apps.pipeline.housekeeping import tidy
from apps.pipeline.models import PipelineRun, RunState, StepRun, StepState
from apps.pipeline.outcome import Lease, Outcome
from apps.pipeline.services import claims
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.services.runs import run_retry_dead
from apps.pipeline.services.steps import step_complete
from apps.pipeline.sweeper import REMOVED_AFTER, SECONDS_BETWEEN_LOOKS, Sweeper, sweep
from apps.pipeline.table import BY_NAME, QUEUES

pytestmark = pytest.mark.django_db


def upload(workspace: Workspace, text: str) -> Document:
    return ingest_upload(
        workspace_id=workspace.pk, chunks=[text.encode()], file_name=f"{text}.txt", source=Source.API
    ).document


def forbid(table: str, event: str, condition: str) -> None:
    """Let the database refuse what is done to some rows of a table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER refuse BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION refuse()"
        )


def test_one_lease_that_cannot_be_taken_back_is_not_in_the_way_of_others(workspace: Workspace) -> None:
    upload(workspace, "one")
    upload(workspace, "two")
    poisoned, other = claims.claim(queue="reading", steps=["read"], owner="me", limit=2)
    StepRun.objects.update(lease_expires_at=now() - timedelta(seconds=1))
    forbid("pipeline_steprun", "UPDATE", f"OLD.id = '{poisoned.step_id}'")
    assert sweep() == 1
    assert StepRun.objects.get(pk=other.step_id).state == StepState.READY


def test_one_document_that_cannot_be_deleted_is_not_in_the_way_of_others(workspace: Workspace, alice: User) -> None:
    kept, gone = upload(workspace, "one"), upload(workspace, "two")
    documents_trash(documents=[kept, gone], by=alice, at=now() - timedelta(days=100))
    forbid("documents_document", "DELETE", f"OLD.id = '{kept.pk}'")
    tidy()
    assert list(Document.objects.values_list("pk", flat=True)) == [kept.pk]


def finish() -> None:
    """Let all parts of known steps succeed; reading stores a page with text."""
    while leases := [
        lease for queue in QUEUES for lease in claims.claim(queue=queue, steps=list(BY_NAME), owner="me", limit=9)
    ]:
        for lease in leases:
            step_complete(lease=lease, outcome=Outcome(store=partial(store_page, lease)))


def store_page(lease: Lease) -> None:
    if lease.step == "read":
        Reading.objects.filter(pk=lease.reading_id).update(media_type="text/plain")
        Page.objects.create(
            workspace_id=lease.workspace_id,
            reading_id=lease.reading_id,
            number=1,
            width=1,
            height=1,
            text="text",
            text_source=TextSource.NATIVE,
        )


def leave_behind(run: PipelineRun, state: StepState = StepState.READY, *, part: int = 0) -> StepRun:
    """Add a part of a step that the step table no longer has, as an earlier version laid it out."""
    if "stamps" not in run.planned:
        run.planned = [*run.planned, "stamps"]
        run.save()
    left = StepRun.objects.create(
        workspace=run.workspace, run=run, step="stamps", part=part, queue="reading", priority=3, state=state
    )
    StepRun.objects.filter(pk=left.pk).update(available_at=now() - REMOVED_AFTER)
    return left


def test_parts_of_a_step_that_an_upgrade_removed_are_ended_and_the_run_settles(workspace: Workspace) -> None:
    document = upload(workspace, "one")
    run = PipelineRun.objects.get()
    left = [leave_behind(run, part=0), leave_behind(run, part=1)]
    finish()
    run.refresh_from_db()
    assert run.state == RunState.PROCESSING, "no worker knows the step"
    Sweeper().sweep()
    run.refresh_from_db()
    document.refresh_from_db()
    assert (run.state, run.errors, document.status) == (RunState.SUCCEEDED, [], "SUCCEEDED")
    for part in left:
        part.refresh_from_db()
        assert (part.state, part.error_code, part.attempt) == (StepState.CANCELLED, "step_removed", 0)
        assert part.finished_at


def test_a_run_goes_on_with_what_it_still_has_to_do(workspace: Workspace) -> None:
    upload(workspace, "one")
    run = PipelineRun.objects.get()
    leave_behind(run)
    Sweeper().sweep()
    run.refresh_from_db()
    assert run.state in {RunState.QUEUED, RunState.PROCESSING}
    finish()
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    done = run.steps.filter(state=StepState.SUCCEEDED)
    assert set(done.values_list("step", flat=True)) == {"read", "layout", "embed", "type", "entities", "fields"}


def test_steps_of_newer_workers_are_left_alone_for_a_while(workspace: Workspace) -> None:
    upload(workspace, "one")
    left = leave_behind(PipelineRun.objects.get())
    StepRun.objects.update(available_at=now() - REMOVED_AFTER / 2)
    clock = [0.0]
    sweeper = Sweeper(monotonic=lambda: clock[0])
    sweeper.sweep()
    left.refresh_from_db()
    assert left.state == StepState.READY
    StepRun.objects.update(available_at=now() - REMOVED_AFTER)
    sweeper.sweep()
    left.refresh_from_db()
    assert left.state == StepState.READY, "looked a moment ago"
    clock[0] += SECONDS_BETWEEN_LOOKS
    sweeper.sweep()
    left.refresh_from_db()
    assert left.state == StepState.CANCELLED


def test_a_dead_letter_of_a_removed_step_is_not_tried_again(workspace: Workspace) -> None:
    upload(workspace, "one")
    run = PipelineRun.objects.get()
    dead = leave_behind(run, StepState.FAILED)
    finish()
    run.refresh_from_db()
    assert (run.state, [error["step"] for error in run.errors]) == (RunState.PARTIAL, ["stamps"])
    assert run_retry_dead(run_id=run.pk) == 0
    dead.refresh_from_db()
    assert dead.state == StepState.FAILED
