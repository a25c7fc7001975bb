"""Uploading: the plain form, the script's one file a request, and what is said of each file."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User, Workspace
from apps.documents.models import Document, DocumentStatus
from apps.pipeline.models import PipelineRun


def file(name: str, content: bytes = b"Some words.") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_plain_form_takes_many_files(owner: Client, workspace: Workspace, settings: Settings) -> None:
    settings.MAX_UPLOAD_MB = 1
    files = [
        file("a.txt", b"first"),
        file("b.txt", b"second"),
        file("again.txt", b"first"),
        file("none.txt", b""),
        file("big.txt", b"x" * (2**20 + 1)),
    ]
    answer = owner.post("/documents/upload/", {"files": files, "tags": "office,  2026 ,office"})
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 200
    assert "5 files received" in page
    assert Document.objects.filter(workspace=workspace).count() == 2
    assert "Already here as “a.txt”" in page
    assert "Not taken: The file is empty." in page
    assert "Not taken: The file is larger than 1 MB." in page
    document = Document.objects.get(file_name="b.txt")
    assert sorted(document.tags.values_list("name", flat=True)) == ["2026", "office"]
    assert f"/documents/{document.pk}/" in page
    assert PipelineRun.objects.filter(document=document).count() == 1


def test_nothing_chosen(owner: Client) -> None:
    answer = owner.post("/documents/upload/", {})
    assert answer.status_code == 422
    assert "Choose at least one file first" in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [(b"new words", 201, "Uploaded"), (b"known words", 200, "Already here"), (b"", 200, "The file is empty.")],
)
def test_one_file_a_request(
    owner: Client, upload: Callable[..., Document], content: bytes, status: int, words: str
) -> None:
    upload("known.txt", b"known words")
    answer = owner.post("/documents/upload/file/", {"files": file("x.txt", content)})
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_request_without_a_file(owner: Client) -> None:
    assert "Not taken: No file arrived." in owner.post("/documents/upload/file/", {}).content.decode()


def test_upload_takes_the_same_bytes_out_of_the_trash(owner: Client, upload: Callable[..., Document]) -> None:
    document = upload("known.txt", b"known words")
    owner.post(f"/documents/{document.pk}/trash/")
    owner.post("/documents/upload/file/", {"files": file("x.txt", b"known words")})
    document.refresh_from_db()
    assert document.deleted_at is None


def test_upload_goes_to_the_workspace_shown(
    sign_in: Callable[[User], Client], charlie: User, workspace: Workspace
) -> None:
    sign_in(charlie).post("/documents/upload/file/", {"files": file("x.txt")})
    document = Document.objects.get()
    assert document.workspace != workspace
    assert (document.status, document.created_by) == (DocumentStatus.QUEUED, charlie)


def test_hostile_file_name_is_text(owner: Client) -> None:
    name = "<img src=x onerror=alert(1)>.txt"
    answer = owner.post("/documents/upload/file/", {"files": file(name)})
    assert answer.status_code == 201
    for page in (answer.content.decode(), owner.get("/documents/").content.decode()):
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page
