"""The workspace's figures, and that every change makes the cached ones stale."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from apps.accounts.models import User, Workspace
from apps.classification.models import ModelState, ModelVersion
from apps.core.errors import NotFoundError
from apps.documents.models import Document, DocumentStatus, Page, TextSource
from apps.documents.services import document_purge, documents_restore, documents_trash
from apps.insights.selectors import workspace_figures
from apps.pipeline.models import PipelineRun, RunState, Trigger
from apps.pipeline.services.again import document_reprocess
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.services.runs import run_advance, run_lock, run_start
from apps.review.services import task_close, task_open, type_correct
from tests.library import shelve

NOON = datetime(2026, 5, 20, 12, 30, tzinfo=UTC)
BROKEN = {"code": "corrupt", "message": "The file is damaged.", "step": "read"}


def figures(user: User, workspace: Workspace) -> dict[str, Any]:
    return workspace_figures(user=user, workspace_id=workspace.pk, clock=lambda: NOON)


def test_an_empty_workspace_has_figures(alice: User, workspace: Workspace) -> None:
    found = workspace_figures(user=alice, workspace_id=workspace.pk)
    assert found["documents"]["total"] == 0
    assert found["pages"]["recognised_share"] is None
    assert found["durations_s"]["finished"] == {"p50": None, "p95": None, "count": 0}
    assert found["queue"] == {"documents": 0, "parts_ready": 0, "parts_running": 0, "eta_s": None}
    assert found["model"] is None


def test_strangers_get_nothing_even_from_the_cache(alice: User, charlie: User, workspace: Workspace) -> None:
    figures(alice, workspace)
    with pytest.raises(NotFoundError):
        figures(charlie, workspace)


def test_what_came_in(alice: User, workspace: Workspace) -> None:
    shelve(workspace, "a", "b", type_label="invoice", received_at=NOON - timedelta(hours=2))
    shelve(workspace, "c", type_label="invoice", received_at=NOON - timedelta(days=29))
    shelve(workspace, "d", status=DocumentStatus.PARTIAL, received_at=NOON - timedelta(days=30))
    documents_trash(documents=[shelve(workspace, "e")], by=alice)
    Page.objects.filter(text="b").update(text_source=TextSource.OCR)
    found = workspace_figures(user=alice, workspace_id=workspace.pk, clock=lambda: NOON)
    documents = found["documents"]
    assert (documents["total"], documents["received_24_h"]) == (3, 1)
    assert documents["by_status"] == {"queued": 0, "processing": 0, "succeeded": 2, "partial": 1, "failed": 0}
    assert documents["by_type"] == [{"type": "invoice", "count": 2}, {"type": "", "count": 1}]
    assert documents["by_day"][0] == {"day": "2026-04-21", "count": 1}
    assert documents["by_day"][-1] == {"day": "2026-05-20", "count": 1}
    assert len(documents["by_day"]) == 30
    assert found["pages"] == {"total": 4, "recognised": 1, "recognised_share": 0.25}
    assert found["storage_bytes"] == 4_000


def test_how_processing_went(alice: User, workspace: Workspace) -> None:
    for seconds in (1.0, 2.0, 9.0):
        shelve(workspace, "a", "b", received_at=NOON - timedelta(minutes=5), took_s=seconds)
    shelve(workspace, "a", received_at=NOON - timedelta(days=2), took_s=2.0)
    earlier = NOON - timedelta(minutes=50)
    broken = shelve(workspace, received_at=earlier, status=DocumentStatus.FAILED, errors=[BROKEN, BROKEN])
    run = run_start(document=broken, trigger=Trigger.REPROCESS, is_beside=True)  # counts nowhere
    PipelineRun.objects.filter(pk=run.pk).update(state=RunState.SUCCEEDED, finished_at=NOON)
    found = workspace_figures(user=alice, workspace_id=workspace.pk, clock=lambda: NOON)
    assert found["durations_s"]["finished"]["p50"] == pytest.approx(2.0)
    assert found["durations_s"]["finished"]["count"] == 4
    assert found["durations_s"]["searchable"]["p50"] == pytest.approx(1.0)
    assert found["throughput_24_h"]["documents"] == 4
    assert found["throughput_24_h"]["pages"] == 6
    hours = {hour["hour"][11:13]: (hour["documents"], hour["failed"]) for hour in found["throughput_24_h"]["by_hour"]}
    assert (hours["12"], hours["11"], hours["10"], len(hours)) == ((3, 0), (1, 1), (0, 0), 24)
    assert found["failures"] == [{"code": "corrupt", "documents": 1, "message": "The file is damaged."}]
    assert found["attention"] == {"failed": 1, "partial": 0, "review": 0}


def test_a_fixed_document_is_no_failure_any_more(alice: User, workspace: Workspace) -> None:
    shelve(workspace, status=DocumentStatus.FAILED, errors=[BROKEN])
    Document.objects.update(status=DocumentStatus.SUCCEEDED)
    assert workspace_figures(user=alice, workspace_id=workspace.pk)["failures"] == []


def test_the_model_and_what_people_said_of_it(alice: User, workspace: Workspace) -> None:
    ModelVersion.objects.create(
        version="shipped",
        family="document_type",
        artifact_sha256="0" * 64,
        metrics={"macro_f1": 0.93},
        state=ModelState.ACTIVE,
    )
    type_correct(document=shelve(workspace, "a", type_label="invoice"), label="invoice", by=alice)
    type_correct(document=shelve(workspace, "b", type_label="invoice"), label="receipt", by=alice)
    found = workspace_figures(user=alice, workspace_id=workspace.pk)
    assert found["model"]["version"] == "shipped"
    assert found["model"]["metrics"] == {"macro_f1": 0.93}
    assert found["decisions"] == {"total": 2, "agreed": 1}


def test_the_workspaces_own_model_comes_first(alice: User, workspace: Workspace) -> None:
    for version, place in (("shipped", None), ("own", workspace)):
        ModelVersion.objects.create(
            version=version, workspace=place, family="document_type", artifact_sha256="0" * 64, state=ModelState.ACTIVE
        )
    found = workspace_figures(user=alice, workspace_id=workspace.pk)
    assert (found["model"]["version"], found["model"]["is_own"]) == ("own", True)


def test_the_queue_and_its_forecast_are_live(alice: User, workspace: Workspace) -> None:
    moment = NOON
    for _ in range(5):  # one after another, four seconds each, the last two waiting for the ones before
        shelve(workspace, "a", received_at=moment, took_s=4.0)
        moment += timedelta(seconds=4)
    assert figures(alice, workspace)["queue"]["eta_s"] is None
    for number in range(3):
        ingest_upload(workspace_id=workspace.pk, chunks=[b"%d" % number], file_name="a.txt", source="WEB", by=alice)
    queue = workspace_figures(user=alice, workspace_id=workspace.pk)["queue"]
    assert (queue["documents"], queue["parts_ready"], queue["parts_running"]) == (3, 3, 0)
    assert queue["eta_s"] == pytest.approx(12.0, rel=0.05)


def test_figures_are_json(alice: User, workspace: Workspace) -> None:
    shelve(workspace, "a")
    assert json.loads(json.dumps(workspace_figures(user=alice, workspace_id=workspace.pk)))


CHANGES: dict[str, Callable[[Document, User], object]] = {
    "upload": lambda document, user: ingest_upload(
        workspace_id=document.workspace_id, chunks=[b"new"], file_name="n.txt", source="WEB", by=user
    ),
    "trash": lambda document, user: documents_trash(documents=[document], by=user),
    "restore": lambda document, user: documents_restore(documents=[document], by=user),
    "purge": lambda document, user: document_purge(document=document, by=user),
    "question": lambda document, _: task_open(document=document, kind="TYPE", reason="unsure"),
    "answer": lambda document, _: task_close(document_id=document.pk, kind="TYPE"),
    "decision": lambda document, user: type_correct(document=document, label="receipt", by=user),
    "another reading": lambda document, user: document_reprocess(document=document, by=user),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.django_db(transaction=True)
def test_every_change_makes_the_cached_figures_stale(alice: User, workspace: Workspace, name: str) -> None:
    document = shelve(workspace, "a")
    if name == "answer":
        task_open(document=document, kind="TYPE", reason="unsure")
    before = workspace_figures(user=alice, workspace_id=workspace.pk)
    assert workspace_figures(user=alice, workspace_id=workspace.pk)["generated_at"] == before["generated_at"]
    CHANGES[name](document, alice)
    assert workspace_figures(user=alice, workspace_id=workspace.pk)["generated_at"] != before["generated_at"]


@pytest.mark.django_db(transaction=True)
def test_a_run_that_ends_makes_the_cached_figures_stale(alice: User, workspace: Workspace) -> None:
    document = ingest_upload(
        workspace_id=workspace.pk, chunks=[b"new"], file_name="n.txt", source="WEB", by=alice
    ).document
    run = PipelineRun.objects.get(document=document)
    assert workspace_figures(user=alice, workspace_id=workspace.pk)["attention"]["failed"] == 0
    run.steps.all().delete()
    with transaction.atomic():
        run_advance(run=run_lock(run_id=run.pk))
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert workspace_figures(user=alice, workspace_id=workspace.pk)["attention"]["failed"] == 1
