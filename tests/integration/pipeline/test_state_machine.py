"""Whatever happens to the parts of a run, in whatever order: it ends, and every count stays right."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Workspace
from apps.core.clock import now
from apps.core.errors import TransientError, UserError
from apps.documents.models import Page, Source, TextSource
from apps.pipeline.models import LIVE_RUN_STATES, LIVE_STEP_STATES, PipelineRun, RunState, StepRun, StepState
from apps.pipeline.outcome import Lease, Outcome, Problem
from apps.pipeline.services import claims
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.services.steps import MAX_ATTEMPTS, step_complete, step_expire, step_fail
from apps.pipeline.table import BY_NAME, QUEUES

OPERATIONS = ("succeed", "succeed", "succeed", "problem", "more", "user", "transient", "bug", "lose", "give back")


class UndoError(Exception):
    """Ends an example without leaving rows."""


def _pages(lease: Lease, *, scanned: bool) -> Callable[[], None]:
    """Store what reading or recognition of a part would store."""

    def store() -> None:
        if lease.step not in {"read", "ocr"}:
            return
        number = lease.input["first"]
        Page.objects.filter(reading_id=lease.reading_id, number=number).delete()
        recognised = lease.step == "ocr"
        Page.objects.create(
            workspace_id=lease.workspace_id,
            reading_id=lease.reading_id,
            number=number,
            width=1,
            height=1,
            text="" if scanned and not recognised else "text",
            text_source=TextSource.OCR if recognised else TextSource.NATIVE,
            needs_ocr=scanned and not recognised,
        )

    return store


def _apply(operation: str, lease: Lease, *, scanned: bool) -> None:
    if operation in {"user", "transient", "bug"}:
        errors: dict[str, Exception] = {
            "user": UserError("bad"),
            "transient": TransientError("away"),
            "bug": ValueError(),
        }
        step_fail(lease=lease, error=errors[operation])
        StepRun.objects.update(available_at=now() - timedelta(seconds=1))
    elif operation == "lose":
        StepRun.objects.filter(pk=lease.step_id).update(lease_expires_at=now() - timedelta(seconds=1))
        assert step_expire(step_id=lease.step_id)
    elif operation == "give back":
        claims.give_back(lease=lease)
    else:
        more = (
            ({"first": lease.part + 40, "last": lease.part + 40},)
            if operation == "more" and lease.step == "read"
            else ()
        )
        problems = (Problem(code="page_failed", message="no", page=1),) if operation == "problem" else ()
        step_complete(lease=lease, outcome=Outcome(store=_pages(lease, scanned=scanned), more=more, problems=problems))


def _check(run: PipelineRun) -> None:
    """What holds after every single operation."""
    steps = list(run.steps.all())
    live = [step for step in steps if step.state in LIVE_STEP_STATES]
    assert (run.state in LIVE_RUN_STATES) == bool(live)
    assert run.document.status == run.state
    assert all(0 <= step.attempt <= MAX_ATTEMPTS for step in steps)
    assert all((step.lease_token is not None) == (step.state == StepState.RUNNING) for step in steps)
    for step in steps:  # nothing begins before everything it needs has ended
        needed = BY_NAME[step.step].after
        assert not {each.step for each in live} & set(needed)
    # The text can be found as soon as every page is read and recognised, and not before.
    assert (run.document.searchable_at is not None) == ("tables" in run.planned)
    if run.state == RunState.SUCCEEDED:
        assert all(step.state == StepState.SUCCEEDED for step in steps)
        assert not run.errors
    if run.state in {RunState.PARTIAL, RunState.FAILED}:
        assert run.errors


@pytest.mark.django_db
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations=st.lists(st.sampled_from(OPERATIONS), max_size=40), scanned=st.booleans())
def test_every_run_ends(workspace: Workspace, operations: list[str], *, scanned: bool) -> None:
    with suppress(UndoError), transaction.atomic():
        _play(workspace, iter(operations), scanned=scanned)
        raise UndoError


def _play(workspace: Workspace, operations: Iterator[str], *, scanned: bool) -> None:
    """Take one document through to its end, doing to its parts what the operations say, then only what succeeds."""
    document = ingest_upload(workspace_id=workspace.pk, chunks=[b"text"], file_name="a.txt", source=Source.API).document
    for _ in range(200):
        leases = [
            lease for queue in QUEUES for lease in claims.claim(queue=queue, steps=list(BY_NAME), owner="me", limit=1)
        ]
        if not leases:
            break
        for lease in leases:
            _apply(next(operations, "succeed"), lease, scanned=scanned)
            _check(PipelineRun.objects.select_related("document").get(document=document))
    assert PipelineRun.objects.get(document=document).state not in LIVE_RUN_STATES
