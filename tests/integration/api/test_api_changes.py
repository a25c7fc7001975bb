"""Changing documents: title, tags, type, trash, reprocessing; the history of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User, Workspace
from apps.documents.models import Document
from apps.pipeline.models import PipelineRun
from apps.review.models import Correction

Call = Callable[..., Any]
pytestmark = pytest.mark.django_db


def test_title_and_tags_change_alone_or_together(api: Any, queued: Call) -> None:
    address = f"documents/{queued(tags=['red']).pk}/"
    assert api("PATCH", address, {"title": "New"}).json()["tags"] == ["red"]
    assert api("PATCH", address, {"tags": ["blue", "green"]}).json()["title"] == "New"
    body = api("PATCH", address, {"title": "Newer", "tags": []}).json()
    assert (body["title"], body["tags"]) == ("Newer", [])
    assert api("GET", address).json() == body


@pytest.mark.parametrize("body", [{"title": ""}, {"title": "x" * 251}, {"tags": "red"}, {"tags": ["x" * 61]}])
def test_an_unusable_change_gives_400_and_changes_nothing(api: Any, queued: Call, body: dict[str, Any]) -> None:
    document = queued(tags=["red"])
    answer = api("PATCH", f"documents/{document.pk}/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["errors"]) == list(body)
    document.refresh_from_db()
    assert (document.title, [tag.name for tag in document.tags.all()]) == ("hello.txt", ["red"])


def test_deleting_moves_to_the_trash(api: Any, queued: Call) -> None:
    document = queued()
    answer = api("DELETE", f"documents/{document.pk}/")
    assert (answer.status_code, answer.content) == (204, b"")
    document.refresh_from_db()
    assert document.deleted_at is not None
    assert api("DELETE", f"documents/{document.pk}/").status_code == 404


def test_a_correction_of_the_type_is_recorded_as_such(api: Any, finished: Call) -> None:
    document = finished()
    body = api("PATCH", f"documents/{document.pk}/type/", {"label": "receipt"}).json()
    assert body["type"] == {
        "label": "receipt",
        "confidence": None,
        "source": "human",
        "certificate": None,
        "alternatives": [{"label": "invoice", "confidence": 0.9}],
        "model": "types-1",
        "flags": [],
    }
    correction = Correction.objects.get()
    assert correction.before == {"label": "invoice", "confidence": 0.9, "source": "MODEL"}
    assert correction.after == {"label": "receipt"}
    assert correction.by_label == "alice@example.org"


@pytest.mark.parametrize("label", ["", "Not a slug", "x" * 61, None])
def test_a_label_that_is_no_slug_gives_400(api: Any, finished: Call, label: str | None) -> None:
    assert api("PATCH", f"documents/{finished().pk}/type/", {"label": label}).status_code == 400
    assert not Correction.objects.exists()


def test_an_unknown_type_is_refused(api: Any, finished: Call, charlie: User) -> None:
    elsewhere = Workspace.objects.get(memberships__user=charlie)
    finished(place=elsewhere)
    Document.objects.filter(workspace=elsewhere).update(type_label="parking_permit", type_source="HUMAN")
    document = finished()
    answer = api("PATCH", f"documents/{document.pk}/type/", {"label": "parking_permit"})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_type")
    assert "bank_statement" in answer.json()["title"]
    assert not Correction.objects.exists()
    document.refresh_from_db()
    assert (document.type_label, document.type_source) == ("invoice", "MODEL")


def test_built_in_types_other_and_the_workspaces_own_are_known(api: Any, finished: Call) -> None:
    other_document = finished("World", "other.pdf")
    Document.objects.filter(pk=other_document.pk).update(type_label="delivery_note", type_source="HUMAN")
    document = finished()
    for label in ("letter", "other", "delivery_note"):
        answer = api("PATCH", f"documents/{document.pk}/type/", {"label": label})
        assert (answer.status_code, answer.json()["type"]["label"]) == (200, label)


def test_reprocessing_starts_one_run_at_a_time(api: Any, finished: Call) -> None:
    document = finished()
    answer = api("POST", f"documents/{document.pk}/reprocess/")
    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    again = api("POST", f"documents/{document.pk}/reprocess/")
    assert (again.status_code, again.json()["code"]) == (409, "already_processing")
    assert PipelineRun.objects.filter(document=document).count() == 2


def test_events_tell_who_did_what(api: Any, queued: Call) -> None:
    document = queued()
    api("PATCH", f"documents/{document.pk}/", {"title": "New"})
    events = api("GET", f"documents/{document.pk}/events/").json()["results"]
    assert [event["action"] for event in events] == ["document.update", "document.create"]
    assert events[0]["by"] == "alice@example.org"
    assert events[0]["data"]["title"] == {"before": "hello.txt", "after": "New"}


def test_the_browser_session_needs_the_csrf_token(queued: Call, alice: User) -> None:
    document = queued()
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    answer = client.delete(f"/api/v1/documents/{document.pk}/")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert Document.objects.get().deleted_at is None


@pytest.mark.parametrize("body", ["{", "[]", '"text"', "null"])
def test_a_body_that_is_no_object_gives_400(api: Any, queued: Call, body: str) -> None:
    address = f"/api/v1/documents/{queued().pk}/"
    answer = api.client.patch(address, body, content_type="application/json", headers=api.headers)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
