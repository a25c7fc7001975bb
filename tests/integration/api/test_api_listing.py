"""Listing and showing documents: shapes, filters, pages, queries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.serializers import Serializer

from apps.accounts.models import User
from apps.api.v1.shapes import DocumentRow, FieldDetail
from apps.core.clock import now
from apps.documents.models import Document, DocumentStatus
from apps.documents.services import document_set_status

Call = Callable[..., Any]
pytestmark = pytest.mark.django_db


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_a_row_tells_what_a_document_is(api: Any, finished: Call) -> None:
    document = finished(tags=["red"])
    (row,) = api("GET", "documents/").json()["results"]
    assert row == {
        "id": str(document.pk),
        "status": "succeeded",
        "title": "invoice.pdf",
        "file_name": "invoice.pdf",
        "media_type": "application/pdf",
        "page_count": 2,
        "source": "api",
        "parent": None,
        "type": {"label": "invoice", "confidence": 0.9, "source": "model", "certificate": None},
        "tags": ["red"],
        "created_at": row["created_at"],
        "searchable_at": row["searchable_at"],
        "finished_at": row["finished_at"],
    }
    assert row["created_at"] < row["searchable_at"] <= row["finished_at"]


def test_shapes_show_what_drf_shows(finished: Call) -> None:
    document = finished(tags=["red"])
    for shape, shown in ((DocumentRow(), document), (FieldDetail(), document.field_values.get())):
        assert shape.to_representation(shown) == Serializer.to_representation(shape, shown)


def test_one_document_tells_everything(api: Any, finished: Call) -> None:
    document = finished()
    body = api("GET", f"documents/{document.pk}/").json()
    assert body["type"] == {
        "label": "invoice",
        "confidence": 0.9,
        "source": "model",
        "certificate": None,
        "alternatives": [{"label": "receipt", "confidence": 0.1}],
        "model": "types-1",
        "flags": [],
    }
    assert body["fields"] == [
        {
            "id": str(document.field_values.get().pk),
            "key": "grand_total",
            "value": "99.50",
            "value_type": "amount",
            "currency": "",
            "raw_text": "99.50 EUR",
            "confidence": 0.97,
            "method": "rule",
            "producer": "",
            "state": "proposed",
            "is_supported": True,
            "page": 2,
            "box": [0.1, 0.1, 0.2, 0.12],
            "words": [],
            "checks": [],
            "alternatives": [],
            "organisation": None,
            "certificate": None,
        }
    ]
    assert body["warnings"] == []
    assert body["accounting"] == {"state": "to_check", "changed_at": None, "by": ""}
    assert body["errors"] == []
    assert body["file"]["size"] == 5
    assert body["progress"]["done"] == body["progress"]["total"] > 0


def test_a_queued_document_has_no_type_yet(api: Any, queued: Call) -> None:
    body = api("GET", f"documents/{queued().pk}/").json()
    assert (body["status"], body["type"], body["fields"], body["searchable_at"]) == ("queued", None, [], None)
    assert body["progress"] == {"total": 1, "done": 0}


def test_pages_follow_each_other_without_gap_or_repetition(api: Any, queued: Call) -> None:
    moment = now()
    made = [queued(f"text {number}", at=moment - timedelta(seconds=number // 3)) for number in range(7)]
    expected = [str(each.pk) for each in sorted(made, key=lambda each: (each.received_at, each.pk), reverse=True)]
    found, address = [], "documents/?page_size=2"
    while address:
        answer = api("GET", address)
        found += ids(answer)
        address = answer.json()["next"]
    assert found == expected


@pytest.mark.parametrize("address", ["documents/?cursor=nonsense", "fields/?cursor=nonsense"])
def test_a_foreign_cursor_gives_404(api: Any, address: str) -> None:
    assert api("GET", address).status_code == 404


@pytest.fixture
def three(finished: Call, queued: Call) -> dict[str, str]:
    """Give a finished invoice with a tag, a failed document and a queued one, a day apart."""
    invoice = finished("one", tags=["paid"], at=now() - timedelta(days=2))
    failed = queued("two", "letter.txt", at=now() - timedelta(days=1))
    document_set_status(document_id=failed.pk, status=DocumentStatus.FAILED)
    waiting = queued("three", "zebra.txt")
    return {"invoice": str(invoice.pk), "failed": str(failed.pk), "waiting": str(waiting.pk)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["waiting", "failed", "invoice"]),
        ("type=invoice", ["invoice"]),
        ("type=receipt,invoice", ["invoice"]),
        ("type=receipt", []),
        ("status=failed", ["failed"]),
        ("status=failed,succeeded", ["failed", "invoice"]),
        ("tag=paid", ["invoice"]),
        ("tag=unpaid", []),
        ("q=ACME", ["invoice"]),
        ("q=zebra", ["waiting"]),
        ("field.grand_total=99.50", ["invoice"]),
        ("field.grand_total=99.51", []),
        ("field.grand_total__gte=99.5", ["invoice"]),
        ("field.grand_total__gte=99.51", []),
        ("field.grand_total__gte=90&field.grand_total__lte=99", []),
        ("field.grand_total__gte=90&field.grand_total__lte=100", ["invoice"]),
        ("field.due_date__gte=2026-01-01", []),
        ("type=invoice&status=succeeded&tag=paid&q=total", ["invoice"]),
    ],
)
def test_filters(api: Any, three: dict[str, str], query: str, expected: list[str]) -> None:
    assert ids(api("GET", f"documents/?{query}")) == [three[name] for name in expected]


def test_filters_by_time(api: Any, three: dict[str, str]) -> None:
    moment = (now() - timedelta(hours=36)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert ids(api("GET", f"documents/?created_after={moment}")) == [three["waiting"], three["failed"]]
    assert ids(api("GET", f"documents/?created_before={moment}")) == [three["invoice"]]


@pytest.mark.parametrize(
    "query",
    [
        "status=done",
        "created_after=yesterday",
        "field.grand_total__gte=much",
        "field.grand_total__gte=2026-13-45",
        "field.grand_total__like=9",
        "field.grand_total=%00",
        "field.=9",
        "q=%00",
    ],
)
def test_a_filter_that_means_nothing_gives_400(api: Any, query: str) -> None:
    answer = api("GET", f"documents/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def queries(call: Callable[[], Any]) -> int:
    """Count the queries of a call that succeeds; the first one also notes the token's use."""
    assert call().status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert call().status_code == 200
    return len(captured)


