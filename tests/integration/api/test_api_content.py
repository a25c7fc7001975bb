"""The analysis object, the original file, the values of all documents, search."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import Client
from pytest_django import Settings

from apps.documents.models import Blob, Document
from apps.documents.services import document_set_type
from apps.extraction.models import FieldValue
from apps.pipeline.models import PipelineRun
from apps.pipeline.usage import resident_bytes, usage_add

Call = Callable[..., Any]
pytestmark = pytest.mark.django_db


@pytest.fixture
def analysis(api: Any) -> Call:
    """Give a way to get a document's analysis."""

    def get(document: Document, query: str = "") -> Any:
        answer = api("GET", f"documents/{document.pk}/analysis/{query}")
        assert answer.status_code == 200, answer.content
        assert answer["Content-Type"] == "application/json"
        return json.loads(b"".join(answer.streaming_content))

    return get


def test_the_whole_analysis(analysis: Call, finished: Call) -> None:
    document = finished()
    body = analysis(document)
    timings = body.pop("timings_ms")
    assert {"read", "total"} <= set(timings)
    assert all(value >= 0 for value in timings.values())
    assert body == {
        "schema": "docintel.analysis/1",
        "file": {
            "name": "invoice.pdf",
            "size": 5,
            "sha256": "185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969",
            "media_type": "application/pdf",
        },
        "status": "succeeded",
        "errors": [],
        "metadata": {"title": "A title", "page_count": 2},
        "pages": [
            {
                "number": 1,
                "width": 595.0,
                "height": 842.0,
                "rotation": 0,
                "text": "Invoice 42 of ACME",
                "text_source": "native",
                "language": None,
                "blocks": [],
                "words": [
                    [
                        pytest.approx(place / 100, abs=1e-4),
                        pytest.approx(0.1, abs=1e-4),
                        pytest.approx((place + 1) / 100, abs=1e-4),
                        pytest.approx(0.12, abs=1e-4),
                        word,
                        None,
                    ]
                    for place, word in enumerate(["Invoice", "42", "of", "ACME"])
                ],
            },
            body["pages"][1],
        ],
        "tables": [
            {
                "page": 2,
                "box": [0.1, 0.1, 0.9, 0.2],
                "row_count": 1,
                "column_count": 2,
                "header_rows": 0,
                "continues": False,
                "confidence": None,
                "cells": [
                    {"row": 0, "column": 0, "row_span": 1, "column_span": 1, "text": "Total", "box": None},
                    {"row": 0, "column": 1, "row_span": 1, "column_span": 1, "text": "99.50", "box": None},
                ],
            }
        ],
        "type": {
            "label": "invoice",
            "confidence": 0.9,
            "alternatives": [{"label": "receipt", "confidence": 0.1}],
            "model": "types-1",
        },
        "fields": [
            {
                "id": str(FieldValue.objects.get().pk),
                "key": "grand_total",
                "value": "99.50",
                "value_type": "amount",
                "currency": "",
                "raw_text": "99.50 EUR",
                "confidence": 0.97,
                "page": 2,
                "box": [0.1, 0.1, 0.2, 0.12],
                "words": [],
                "method": "rule",
                "producer": "",
                "state": "proposed",
                "is_supported": True,
                "checks": [],
                "alternatives": [],
            }
        ],
        "entities": [],
    }


def test_many_pages_come_in_order(analysis: Call, finished: Call) -> None:
    document = finished(texts=tuple(f"page {number}" for number in range(1, 121)))
    assert [page["number"] for page in analysis(document)["pages"]] == list(range(1, 121))


@pytest.mark.parametrize(
    ("pages", "expected"), [("1-5", [1, 2, 3]), ("2", [2]), ("2-", [2, 3]), ("-2", [1, 2]), ("3-3", [3]), ("7-9", [])]
)
def test_a_range_of_pages(analysis: Call, finished: Call, pages: str, expected: list[int]) -> None:
    body = analysis(finished(texts=("one", "two", "three")), f"?pages={pages}")
    assert [page["number"] for page in body["pages"]] == expected
    assert [table["page"] for table in body["tables"]] == [number for number in (2,) if number in expected]
    assert [field["page"] for field in body["fields"]] == [number for number in (2,) if number in expected]


@pytest.mark.parametrize(("include", "some"), [("", True), ("?include=words", True), ("?include=", False)])
def test_words_are_left_out_on_demand(analysis: Call, finished: Call, include: str, some: bool) -> None:
    assert all(bool(page["words"]) is some for page in analysis(finished(), include)["pages"])


