"""`manage.py ingest`: every file once, in spite of stops and repetitions."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from apps.accounts.models import User, Workspace
from apps.core.clock import now
from apps.documents.models import Blob, Document, DocumentStatus, Source
from apps.pipeline.models import PipelineRun, RunState, Trigger
from apps.pipeline.services.ingest import Ingested, ingest_upload
from apps.pipeline.table import BULK

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with three contents in four files, and what is no document."""
    folder = tmp_path / ".archive" / "inbox"
    (folder / "deep").mkdir(parents=True)
    for name, text in (("a.txt", "one"), ("b.txt", "two"), ("deep/c.txt", "three"), ("deep/copy.txt", "one")):
        (folder / name).write_text(text)
    (folder / ".hidden").write_text("hidden")
    (folder / "empty.txt").touch()
    return folder


def ingest(folder: Path, workspace: Workspace, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    """Run the command; return its exit status and its last line."""
    status = 0
    try:
        call_command("ingest", str(folder), "--workspace", workspace.slug, *options)
    except SystemExit as stop:
        status = int(stop.code or 0)
    return status, capsys.readouterr().out.splitlines()[-1]


def test_every_content_comes_in_once(folder: Path, workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert ingest(folder, workspace, capsys) == (1, "5 files: 3 new, 1 known, 0 retried, 1 refused")
    assert sorted(Document.objects.values_list("title", flat=True)) == ["a.txt", "b.txt", "c.txt"]
    assert set(Document.objects.values_list("source", flat=True)) == {Source.FOLDER}
    assert set(PipelineRun.objects.values_list("lane", flat=True)) == {BULK}


def test_again_nothing_happens(folder: Path, workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty.txt").unlink()
    ingest(folder, workspace, capsys)
    Document.objects.filter(title="b.txt").update(deleted_at=now())
    assert ingest(folder, workspace, capsys) == (0, "4 files: 0 new, 4 known, 0 retried, 0 refused")
    assert PipelineRun.objects.count() == 3
    assert Document.objects.filter(deleted_at__isnull=False).count() == 1  # what was thrown away stays away


def test_a_stopped_one_goes_on_where_it_was(
    folder: Path, workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop_at_b(**given: Any) -> Ingested:
        if given["file_name"] == "b.txt":
            raise KeyboardInterrupt
        return ingest_upload(**given)

    monkeypatch.setattr("apps.pipeline.services.folders.ingest_upload", stop_at_b)
    assert ingest(folder, workspace, capsys) == (
        130,
        "Stopped after 1 of 5 files: 1 new, 0 known, 0 retried, 0 refused",
    )
    monkeypatch.undo()
    assert ingest(folder, workspace, capsys) == (1, "5 files: 2 new, 2 known, 0 retried, 1 refused")


def fail(*titles: str) -> None:
    """Let the runs of documents end as failures."""
    PipelineRun.objects.filter(document__title__in=titles).update(state=RunState.FAILED)
    Document.objects.filter(title__in=titles).update(status=DocumentStatus.FAILED)


def test_failed_ones_are_tried_again(folder: Path, workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty.txt").unlink()
    ingest(folder, workspace, capsys)
    fail("a.txt", "b.txt")
    Document.objects.filter(title="b.txt").update(deleted_at=now())
    assert ingest(folder, workspace, capsys, "--no-retry")[1] == "4 files: 0 new, 4 known, 0 retried, 0 refused"
    assert PipelineRun.objects.count() == 3
    # The copy of a.txt is known by then: it is under way.
    assert ingest(folder, workspace, capsys) == (0, "4 files: 0 new, 3 known, 1 retried, 0 refused")
    again = PipelineRun.objects.get(trigger=Trigger.RETRY)
    assert (again.document.title, again.document.status, again.lane) == ("a.txt", DocumentStatus.QUEUED, BULK)
    thrown_away = Document.objects.get(title="b.txt")
    assert (thrown_away.status, thrown_away.runs.count()) == (DocumentStatus.FAILED, 1)
    assert ingest(folder, workspace, capsys)[1] == "4 files: 0 new, 4 known, 0 retried, 0 refused"


def test_what_is_refused_is_named(
    folder: Path, workspace: Workspace, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.MAX_UPLOAD_MB = 0
    with pytest.raises(SystemExit):
        call_command("ingest", str(folder), "--workspace", workspace.slug)
    told = capsys.readouterr().err
    assert "empty.txt: The file is empty." in told
    assert "a.txt: The file is larger than 0 MB." in told
    assert not Blob.objects.exists()


def test_a_member_and_tags_are_noted(
    folder: Path, workspace: Workspace, alice: User, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest(folder, workspace, capsys, "--email", alice.email, "--tag", "old", "--tag", "paper")
    document = Document.objects.get(title="a.txt")
    assert document.created_by == alice
    assert sorted(tag.name for tag in document.tags.all()) == ["old", "paper"]


@pytest.mark.parametrize(
    ("folder_name", "slug", "email"),
    [("nowhere", "alpha", None), ("inbox", "nowhere", None), ("inbox", "alpha", "charlie@example.org")],
)
def test_wrong_usage_ends_with_2(
    folder: Path, workspace: Workspace, charlie: User, folder_name: str, slug: str, email: str | None
) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("ingest", str(folder.parent / folder_name), workspace=slug, email=email)
    assert caught.value.returncode == 2
    assert not Document.objects.exists()
