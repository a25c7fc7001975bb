"""Uploading: new bytes, known bytes, limits, waiting, repeated requests."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from apps.accounts.models import User, Workspace
from apps.core.clock import now
from apps.core.models import AuditEvent, IdempotencyKey
from apps.documents.models import Blob, Document, DocumentStatus
from apps.documents.services import documents_trash
from apps.pipeline.models import PipelineRun, StepRun

Call = Callable[..., Any]
pytestmark = pytest.mark.django_db


def test_new_bytes_give_201_and_a_queued_document(upload: Call, api: Any) -> None:
    answer = upload(title="A greeting", tags="red, green")
    assert answer.status_code == 201
    assert answer["Content-Type"] == "application/json"
    body = answer.json()
    assert (body["status"], body["duplicate"], body["title"], body["file_name"], body["source"], body["tags"]) == (
        "queued",
        False,
        "A greeting",
        "hello.txt",
        "api",
        ["green", "red"],
    )
    assert api("GET", f"documents/{body['id']}/").json()["file"]["size"] == 5
    assert StepRun.objects.get().step == "read"


def test_tags_may_be_repeated(upload: Call) -> None:
    assert upload(tags=["red", "green,blue"]).json()["tags"] == ["blue", "green", "red"]


def test_known_bytes_give_200_and_the_first_document(upload: Call) -> None:
    first = upload().json()
    again = upload(name="other.txt", title="Other")
    assert again.status_code == 200
    assert again.json() == {**first, "duplicate": True}
    assert Document.objects.count() == 1


def test_known_bytes_from_the_trash_are_restored(upload: Call, alice: User, api: Any) -> None:
    first = upload().json()
    documents_trash(documents=list(Document.objects.all()), by=alice)
    assert api("GET", f"documents/{first['id']}/").status_code == 404
    assert upload().json()["id"] == first["id"]
    assert api("GET", f"documents/{first['id']}/").status_code == 200


def test_known_bytes_that_failed_are_run_again(upload: Call) -> None:
    upload()
    PipelineRun.objects.update(state="FAILED")
    Document.objects.update(status=DocumentStatus.FAILED)
    again = upload().json()
    assert (again["duplicate"], again["status"]) == (True, "queued")
    assert PipelineRun.objects.count() == 2


def test_an_empty_file_is_refused(upload: Call) -> None:
    answer = upload(b"")
    assert (answer.status_code, answer.json()["code"]) == (400, "empty")
    assert not Document.objects.exists()


def test_a_request_without_a_file_is_refused(api: Any) -> None:
    answer = api("POST", "documents/", form={"title": "Nothing"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert "file" in answer.json()["errors"]


def test_a_file_over_the_limit_gives_413(upload: Call, settings: Settings) -> None:
    settings.MAX_UPLOAD_MB = 1
    for size in (2**20 + 1, 3 * 2**20):  # found while it is stored, and known from the request's length
        answer = upload(b"x" * size)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert not Document.objects.exists()
    assert not Blob.objects.exists()


def test_another_media_type_gives_415(api: Any) -> None:
    answer = api("POST", "documents/", {"file": "x"})
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


def test_broken_multipart_gives_400(api: Any) -> None:
    answer = api.client.post("/api/v1/documents/", b"nonsense", content_type="multipart/form-data", headers=api.headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


@pytest.mark.parametrize("wait", ["61", "-1", "soon"])
def test_an_unusable_wait_gives_400(upload: Call, wait: str) -> None:
    assert upload(query=f"?wait={wait}").status_code == 400
    assert not Document.objects.exists()


def test_wait_gives_up_when_the_time_is_over(upload: Call) -> None:
    assert upload(query="?wait=0.1").json()["status"] == "queued"


@pytest.mark.django_db(transaction=True)
def test_wait_answers_when_processing_has_ended(upload: Call, work_done: Call) -> None:
    def work_when_it_comes() -> None:
        while not StepRun.objects.exists():
            pass
        work_done()
        connection.close()

    worker = threading.Thread(target=work_when_it_comes)
    worker.start()
    body = upload(query="?wait=20").json()
    worker.join()
    assert (body["status"], body["page_count"]) == ("succeeded", 2)


def test_the_same_key_gives_the_same_answer(upload: Call) -> None:
    first = upload(key="one")
    again = upload(key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert AuditEvent.objects.filter(action="document.create").count() == 1


@pytest.mark.parametrize("other", [{"content": b"Other"}, {"title": "Other"}, {"tags": "other"}, {"name": "other.txt"}])
def test_the_same_key_for_another_request_gives_422(upload: Call, other: dict[str, Any]) -> None:
    upload(key="one")
    answer = upload(key="one", **other)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Document.objects.count() == 1


def test_a_key_belongs_to_its_workspace(upload: Call, api_of: Call, charlie: User) -> None:
    upload(key="one")
    gamma = Workspace.objects.get(memberships__user=charlie)
    theirs = api_of(charlie, gamma)
    answer = theirs("POST", "documents/", form={"file": b"x"}, Idempotency_Key="one")
    assert answer.status_code == 400  # no file, but nothing of the other workspace's answer either
    assert "id" not in answer.json()


def test_a_key_in_use_gives_409_until_it_is_abandoned(upload: Call) -> None:
    first = upload(key="one")
    IdempotencyKey.objects.update(response_status=None, response_body=None)
    answer = upload(key="one")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_in_progress")
    IdempotencyKey.objects.update(created_at=now().replace(year=2020))
    assert upload(key="one").json() == {**first.json(), "duplicate": True}


def test_a_failed_request_leaves_its_key_free(upload: Call) -> None:
    assert upload(b"", key="one").status_code == 400
    assert upload(b"Hello", key="one").status_code == 201


def test_an_overlong_key_gives_400(upload: Call) -> None:
    assert upload(key="x" * 201).json()["code"] == "idempotency_key_invalid"