@pytest.mark.parametrize("query", ["pages=0", "pages=3-2", "pages=a", "pages=-", "pages=1-2-3", "include=everything"])
def test_a_part_that_means_nothing_gives_400(api: Any, finished: Call, query: str) -> None:
    answer = api("GET", f"documents/{finished().pk}/analysis/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_there_is_no_analysis_before_the_first_end(api: Any, queued: Call) -> None:
    answer = api("GET", f"documents/{queued().pk}/analysis/")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_finished")


def test_the_last_analysis_stays_while_a_document_is_processed_again(analysis: Call, api: Any, finished: Call) -> None:
    document = finished()
    before = analysis(document)
    api("POST", f"documents/{document.pk}/reprocess/")
    assert analysis(document) == before


def test_a_failed_document_has_an_analysis_that_says_why(analysis: Call, queued: Call) -> None:
    document = queued()
    error = {"code": "encrypted", "message": "The file needs a password.", "step": "read"}
    PipelineRun.objects.update(state="FAILED", errors=[error])
    body = analysis(document)
    assert (body["status"], body["pages"], body["type"]) == ("failed", [], None)
    assert body["errors"] == [{"code": "encrypted", "message": "The file needs a password."}]
    assert body["file"]["media_type"] == "application/octet-stream"


def test_a_persons_word_on_the_type_has_no_confidence(analysis: Call, finished: Call) -> None:
    document = finished()
    document_set_type(document_id=document.pk, label="receipt", confidence=None, source="HUMAN")
    assert analysis(document)["type"] == {
        "label": "receipt",
        "confidence": None,
        "alternatives": [{"label": "invoice", "confidence": 0.9}],
        "model": "human",
    }


@pytest.mark.parametrize(
    ("media_type", "sent"),
    [
        ("application/pdf", "application/pdf"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_the_original_is_always_a_harmless_download(api: Any, queued: Call, media_type: str, sent: str) -> None:
    document = queued("<script>alert(1)</script>", 'bad"name\r\n.html')
    document.versions.get().blob.__class__.objects.update(media_type=media_type)
    answer = api("GET", f"documents/{document.pk}/original/", Accept="text/html")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == sent
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "\n" not in answer["Content-Disposition"]
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_an_original_whose_bytes_are_lost_gives_404(api: Any, queued: Call) -> None:
    document = queued()
    storages["default"].delete(Blob.objects.get().key)
    answer = api("GET", f"documents/{document.pk}/original/")
    assert answer.status_code == 404
    assert json.loads(answer.content)["code"] == "not_found"


def test_a_name_with_line_breaks_is_no_header_of_its_own(api: Any, queued: Call) -> None:
    document = queued(name="bill\r\nSet-Cookie: a=b.txt")
    assert (document.file_name, document.title) == ("bill  Set-Cookie: a=b.txt",) * 2
    answer = api("GET", f"documents/{document.pk}/original/")
    assert answer["Content-Disposition"] == 'attachment; filename="bill  Set-Cookie: a=b.txt"'


def test_figures_for_prometheus_can_be_closed(client: Client, settings: Settings) -> None:
    assert client.get("/metrics").status_code == 200
    settings.METRICS_TOKEN = "alice's secret"
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer bob's secret"}).status_code == 401
    answer = client.get("/metrics", headers={"Authorization": "Bearer alice's secret"})
    assert b"docintel_documents" in answer.content


def test_figures_tell_what_the_encoder_computed(client: Client) -> None:
    def figure(name: str) -> float:
        lines = client.get("/metrics").content.decode().splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith(name)))

    before = figure("docintel_encoder_tokens_total")
    usage_add(
        tokens=1200,
        seconds=0.5,
        memory=resident_bytes(),
        device="cuda:0",
        number_format="bf16",
        device_memory=2_000_000,
    )
    assert figure("docintel_encoder_tokens_total") == before + 1200
    assert figure("docintel_encoder_memory_bytes") > 10_000_000
    assert figure('docintel_encoder_device_memory_bytes{device="cuda:0",format="bf16"}') == 2_000_000


def test_fields_are_one_row_a_value(api: Any, finished: Call) -> None:
    document = finished()
    (row,) = api("GET", "fields/").json()["results"]
    assert (row["key"], row["value"], row["method"], row["page"]) == ("grand_total", "99.50", "rule", 2)
    assert row["document"] == {"id": str(document.pk), "title": "invoice.pdf", "type": "invoice"}


@pytest.mark.parametrize(
    ("query", "count"),
    [("key=grand_total", 1), ("key=currency", 0), ("type=invoice", 1), ("type=receipt", 0), ("key=a,grand_total", 1)],
)
def test_fields_are_filtered(api: Any, finished: Call, query: str, count: int) -> None:
    finished()
    assert len(api("GET", f"fields/?{query}").json()["results"]) == count


def test_fields_of_older_readings_are_not_listed(api: Any, finished: Call, work_done: Call) -> None:
    document = finished()
    api("POST", f"documents/{document.pk}/reprocess/")
    work_done()
    assert FieldValue.objects.count() == 2
    assert len(api("GET", "fields/").json()["results"]) == 1


@pytest.mark.parametrize("ask", [{"path": "fields/?format=csv"}, {"path": "fields/", "Accept": "text/csv"}])
def test_fields_as_csv(api: Any, finished: Call, ask: dict[str, str]) -> None:
    document = finished(title="=HYPERLINK(1)")
    answer = api("GET", **ask)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    header, row = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode()))
    assert dict(zip(header, row, strict=True)) == {
        "document_id": str(document.pk),
        "document_title": "'=HYPERLINK(1)",
        "document_type": "invoice",
        "key": "grand_total",
        "value": "99.50",
        "value_type": "amount",
        "raw_text": "99.50 EUR",
        "confidence": "0.97",
        "method": "rule",
        "page": "2",
        "currency": "",
        "state": "proposed",
        "is_supported": "True",
    }


