"""A file comes in: once, whole, or not at all."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from apps.accounts.models import User, Workspace
from apps.documents import storage
from apps.documents.models import Blob, Document, DocumentStatus, DocumentVersion, Source
from apps.documents.services import document_purge, documents_trash
from apps.documents.storage import EmptyFileError, TooLargeError
from apps.pipeline.models import PipelineRun, Trigger
from apps.pipeline.services.ingest import Ingested, ingest_upload

pytestmark = pytest.mark.django_db


def upload(workspace: Workspace, content: bytes = b"text", name: str = "a.txt") -> Ingested:
    return ingest_upload(workspace_id=workspace.pk, chunks=[content], file_name=name, source=Source.API)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_bytes_are_stored_under_their_hash_and_cannot_be_written(workspace: Workspace, own_storage: Path) -> None:
    document = upload(workspace).document
    blob = Blob.objects.get(versions__document=document)
    (path,) = files(own_storage)
    assert path == own_storage / blob.key
    assert path.read_bytes() == b"text"
    assert path.stat().st_mode & 0o222 == 0
    with storage.local_path(blob) as local:
        assert local == path


def test_the_same_bytes_give_the_first_document(workspace: Workspace, own_storage: Path) -> None:
    first, second = upload(workspace), upload(workspace, name="b.txt")
    assert (first.duplicate, second.duplicate) == (False, True)
    assert second.document == first.document
    assert Document.objects.count() == PipelineRun.objects.count() == len(files(own_storage)) == 1


def test_other_workspaces_keep_their_own(workspace: Workspace, charlie: User) -> None:
    other = Workspace.objects.get(memberships__user=charlie)
    assert upload(workspace).document != upload(other).document
    assert Blob.objects.count() == 2


def test_a_duplicate_of_a_trashed_document_restores_it(workspace: Workspace, alice: User) -> None:
    document = upload(workspace).document
    documents_trash(documents=[document], by=alice)
    again = upload(workspace)
    assert again.duplicate
    assert Document.objects.get(pk=document.pk).deleted_at is None


def test_a_duplicate_of_a_failed_document_runs_again(workspace: Workspace) -> None:
    document = upload(workspace).document
    PipelineRun.objects.update(state="FAILED")
    Document.objects.update(status=DocumentStatus.FAILED)
    again = upload(workspace)
    assert (again.duplicate, again.document.status) == (True, DocumentStatus.QUEUED)
    assert list(document.runs.order_by("id").values_list("trigger", flat=True)) == [Trigger.UPLOAD, Trigger.RETRY]


@pytest.mark.django_db(transaction=True)
def test_the_same_bytes_at_the_same_time(workspace: Workspace) -> None:
    def one(_: int) -> bool:
        try:
            return upload(workspace, b"raced").duplicate
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        duplicates = list(pool.map(one, range(6)))
    assert sorted(duplicates) == [False, True, True, True, True, True]
    assert Document.objects.count() == DocumentVersion.objects.count() == 1


@pytest.mark.parametrize(("content", "error"), [(b"", EmptyFileError), (b"x" * (2**20 + 1), TooLargeError)])
def test_refused_files_leave_nothing(
    workspace: Workspace, own_storage: Path, settings: Settings, content: bytes, error: type[Exception]
) -> None:
    settings.MAX_UPLOAD_MB = 1
    with pytest.raises(error):
        upload(workspace, content)
    assert files(own_storage) == []
    assert Document.objects.count() == Blob.objects.count() == 0


def test_an_upload_that_breaks_off_leaves_nothing(workspace: Workspace, own_storage: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        ingest_upload(workspace_id=workspace.pk, chunks=chunks(), file_name="a.txt", source=Source.API)
    assert files(own_storage) == []
    assert Document.objects.count() == 0


def test_purging_removes_bytes(
    workspace: Workspace,
    alice: User,
    own_storage: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    document = upload(workspace).document
    with django_capture_on_commit_callbacks(execute=True):
        document_purge(document=document, by=alice)
    assert files(own_storage) == []
    assert Blob.objects.count() == Document.objects.count() == 0
