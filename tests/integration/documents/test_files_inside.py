"""Files inside files become documents: once each, within limits, sharing their parent's trash."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from apps.accounts.models import User, Workspace
from apps.core.models import OutboxEvent
from apps.documents.models import Blob, Document, DocumentStatus, DocumentVersion, Page, Source
from apps.documents.part_keys import KEY_LENGTH
from apps.documents.services import document_purge, documents_restore, documents_trash
from apps.pipeline.models import PipelineRun, RunState, StepRun
from apps.pipeline.samples import generate
from apps.pipeline.services.again import document_reprocess
from apps.pipeline.services.ingest import ingest_upload
from tests.integration.web.documents.processing import process_everything

pytestmark = pytest.mark.django_db


def mail(attachments: Mapping[str, bytes]) -> bytes:
    message = EmailMessage()
    message["Subject"] = "The papers"
    message["From"] = "alice@example.org"
    message.set_content("Find the papers attached.")
    for name, data in attachments.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def packed(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def take_in(workspace: Workspace, name: str, data: bytes, tags: tuple[str, ...] = ()) -> Document:
    document = ingest_upload(
        workspace_id=workspace.pk, chunks=[data], file_name=name, source=Source.API, tags=tags
    ).document
    process_everything()
    document.refresh_from_db()
    return document


def problems(document: Document) -> list[tuple[str, str]]:
    run = PipelineRun.objects.filter(document=document).latest("id")
    return [(error["code"], error["message"]) for error in run.errors]


def test_attachments_become_documents(workspace: Workspace) -> None:
    data = mail({"note.txt": b"A short note.", "page.html": b"<html><body><p>A page.</p></body></html>"})
    parent = take_in(workspace, "papers.eml", data, tags=("urgent",))
    parts = list(parent.children.order_by("pk"))
    assert [(part.title, part.source, part.status) for part in parts] == [
        ("note.txt", Source.PART, DocumentStatus.SUCCEEDED),
        ("page.html", Source.PART, DocumentStatus.SUCCEEDED),
    ]
    assert parent.status == DocumentStatus.SUCCEEDED
    assert [list(part.tags.values_list("name", flat=True)) for part in parts] == [["urgent"], ["urgent"]]
    assert not DocumentVersion.objects.filter(document__parent=parent, is_upload=True).exists()
    assert "A short note." in Page.objects.get(reading=parts[0].current_reading).text


def test_the_data_of_an_invoice_stay_with_their_pdf(workspace: Workspace) -> None:
    samples = {sample.name: sample for sample in generate(today=date(2026, 11, 23))}
    name, sample = next((name, sample) for name, sample in samples.items() if name.endswith("factur-x.pdf"))
    parent = take_in(workspace, name, sample.content)
    assert parent.current_reading is not None
    assert [child["name"] for child in parent.current_reading.metadata["children"]] == ["factur-x.xml"]
    assert not parent.children.exists()
    assert parent.status == DocumentStatus.SUCCEEDED


def test_archives_in_archives_end_at_the_depth(workspace: Workspace, settings: Settings) -> None:
    settings.PARTS_DEPTH = 2
    inner = packed({"deep.txt": b"Deep."})
    outer = take_in(workspace, "outer.zip", packed({"middle.zip": packed({"inner.zip": inner})}))
    middle = outer.children.get()
    innermost = middle.children.get()
    assert (middle.part_key, innermost.title, innermost.children.count()) == ("middle.zip", "inner.zip", 0)
    assert outer.status == middle.status == DocumentStatus.SUCCEEDED
    assert innermost.status == DocumentStatus.PARTIAL
    assert problems(innermost) == [("too_deep", "Left out: deep.txt. It lies more than 2 files deep.")]


def test_more_files_than_allowed_are_left_out_visibly(workspace: Workspace, settings: Settings) -> None:
    settings.PARTS_COUNT = 30
    members = {f"{number:02}.txt": f"Text {number}.".encode() for number in range(40)}
    parent = take_in(workspace, "many.zip", packed(members))
    assert parent.children.count() == 30
    assert StepRun.objects.filter(run__document=parent, step="children").count() == 2
    assert problems(parent) == [("too_many_parts", "Only the first 30 of 40 files inside became documents.")]


def test_bytes_over_the_limit_are_left_out_visibly(workspace: Workspace, settings: Settings) -> None:
    settings.PARTS_MB = 1
    members = {"a.txt": b"a " * 300_000, "b.txt": b"b " * 300_000, "c.txt": b"Small."}
    parent = take_in(workspace, "large.zip", packed(members))
    assert set(parent.children.values_list("title", flat=True)) == {"a.txt", "c.txt"}
    assert problems(parent) == [("too_large", "Left out: b.txt. The files inside are larger than 1 MB together.")]


def test_one_upload_makes_only_so_many(workspace: Workspace, settings: Settings) -> None:
    settings.PARTS_IN_ALL = 3
    take_in(workspace, "o.zip", packed({f"{n}.zip": packed({"t.txt": f"Text {n}.".encode()}) for n in range(3)}))
    assert Document.objects.filter(source=Source.PART).count() == 3
    assert PipelineRun.objects.filter(errors__contains=[{"code": "too_many_parts"}]).count() == 3


def test_empty_files_and_equal_bytes(workspace: Workspace) -> None:
    uploaded = take_in(workspace, "same.txt", b"The same text.")
    members = {"a.txt": b"The same text.", "folder/a.txt": b"The same text.", "empty.txt": b""}
    parent = take_in(workspace, "twins.zip", packed(members))
    assert sorted(parent.children.values_list("part_key", flat=True)) == ["a.txt", "folder/a.txt"]
    assert Blob.objects.count() == 2  # the archive's, and one for all three texts
    assert problems(parent) == []
    assert take_in(workspace, "again.txt", b"The same text.") == uploaded


def test_reading_again_makes_no_doubles(workspace: Workspace, alice: User) -> None:
    parent = take_in(workspace, "papers.eml", mail({"note.txt": b"A short note."}))
    part = parent.children.get()
    document_reprocess(document=parent, by=alice)
    process_everything()
    assert parent.children.get() == part
    assert PipelineRun.objects.filter(document=part).count() == 1
    assert PipelineRun.objects.filter(document=parent, state=RunState.SUCCEEDED).count() == 2


def test_long_paths_fit(workspace: Workspace) -> None:
    paths = [f"{'folder/' * 40}{name}.txt" for name in ("a", "b")]
    parent = take_in(workspace, "long.zip", packed({path: path.encode() for path in paths}))
    keys = list(parent.children.values_list("part_key", flat=True))
    assert len(set(keys)) == 2
    assert {len(key) for key in keys} == {KEY_LENGTH}


def test_the_trash_takes_parts_along_and_gives_them_back(workspace: Workspace, alice: User) -> None:
    parent = take_in(workspace, "papers.eml", mail({"a.txt": b"One.", "b.txt": b"Two."}))
    first, second = parent.children.order_by("pk")
    documents_trash(documents=[first], by=alice)
    documents_trash(documents=[parent], by=alice)
    assert Document.objects.filter(deleted_at=None).count() == 0
    parent.refresh_from_db()
    documents_restore(documents=[parent], by=alice)
    assert set(Document.objects.filter(deleted_at=None)) == {parent, second}, "what was thrown away alone stays there"
    documents_trash(documents=[parent], by=alice)
    first.refresh_from_db()
    documents_restore(documents=[first], by=alice)
    assert set(Document.objects.filter(deleted_at=None)) == {parent, first}, "no part without what it is a part of"


def test_purging_takes_everything_away(
    workspace: Workspace,
    alice: User,
    own_storage: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    kept = take_in(workspace, "kept.txt", b"Also by itself.")
    inner = packed({"deep.txt": b"Deep."})
    parent = take_in(workspace, "outer.zip", packed({"inner.zip": inner, "a.txt": b"Also by itself."}))
    documents_trash(documents=[parent], by=alice)
    parent.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        assert document_purge(document=parent, by=alice)
    assert list(Document.objects.all()) == [kept]
    assert [path.read_bytes() for path in own_storage.rglob("*") if path.is_file()] == [b"Also by itself."]
    assert OutboxEvent.objects.filter(kind="document.purged").count() == 4


def test_the_page_shows_parts_and_parents(workspace: Workspace, alice: User) -> None:
    parent = take_in(workspace, "papers.zip", packed({"note.txt": b"A short note.", "empty.txt": b""}))
    part = parent.children.get()
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(f"/documents/{parent.pk}/parts/").content.decode()
    assert f'href="/documents/{part.pk}/"' in shown
    assert "Not taken in" in shown
    assert "empty.txt" in shown
    assert f'href="/documents/{parent.pk}/parts/"' in client.get(f"/documents/{part.pk}/").content.decode()
    answer = client.get(f"/api/v1/documents/{parent.pk}/").json()
    assert answer["parent"] is None
    assert answer["children"] == [
        {
            "id": str(part.pk),
            "title": "note.txt",
            "file_name": "note.txt",
            "part_key": "note.txt",
            "status": "succeeded",
        }
    ]
    listed = client.get(f"/api/v1/documents/?parent={parent.pk}").json()["results"]
    assert [(row["id"], row["parent"]) for row in listed] == [(str(part.pk), str(parent.pk))]
