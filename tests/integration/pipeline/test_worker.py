"""The worker's loop: results stored under the fence, failures noted, batches that fail tried again one by one."""

from collections.abc import Sequence

import pytest

from apps.accounts.models import Workspace
from apps.core.errors import TransientError, UserError
from apps.core.models import OutboxEvent
from apps.documents.models import Document, Page, Reading, Source, TextSource
from apps.pipeline.leases import keeper
from apps.pipeline.models import PipelineRun, RunState, StepRun, StepState
from apps.pipeline.outcome import Lease, Outcome
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.services.runs import run_retry_dead
from apps.pipeline.sweeper import sweep
from apps.pipeline.worker import work, work_in_batches
from apps.review.models import ReviewTask

pytestmark = pytest.mark.django_db


def upload(workspace: Workspace, text: str) -> Document:
    return ingest_upload(
        workspace_id=workspace.pk, chunks=[text.encode()], file_name=f"{text}.txt", source=Source.API
    ).document


def store_page(lease: Lease) -> Outcome:
    """Do what reading does, without a file; the steps that follow it find nothing."""
    if lease.step != "read":
        return Outcome()

    def store() -> None:
        Reading.objects.filter(pk=lease.reading_id).update(media_type="text/plain")
        Page.objects.create(
            workspace_id=lease.workspace_id,
            reading_id=lease.reading_id,
            number=1,
            width=0,
            height=0,
            text="text",
            text_source=TextSource.NATIVE,
        )

    return Outcome(store=store)


def test_a_failing_store_leaves_no_rows_and_is_tried_once_more(workspace: Workspace) -> None:
    upload(workspace, "one")

    def broken(lease: Lease) -> Outcome:
        def store() -> None:
            store_page(lease).store()
            raise ZeroDivisionError

        return Outcome(store=store)

    assert work(queue="reading", execute=broken) == 1
    step = StepRun.objects.get()
    assert (step.state, step.error_code, step.attempt) == (StepState.READY, "internal_error", 1)
    assert Page.objects.count() == 0


def test_a_pool_that_stops_gives_its_part_back(workspace: Workspace) -> None:
    upload(workspace, "one")

    def stopped(lease: Lease) -> Outcome:
        raise SystemExit

    with pytest.raises(SystemExit):
        work(queue="reading", execute=stopped)
    step = StepRun.objects.get()
    assert (step.state, step.attempt, step.lease_token) == (StepState.READY, 0, None)


def test_one_bad_text_takes_no_neighbours_along(workspace: Workspace) -> None:
    documents = [upload(workspace, name) for name in ("good", "bad", "better")]
    work(queue="reading", execute=store_page)
    bad = documents[1].pk

    def execute(leases: Sequence[Lease]) -> list[Outcome]:
        if any(lease.document_id == bad for lease in leases):
            raise TransientError("away")
        return [Outcome() for _ in leases]

    work_in_batches(queue="encoder", execute=execute, size=16)
    states = dict(StepRun.objects.filter(step="embed").values_list("run__document", "state"))
    assert states == {
        documents[0].pk: StepState.SUCCEEDED,
        bad: StepState.READY,
        documents[2].pk: StepState.SUCCEEDED,
    }
    assert StepRun.objects.get(step="embed", run__document=bad).attempt == 1


def test_parts_whose_turn_has_not_come_are_kept(workspace: Workspace) -> None:
    upload(workspace, "one")
    work(queue="reading", execute=store_page)
    work_in_batches(queue="encoder", execute=lambda leases: [Outcome() for _ in leases], size=1)
    StepRun.objects.filter(step="type").update(state=StepState.READY, finished_at=None, attempt=0)
    upload(workspace, "two")
    work(queue="reading", execute=store_page)
    held: list[int] = []

    def execute(leases: Sequence[Lease]) -> list[Outcome]:
        held.append(len(keeper._tokens))
        return [Outcome() for _ in leases]

    StepRun.objects.filter(step="type").update(priority=9)  # as one of a later lane: claimed with the others, done last
    work_in_batches(queue="encoder", execute=execute, size=4)
    assert held[:3] == [3, 3, 3]
    assert not keeper._tokens