def test_a_list_needs_the_same_few_queries_however_long(api: Any, finished: Call) -> None:
    finished("one", tags=["red"])
    few = queries(lambda: api("GET", "documents/"))
    for number in range(5):
        finished(f"text {number}", tags=["red", f"tag {number}"])
    assert queries(lambda: api("GET", "documents/")) == few <= 3


def test_a_document_needs_the_same_few_queries_however_much_is_known(api: Any, finished: Call) -> None:
    small, large = finished("one"), finished("two", texts=("page",) * 9, tags=["red", "green"])
    few = queries(lambda: api("GET", f"documents/{small.pk}/"))
    assert queries(lambda: api("GET", f"documents/{large.pk}/")) == few <= 12


def test_fields_need_the_same_few_queries_however_many(api: Any, finished: Call) -> None:
    finished("one")
    few = queries(lambda: api("GET", "fields/"))
    for number in range(3):
        finished(f"text {number}")
    assert queries(lambda: api("GET", "fields/")) == few <= 3


def test_the_browser_session_reads_the_chosen_workspace(finished: Call, alice: User, client: Any) -> None:
    document = finished()
    client.force_login(alice)
    assert ids(client.get("/api/v1/documents/")) == [str(document.pk)]


def test_what_is_in_the_trash_is_not_listed(api: Any, queued: Call) -> None:
    Document.objects.filter(pk=queued().pk).update(deleted_at=now())
    assert ids(api("GET", "documents/")) == []
