"""Claims: order, exclusiveness, fencing, giving back, expiry."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from apps.accounts.models import Workspace
from apps.core.clock import now
from apps.documents.models import Document, Source
from apps.pipeline.models import StepRun, StepState
from apps.pipeline.outcome import Lease, LeaseLostError, Outcome
from apps.pipeline.services import claims
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.services.steps import step_complete, step_expire, step_fail

pytestmark = pytest.mark.django_db


def upload(workspace: Workspace, text: str, source: str = Source.API) -> Document:
    return ingest_upload(
        workspace_id=workspace.pk, chunks=[text.encode()], file_name=f"{text}.txt", source=source
    ).document


def claim(limit: int = 1, *, newest: bool = False) -> list[Lease]:
    return claims.claim(queue="reading", steps=["read", "ocr", "tables"], owner="me", limit=limit, newest=newest)


def test_lanes_first_then_age(workspace: Workspace) -> None:
    bulk = upload(workspace, "bulk", Source.FOLDER)
    first, second = upload(workspace, "first"), upload(workspace, "second")
    assert [lease.document_id for lease in claim(limit=3)] == [first.pk, second.pk, bulk.pk]


def test_newest_first_keeps_the_lanes(workspace: Workspace) -> None:
    upload(workspace, "bulk", Source.FOLDER)
    upload(workspace, "first")
    second = upload(workspace, "second")
    assert [lease.document_id for lease in claim(newest=True)] == [second.pk]


def test_a_claim_counts_the_attempt_and_holds_a_lease(workspace: Workspace) -> None:
    upload(workspace, "one")
    (lease,) = claim()
    step = StepRun.objects.get()
    assert (step.state, step.attempt, step.lease_token) == (StepState.RUNNING, 1, lease.token)
    assert step.lease_expires_at is not None
    assert claim() == []


def test_a_part_that_is_not_due_yet_waits(workspace: Workspace) -> None:
    upload(workspace, "one")
    StepRun.objects.update(available_at=now() + timedelta(minutes=1))
    assert claim() == []


def test_giving_back_returns_the_attempt(workspace: Workspace) -> None:
    upload(workspace, "one")
    claims.give_back(lease=claim()[0])
    step = StepRun.objects.get()
    assert (step.state, step.attempt, step.lease_token) == (StepState.READY, 0, None)


def test_a_process_gives_back_all_that_it_holds_and_nothing_else(workspace: Workspace) -> None:
    for name in ("one", "two", "three"):
        upload(workspace, name)
    done, open_ = claims.claim(queue="reading", steps=["read"], owner="host:1", limit=2)
    (others,) = claims.claim(queue="reading", steps=["read"], owner="host:11", limit=1)
    step_complete(lease=done, outcome=Outcome())
    assert claims.give_back_held(owner="host:1") == 1
    step = StepRun.objects.get(pk=open_.step_id)
    assert (step.state, step.attempt, step.lease_token) == (StepState.READY, 0, None)
    assert StepRun.objects.get(pk=done.step_id).state == StepState.SUCCEEDED
    assert StepRun.objects.get(pk=others.step_id).lease_token == others.token


def test_a_lost_lease_stores_nothing(workspace: Workspace) -> None:
    upload(workspace, "one")
    (slow,) = claim()
    StepRun.objects.update(lease_expires_at=now() - timedelta(seconds=1))
    assert step_expire(step_id=slow.step_id)
    (fast,) = claim()
    stored: list[str] = []
    with pytest.raises(LeaseLostError):
        step_complete(lease=slow, outcome=Outcome(store=lambda: stored.append("slow")))
    with pytest.raises(LeaseLostError):
        step_fail(lease=slow, error=RuntimeError("too late"))
    step_complete(lease=fast, outcome=Outcome(store=lambda: stored.append("fast")))
    assert stored == ["fast"]
    assert StepRun.objects.get(pk=slow.step_id).attempt == 2


def test_renewal_keeps_a_lease_and_only_a_held_one(workspace: Workspace) -> None:
    upload(workspace, "one")
    (lease,) = claim()
    StepRun.objects.update(lease_expires_at=now() - timedelta(seconds=1))
    assert claims.renew(tokens=[lease.token, uuid4()]) == 1
    assert not step_expire(step_id=lease.step_id)


@pytest.mark.django_db(transaction=True)
def test_many_workers_never_claim_the_same_part(workspace: Workspace) -> None:
    for number in range(30):
        upload(workspace, f"text {number}")

    def drain(_: int) -> list[Lease]:
        taken = []
        while leases := claim(limit=2):
            taken += leases
        connection.close()
        return taken

    with ThreadPoolExecutor(6) as pool:
        taken = [lease.step_id for leases in pool.map(drain, range(6)) for lease in leases]
    assert len(taken) == len(set(taken)) == 30
