"""Correcting values, schemas, organisations and exports through the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from apps.accounts.models import User, Workspace
from apps.documents.models import Document
from apps.extraction.entities.services import organisations_named
from apps.extraction.models import FieldValue
from apps.pipeline.tasks import work_exports
from apps.review.models import Correction

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]


def change(api: Any, document: Document, key: str, body: dict[str, Any]) -> Any:
    return api("PATCH", f"documents/{document.pk}/fields/{key}/", body)


def values(answer: Any) -> dict[str, tuple[Any, str, str]]:
    assert answer.status_code == 200, answer.content
    return {field["key"]: (field["value"], field["method"], field["state"]) for field in answer.json()["fields"]}


def test_a_value_is_corrected_confirmed_and_rejected(api: Any, finished: Call) -> None:
    document = finished()
    assert values(change(api, document, "grand_total", {"value": "12.50", "currency": "EUR"})) == {
        "grand_total": ("12.50", "human", "corrected")
    }
    assert api("GET", "documents/?field.grand_total=12.50").json()["results"]
    assert not api("GET", "documents/?field.grand_total=99.50").json()["results"]
    assert api("GET", "documents/?field.grand_total__lte=13").json()["results"]
    (row,) = api("GET", "fields/?key=grand_total&state=corrected").json()["results"]
    assert (row["value"], row["currency"], row["method"], row["confidence"]) == ("12.50", "EUR", "human", None)
    assert values(change(api, document, "grand_total", {"state": "accepted"})) == {
        "grand_total": ("12.50", "human", "accepted")
    }
    assert values(change(api, document, "grand_total", {"value": None})) == {}
    assert api("GET", "documents/?missing=grand_total").json()["results"]
    assert Correction.objects.filter(document=document, subject="field.grand_total").count() == 3


def test_a_value_is_given_by_its_words_or_its_box(api: Any, finished: Call) -> None:
    document = finished()  # the second page says "Total 99.50 EUR"
    body = change(api, document, "grand_total", {"page": 2, "words": [1, 2]}).json()
    (field,) = body["fields"]
    assert (field["value"], field["currency"], field["raw_text"], field["page"]) == ("99.50", "EUR", "99.50 EUR", 2)
    assert field["box"] == pytest.approx([0.01, 0.1, 0.03, 0.12], abs=1e-4)
    body = change(api, document, "grand_total", {"raw_text": "99.50", "page": 2, "box": [0.005, 0.09, 0.021, 0.13]})
    (field,) = body.json()["fields"]
    assert (field["value"], field["words"], field["is_supported"]) == ("99.50", [1], True)


@pytest.mark.parametrize(
    ("key", "body", "status", "code"),
    [
        ("grand_total", {"value": "much"}, 400, "invalid_value"),
        ("grand_total", {"words": [1]}, 400, "invalid_value"),
        ("grand_total", {"page": 7, "words": [1]}, 400, "invalid_value"),
        ("grand_total", {}, 400, "invalid_value"),
        ("shoe_size", {"value": "42"}, 400, "unknown_field"),
        ("due_date", {"state": "accepted"}, 404, "not_found"),
        ("grand_total", {"value": "1.00", "index": 4}, 404, "not_found"),
        ("grand_total", {"value": "1.00", "box": [1, 2]}, 400, "invalid"),
    ],
)
def test_what_is_refused(api: Any, finished: Call, key: str, body: dict[str, Any], status: int, code: str) -> None:
    answer = change(api, finished(), key, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not FieldValue.objects.filter(method="HUMAN").exists()


def test_a_table_is_corrected_as_a_list(api: Any, finished: Call) -> None:
    document = finished()
    rows = [{"description": "Paper", "amount": "5.00"}]
    assert values(change(api, document, "line_items", {"value": rows}))["line_items"] == (rows, "human", "corrected")
    answer = change(api, document, "line_items", {"value": [{"description": 5}]})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_value")


def test_an_example_makes_a_field(api: Any, finished: Call) -> None:
    document = finished()
    mark = {"label": "Supplier no.", "value_type": "identifier", "page": 1, "words": [1]}
    answer = api("POST", f"documents/{document.pk}/examples/", mark)
    assert answer.status_code == 201
    assert ("supplier_no", "42") in {(field["key"], field["value"]) for field in answer.json()["fields"]}
    schema = api("GET", "schemas/invoice/").json()
    assert (schema["version"], schema["fields"][-1]["key"], schema["fields"][-1]["origin"]) == (
        1,
        "supplier_no",
        "user",
    )


def test_schemas_are_versions(api: Any) -> None:
    shipped = api("GET", "schemas/receipt/").json()
    assert shipped["version"] == 0
    own = {"key": "till", "type": "identifier", "label": "Till", "rule": {"labels": ["till no"]}}
    fields = [*shipped["fields"], own]
    assert api("PUT", "schemas/receipt/", {"fields": fields, "based_on": 0}).json()["version"] == 1
    late = api("PUT", "schemas/receipt/", {"fields": fields, "based_on": 0})
    assert (late.status_code, late.json()["code"]) == (409, "schema_changed")
    assert [each["version"] for each in api("GET", "schemas/receipt/versions/").json()] == [1]
    twice = api("PUT", "schemas/receipt/", {"fields": [own, own]})
    assert (twice.status_code, twice.json()["code"]) == (400, "invalid_schema")
    other_kind = api("PUT", "schemas/receipt/", {"fields": [{"key": "total", "type": "date", "label": "Total"}]})
    assert other_kind.json()["code"] == "invalid_schema"
    assert api("PUT", "schemas/delivery_note/", {"fields": [own]}).status_code == 200
    assert {each["type"] for each in api("GET", "schemas/").json()} >= {"every_document", "invoice", "delivery_note"}


def test_organisations_are_renamed_and_merged(api: Any, workspace: Workspace) -> None:
    with transaction.atomic():
        found = organisations_named(workspace_id=workspace.pk, names=["Alder Ltd.", "Alder Works"])
    one, other = found["Alder Ltd."], found["Alder Works"]
    renamed = api("PATCH", f"organisations/{one}/", {"name": "Alder"}).json()
    assert (renamed["name"], renamed["aliases"]) == ("Alder", ["Alder Ltd."])
    taken = api("PATCH", f"organisations/{one}/", {"name": "Alder Works"})
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
    merged = api("POST", f"organisations/{other}/merge/", {"into": str(one)}).json()
    assert merged["aliases"] == ["Alder Ltd.", "Alder Works"]
    assert [each["name"] for each in api("GET", "organisations/?q=works").json()["results"]] == ["Alder"]
    assert api("GET", f"organisations/{other}/").json()["id"] == str(one)


def test_an_export_forgets_characters_that_no_database_takes(api: Any, finished: Call) -> None:
    finished()
    answer = api("POST", "exports/?from=a%00b", {"format": "csv"})
    assert (answer.status_code, answer.json()["filters"]) == (202, {"from": ["ab"]})


def test_an_export_is_made_of_a_filtered_list(api: Any, finished: Call, alice: User) -> None:
    finished("one", title="Kept")
    left_out = finished("two", title="Left out")
    api("PATCH", f"documents/{left_out.pk}/type/", {"label": "letter"})
    export = api("POST", "exports/?type=invoice", {"format": "csv"}).json()
    assert (export["state"], export["document_count"], export["filters"]) == ("ready", 1, {"type": ["invoice"]})
    early = api("GET", f"exports/{export['id']}/file/")
    assert (early.status_code, early.json()["code"]) == (409, "not_finished")
    work_exports()
    answer = api("GET", f"exports/{export['id']}/file/")
    content = b"".join(answer.streaming_content).decode()
    assert "Kept" in content
    assert "Left out" not in content
    assert len(api("GET", f"exports/{export['id']}/").json()["documents"]) == 1


def test_a_paper_as_bibtex(api: Any, finished: Call) -> None:
    document = finished()
    assert api("GET", f"documents/{document.pk}/bibtex/").status_code == 404
    api("PATCH", f"documents/{document.pk}/type/", {"label": "scientific_paper"})
    for key, value in (("title", "On Ropes"), ("authors", "Ada Quill"), ("authors", "Bo Reed"), ("year", "2026")):
        change(api, document, key, {"value": value})
    entry = api("GET", f"documents/{document.pk}/bibtex/").content.decode()
    assert entry.startswith("@article{quill2026ropes,")
    assert "Ada Quill and Bo Reed" in entry