def test_errors_of_csv_are_problems(api: Any) -> None:
    answer = api("GET", "fields/?format=csv&document=nonsense")
    assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (
        400,
        "application/problem+json",
        "invalid",
    )


def test_search_finds_the_page(api: Any, finished: Call) -> None:
    document = finished()
    body = api("GET", "search/?q=total&mode=text").json()
    (hit,) = body["results"]
    assert hit["document"] == {"id": str(document.pk), "title": "invoice.pdf", "file_name": "invoice.pdf"}
    assert hit["page"] == 2
    assert "<mark>Total</mark>" in hit["snippet"]
    assert (body["degraded"], body["next"], body["facets"]["type"]) == ([], None, {"invoice": 1})


def test_search_without_an_encoder_says_so(api: Any, finished: Call) -> None:
    finished()
    body = api("GET", "search/?q=total").json()
    assert (len(body["results"]), body["degraded"]) == (1, ["semantic"])


def test_search_pages_follow_each_other(api: Any, finished: Call) -> None:
    made = {str(finished(f"text {number}").pk) for number in range(3)}
    found: list[str] = []
    address = "search/?q=total&mode=text&page_size=2"
    while address:
        body = api("GET", address).json()
        found += [hit["document"]["id"] for hit in body["results"]]
        address = body["next"]
    assert len(found) == 3
    assert set(found) == made


@pytest.mark.parametrize(("query", "count"), [("type=invoice", 1), ("status=failed", 0), ("tag=none", 0)])
def test_search_is_filtered(api: Any, finished: Call, query: str, count: int) -> None:
    finished()
    assert len(api("GET", f"search/?q=total&mode=text&{query}").json()["results"]) == count


@pytest.mark.parametrize("query", ["", "q=", "q=a&mode=magic", "q=a&page_size=101", "q=a&page_size=0", "q=a&status=x"])
def test_a_search_that_means_nothing_gives_400(api: Any, query: str) -> None:
    answer = api("GET", f"search/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_a_foreign_search_cursor_gives_400(api: Any) -> None:
    assert api("GET", "search/?q=a&mode=text&cursor=nonsense").json()["code"] == "invalid_cursor"


def test_tables_as_files(api: Any, finished: Call) -> None:
    document = finished()
    answer = api("GET", f"documents/{document.pk}/tables/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer.content.decode("utf-8-sig") == "Total,99.50\r\n"
    workbook = api("GET", f"documents/{document.pk}/tables/?as=xlsx&table=1")
    assert workbook.content[:2] == b"PK"
    assert workbook["Content-Disposition"].startswith("attachment")
    assert api("GET", f"documents/{document.pk}/tables/?table=2").status_code == 404
    assert api("GET", f"documents/{document.pk}/tables/?as=pdf").status_code == 400
