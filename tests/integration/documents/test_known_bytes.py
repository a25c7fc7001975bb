"""What an upload costs, and what bytes that are known already still change."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User, Workspace
from apps.core.audit import history
from apps.documents.models import Blob, Document, Source, Tag
from apps.documents.services import documents_trash
from apps.pipeline.services.ingest import Ingested, ingest_upload

pytestmark = pytest.mark.django_db


def upload(workspace: Workspace, content: bytes = b"text", *tags: str, by: User | None = None) -> Ingested:
    return ingest_upload(
        workspace_id=workspace.pk, chunks=[content], file_name="a.txt", source=Source.API, tags=tags, by=by
    )


def tags_of(document: Document) -> list[str]:
    return [tag.name for tag in document.tags.all()]


@contextmanager
def synced(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Collect the inodes that are waited for to be on the disk."""
    inodes: list[int] = []
    fsync = os.fsync

    def noting(handle: int) -> None:
        inodes.append(os.fstat(handle).st_ino)
        fsync(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", noting)
        yield inodes


def test_the_tags_of_a_second_upload_are_added(workspace: Workspace, alice: User) -> None:
    first = upload(workspace, b"text", "2026", "acme")
    again = upload(workspace, b"text", "acme", " inbox ", "", by=alice)
    assert (again.duplicate, again.document) == (True, first.document)
    assert tags_of(first.document) == ["2026", "acme", "inbox"]
    assert Tag.objects.count() == 3
    noted = history(object_kind="document", object_id=first.document.pk).filter(action="document.tag")
    assert [(event.data, event.actor_id) for event in noted] == [({"tag": "inbox"}, alice.pk)]


def test_a_second_upload_without_tags_takes_none_away(workspace: Workspace, alice: User) -> None:
    document = upload(workspace, b"text", "2026").document
    documents_trash(documents=[document], by=alice)
    upload(workspace)
    assert tags_of(document) == ["2026"]
    upload(workspace, b"text", "2026")
    assert not history(object_kind="document", object_id=document.pk).filter(action="document.tag").exists()


def test_tags_stay_in_their_workspace(workspace: Workspace, charlie: User) -> None:
    other = Workspace.objects.get(memberships__user=charlie)
    mine, theirs = upload(workspace, b"text", "acme").document, upload(other, b"text", "acme").document
    upload(other, b"text", "inbox")
    assert (tags_of(mine), tags_of(theirs)) == (["acme"], ["acme", "inbox"])
    assert set(mine.tags.all()) & set(theirs.tags.all()) == set()


def test_an_upload_waits_for_the_disk_as_often_as_it_must(
    workspace: Workspace, own_storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(workspace, b"first")
    with synced(monkeypatch) as inodes:
        blob = Blob.objects.get(versions__document=upload(workspace, b"second").document)
    path = own_storage / blob.key
    assert inodes == [path.stat().st_ino, path.parent.stat().st_ino]
    with synced(monkeypatch) as inodes:
        upload(workspace, b"second")
    assert inodes == []


def test_bytes_that_a_crash_left_without_a_row_are_made_durable(
    workspace: Workspace, own_storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = upload(workspace, b"text").document
    path = own_storage / Blob.objects.get().key
    Document.objects.filter(pk=document.pk).delete()
    Blob.objects.all().delete()
    with synced(monkeypatch) as inodes:
        upload(workspace, b"text")
    assert inodes == [path.parent.stat().st_ino]


def test_lost_bytes_of_a_known_document_are_put_back(workspace: Workspace, own_storage: Path) -> None:
    upload(workspace, b"text")
    path = own_storage / Blob.objects.get().key
    path.unlink()
    assert upload(workspace, b"text").duplicate
    assert path.read_bytes() == b"text"


def test_an_upload_asks_the_database_as_seldom_as_it_can(workspace: Workspace, alice: User) -> None:
    upload(workspace, b"first", "2026", by=alice)
    with CaptureQueriesContext(connection) as queries:
        upload(workspace, b"second", by=alice)
    # Inside the test's transaction a savepoint and its release stand for BEGIN and COMMIT.
    assert len(queries) <= 11
    with CaptureQueriesContext(connection) as queries:
        upload(workspace, b"second", by=alice)
    assert len(queries) <= 5
