"""A text that breaks the card every time: its neighbours go on, it ends as a dead letter, and few processes with it."""

import threading
from collections.abc import Sequence
from types import SimpleNamespace

import pytest
from django.db.models.functions import Now

from apps.accounts.models import Workspace
from apps.classification.runtime.device_errors import DeviceLostError
from apps.documents.models import Source
from apps.pipeline.encoder import stopping, tasks
from apps.pipeline.models import PipelineRun, RunState, StepRun, StepState
from apps.pipeline.outcome import Lease, Outcome, WorkerBrokenError
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.worker import work, work_in_batches
from tests.integration.pipeline.test_worker import store_page

pytestmark = pytest.mark.django_db


def ends(monkeypatch: pytest.MonkeyPatch) -> bool:
    """Be one encoder worker until nothing is left to do, or until its card fails; tell whether that was so."""
    monkeypatch.setattr(stopping, "_asked", threading.Event())
    monkeypatch.setattr(stopping, "_urged", threading.Event())
    monkeypatch.setattr(stopping, "_card", SimpleNamespace(failure=None))
    monkeypatch.setattr(stopping, "_computed", {})
    StepRun.objects.filter(state=StepState.READY).update(available_at=Now())
    try:
        while work_in_batches(queue="encoder", execute=tasks._execute, size=4, may_claim=tasks._may_claim):
            pass
    except WorkerBrokenError:
        stopping.give_back()
        return True
    return False


def test_a_text_that_breaks_the_card_is_found_and_takes_no_neighbours_along(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["one", "two", "breaking", "four", "five", "six", "seven"]
    documents = {
        name: ingest_upload(
            workspace_id=workspace.pk, chunks=[name.encode()], file_name=f"{name}.txt", source=Source.API
        ).document.pk
        for name in names
    }
    while work(queue="reading", execute=store_page):
        pass

    def embed(leases: Sequence[Lease]) -> list[Outcome]:
        if documents["breaking"] in {lease.document_id for lease in leases}:
            raise DeviceLostError("cuda:0 failed: device-side assert triggered")
        return [Outcome() for _ in leases]

    for step in tasks.STEPS:
        monkeypatch.setitem(tasks.STEPS, step, embed if step == "embed" else lambda leases: [Outcome() for _ in leases])
    processes = [ends(monkeypatch) for _ in range(4)]
    assert processes == [True, True, True, False]
    states = dict(StepRun.objects.filter(step="embed").values_list("run__document", "state"))
    breaking = documents.pop("breaking")
    assert states == {breaking: StepState.FAILED, **dict.fromkeys(documents.values(), StepState.SUCCEEDED)}
    dead = StepRun.objects.get(step="embed", state=StepState.FAILED)
    assert (dead.attempt, dead.error_code) == (3, "device_lost")
    assert "device-side assert" in dead.error_message
    assert StepRun.objects.filter(step="embed", state=StepState.SUCCEEDED, attempt__gt=2).count() == 0
    assert not StepRun.objects.filter(queue="encoder", state__in=[StepState.READY, StepState.RUNNING]).exists()
    while work(queue="reading", execute=lambda _: Outcome()):
        pass
    runs = dict(PipelineRun.objects.values_list("document", "state"))
    assert runs == {breaking: RunState.PARTIAL, **dict.fromkeys(documents.values(), RunState.SUCCEEDED)}
