"""What goes wrong on pages is noted once, told at any time, and gathered when the run ends."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Workspace
from apps.core.errors import UserError
from apps.documents.models import Page, Source, TextSource
from apps.pipeline.models import PipelineRun, RunState, StepRun
from apps.pipeline.outcome import Lease, Outcome, Problem
from apps.pipeline.selectors import run_errors
from apps.pipeline.services import claims
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.services.runs import run_retry_dead
from apps.pipeline.services.steps import step_complete, step_fail
from apps.pipeline.table import BY_NAME, QUEUES

pytestmark = pytest.mark.django_db
PAGES = 150


def upload(workspace: Workspace) -> PipelineRun:
    ingest_upload(workspace_id=workspace.pk, chunks=[b"text"], file_name="a.txt", source=Source.API)
    return PipelineRun.objects.get()


def claimed() -> list[Lease]:
    return [
        lease for queue in QUEUES for lease in claims.claim(queue=queue, steps=list(BY_NAME), owner="me", limit=1_000)
    ]


def read(lease: Lease, pages: int, *problems: Problem) -> None:
    """Store pages that all wait for recognition."""

    def store() -> None:
        Page.objects.bulk_create(
            Page(
                workspace_id=lease.workspace_id,
                reading_id=lease.reading_id,
                number=number,
                width=1,
                height=1,
                text=f"page {number}",
                text_source=TextSource.NATIVE,
                needs_ocr=True,
            )
            for number in range(1, pages + 1)
        )

    step_complete(lease=lease, outcome=Outcome(store=store, problems=problems))


def finish() -> None:
    while leases := claimed():
        for lease in leases:
            step_complete(lease=lease, outcome=Outcome())


def test_the_hundredth_failing_page_costs_what_the_first_did(workspace: Workspace) -> None:
    run = upload(workspace)
    read(claimed()[0], PAGES)
    sizes = []
    for lease in claimed():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            step_fail(lease=lease, error=UserError("This page cannot be recognised."))
        sizes.append(sum(len(query["sql"]) for query in queries))
    assert max(sizes[1:-1]) <= 1.05 * min(sizes[1:-1])
    finish()
    run.refresh_from_db()
    assert run.state == RunState.PARTIAL
    assert [error["step"] for error in run.errors] == ["ocr"] * PAGES


def test_problems_are_told_while_the_run_is_under_way_and_after_it(workspace: Workspace) -> None:
    run = upload(workspace)
    problem = Problem(code="page_failed", message="Page 2 cannot be read.", page=2)
    read(claimed()[0], 3, problem)
    for lease in claimed():
        if lease.input["first"] == 3:
            step_fail(lease=lease, error=UserError("Too dark.", code="too_dark"))
        else:
            step_complete(lease=lease, outcome=Outcome())
    told = [
        {"code": "page_failed", "message": "Page 2 cannot be read.", "page": 2, "step": "read"},
        {"code": "too_dark", "message": "Too dark.", "step": "ocr"},
    ]
    run.refresh_from_db()
    assert (run.state, run_errors(run=run)) == (RunState.PROCESSING, told)
    finish()
    run.refresh_from_db()
    assert (run.state, run.errors, run_errors(run=run)) == (RunState.PARTIAL, told, told)

    assert run_retry_dead(run_id=run.pk) == 1
    run.refresh_from_db()
    assert run_errors(run=run) == told[:1], "the part that is tried again tells nothing until it has ended"
    finish()
    run.refresh_from_db()
    assert (run.state, run.errors) == (RunState.PARTIAL, told[:1])


def test_problems_of_runs_that_are_there_already_are_noted_on_their_parts(workspace: Workspace) -> None:
    run = upload(workspace)
    read(claimed()[0], 3)
    finish()
    problem = {"code": "page_failed", "message": "Page 2 cannot be read.", "page": 2}
    dead = {"code": "too_dark", "message": "Too dark.", "step": "ocr"}
    PipelineRun.objects.update(errors=[{**problem, "step": "ocr"}, dead])
    import_module("apps.pipeline.migrations.0002_problems_on_parts").note_on_parts(apps, connection.schema_editor())
    noted = StepRun.objects.filter(run=run).exclude(problems=[])
    assert [(part.step, part.input["first"], part.problems) for part in noted] == [("ocr", 2, [problem])]