def test_a_worker_that_stops_claims_nothing_more(workspace: Workspace) -> None:
    for name in ("one", "two"):
        upload(workspace, name)
    work(queue="reading", execute=store_page)
    executed: list[Lease] = []

    def execute(leases: Sequence[Lease]) -> list[Outcome]:
        executed.extend(leases)
        return [Outcome() for _ in leases]

    work_in_batches(queue="encoder", execute=execute, size=1, may_claim=lambda: not executed)
    assert len(executed) == 1
    assert StepRun.objects.filter(step="embed", state=StepState.READY, attempt=0).count() == 1


def test_dead_letters_can_be_retried(workspace: Workspace) -> None:
    document = upload(workspace, "one")
    work(queue="reading", execute=store_page)
    StepRun.objects.filter(queue="encoder").update(attempt=2)

    def broken(leases: Sequence[Lease]) -> list[Outcome]:
        if leases[0].step == "embed":
            raise TransientError("The encoder is away.")
        return [Outcome() for _ in leases]

    work_in_batches(queue="encoder", execute=broken, size=4)
    work(queue="reading", execute=lambda _: Outcome())
    run = PipelineRun.objects.get()
    assert run.state == RunState.PARTIAL
    assert [error["step"] for error in run.errors] == ["embed"]
    assert run_retry_dead(run_id=run.pk) == 1
    work_in_batches(queue="encoder", execute=lambda leases: [Outcome() for _ in leases], size=4)
    work(queue="reading", execute=lambda _: Outcome())
    run.refresh_from_db()
    document.refresh_from_db()
    assert (run.state, run.errors, document.status) == (RunState.SUCCEEDED, [], "SUCCEEDED")


def test_what_follows_a_retried_part_is_done_again(workspace: Workspace) -> None:
    upload(workspace, "one")

    def scanned(lease: Lease) -> Outcome:
        if lease.step == "ocr" and not PipelineRun.objects.filter(state=RunState.PARTIAL).exists():
            raise UserError("Unreadable.")
        return store_scan(lease) if lease.step == "read" else Outcome()

    def store_scan(lease: Lease) -> Outcome:
        def store() -> None:
            store_page(lease).store()
            Page.objects.update(needs_ocr=True)

        return Outcome(store=store)

    work(queue="reading", execute=scanned)
    work_in_batches(queue="encoder", execute=lambda leases: [Outcome() for _ in leases], size=4)
    work(queue="reading", execute=lambda _: Outcome())
    run = PipelineRun.objects.get()
    assert (run.state, {step.state for step in run.steps.filter(queue="encoder")}) == ("PARTIAL", {"SUCCEEDED"})
    assert run_retry_dead(run_id=run.pk) == 1
    assert set(run.steps.values_list("step", "state")) == {("read", "SUCCEEDED"), ("ocr", "READY")}
    assert run_retry_dead(run_id=run.pk) == 0, "nothing is changed under a run that is at work"
    work(queue="reading", execute=lambda _: Outcome())
    work_in_batches(queue="encoder", execute=lambda leases: [Outcome() for _ in leases], size=4)
    work(queue="reading", execute=lambda _: Outcome())
    run.refresh_from_db()
    assert (run.state, run.errors, run.steps.filter(state=StepState.SUCCEEDED).count()) == ("SUCCEEDED", [], 7)


def test_a_finished_run_is_told_to_the_apps_above(workspace: Workspace) -> None:
    upload(workspace, "one")
    work(queue="reading", execute=store_page)
    work_in_batches(queue="encoder", execute=lambda leases: [Outcome() for _ in leases], size=4)
    work(queue="reading", execute=lambda _: Outcome())
    assert OutboxEvent.objects.filter(kind="run.finished", handled_at=None).count() == 1
    sweep()
    assert OutboxEvent.objects.filter(kind="run.finished", handled_at=None).count() == 0
    assert ReviewTask.objects.count() == 0  # nothing was predicted, so there is nothing to ask
