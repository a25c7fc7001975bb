"""Changing documents, one or many at a time, and the trash."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import Role
from apps.classification.models import Prediction
from apps.documents.models import Document, DocumentStatus
from apps.pipeline.models import PipelineRun, RunState, StepState
from apps.review.models import Correction
from tests.integration.web.documents.processing import process_everything

Upload = Callable[..., Document]


def test_rename_and_tag(owner: Client, invoice: Document) -> None:
    owner.post(f"/documents/{invoice.pk}/edit/", {"title": "  New\x00 name "})
    owner.post(f"/documents/{invoice.pk}/edit/", {"tags": "a, b ,a,,"})
    invoice.refresh_from_db()
    assert invoice.title == "New name"
    assert sorted(invoice.tags.values_list("name", flat=True)) == ["a", "b"]
    owner.post(f"/documents/{invoice.pk}/edit/", {"title": "   "})
    invoice.refresh_from_db()
    assert invoice.title == "New name"


@pytest.mark.parametrize(
    ("target", "lands_at"), [("/documents/?q=a", "/documents/?q=a"), ("//evil.example/x", "/documents/")]
)
def test_only_our_own_pages_are_gone_back_to(owner: Client, invoice: Document, target: str, lands_at: str) -> None:
    answer = owner.post(f"/documents/{invoice.pk}/edit/", {"title": "x", "next": target})
    assert answer["Location"] == lands_at


def test_confirm_and_correct_the_type(owner: Client, invoice: Document) -> None:
    owner.post(f"/documents/{invoice.pk}/decide-type/", {"label": "invoice"})
    invoice.refresh_from_db()
    assert (invoice.type_label, invoice.type_source, invoice.type_confidence) == ("invoice", "HUMAN", None)
    owner.post(f"/documents/{invoice.pk}/decide-type/", {"label": "receipt"})
    owner.post(f"/documents/{invoice.pk}/decide-type/", {"label": "<b>"})
    invoice.refresh_from_db()
    assert invoice.type_label == "receipt"
    assert Correction.objects.filter(document=invoice).count() == 2
    page = owner.get(f"/documents/{invoice.pk}/type/").content.decode()
    assert "alice@example.org" in page
    assert "confirmed" in page


def test_likely_alternatives_stand_beside_the_type(owner: Client, invoice: Document) -> None:
    prediction = Prediction.objects.get(reading=invoice.current_reading)
    shares = [("invoice", 0.6), ("receipt", 0.2), ("letter", 0.1), ("tax", 0.06), ("email", 0.04)]
    prediction.alternatives = [{"label": label, "confidence": share} for label, share in shares]
    prediction.save()
    found = owner.get(f"/documents/{invoice.pk}/").context["alternatives"]
    assert [(each["title"], each["percent"]) for each in found] == [("Receipt", 20), ("Letter", 10)]
    prediction.alternatives = [{"label": "email", "confidence": 0.04}, {"label": "letter", "confidence": None}]
    prediction.save()
    found = owner.get(f"/documents/{invoice.pk}/").context["alternatives"]
    assert [(each["title"], each["percent"]) for each in found] == [("Letter", None)]


def test_types_of_the_workspaces_own_can_be_chosen(owner: Client, invoice: Document, upload: Upload) -> None:
    note = upload("note.txt")
    assert 'value="delivery_note"' not in owner.get(f"/documents/{invoice.pk}/").content.decode()
    Document.objects.filter(pk=note.pk).update(type_label="delivery_note", type_source="HUMAN")
    page = owner.get(f"/documents/{invoice.pk}/").content.decode()
    assert '<option value="delivery_note">Delivery note</option>' in page
    assert '<option value="other">Other</option>' in page
    for label in ("delivery_note", "parking_permit"):
        owner.post(f"/documents/{invoice.pk}/decide-type/", {"label": label})
        owner.post("/documents/bulk/", {"ids": str(note.pk), "action": "type", "type": "parking_permit"})
    for document in (invoice, note):
        document.refresh_from_db()
        assert document.type_label == "delivery_note"


def test_read_again_only_once_at_a_time(owner: Client, invoice: Document) -> None:
    for _ in range(2):
        owner.post(f"/documents/{invoice.pk}/reprocess/")
    assert PipelineRun.objects.filter(document=invoice).count() == 2
    page = owner.get(f"/documents/{invoice.pk}/").content.decode()
    assert "data-word=" in page  # the old reading stays while the new one is made
    process_everything()
    invoice.refresh_from_db()
    assert invoice.status == DocumentStatus.SUCCEEDED


def happenings(page: str) -> list[str]:
    """Give the entries of a timeline as plain words, newest first, without the steps."""
    entries = re.findall(r"<li>(.*?)(?:<table|</li>)", page[page.index('class="event-list"') :], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", entry).split()) for entry in entries]


def test_the_timeline_tells_who_did_what(
    owner: Client, as_role: Callable[[Role], Client], upload: Upload, invoice: Document
) -> None:
    base = f"/documents/{invoice.pk}"
    editor = as_role(Role.EDITOR)
    editor.post(f"{base}/edit/", {"title": "Workshop"})
    owner.post("/documents/bulk/", {"ids": str(invoice.pk), "action": "tag", "tag": "paid"})
    editor.post(f"{base}/decide-type/", {"label": "receipt"})
    editor.post(f"{base}/trash/")
    owner.post("/trash/restore/", {"ids": str(invoice.pk)})
    editor.post(f"{base}/reprocess/")
    process_everything()
    run = PipelineRun.objects.filter(document=invoice).latest("id")
    run.steps.filter(step="tables").update(state=StepState.FAILED)
    PipelineRun.objects.filter(pk=run.pk).update(state=RunState.PARTIAL)
    owner.post(f"{base}/retry/")
    told = happenings(owner.get(f"{base}/timeline/").content.decode())
    expected = [
        ("Failed parts tried again 1 part", "alice"),
        ("Reading once more", "bob"),
        ("Taken out of the trash", "alice"),
        ("Moved to the trash", "bob"),
        ("Type decided receipt", "bob"),
        ("Tagged “paid”", "alice"),
        ("Changed renamed to “Workshop”", "bob"),
    ]
    for entry, (words, name) in zip(told, expected, strict=False):
        assert entry.startswith(words), told
        assert entry.endswith(f"by {name}@example.org"), told
    assert len([entry for entry in told if "Reading once more" in entry]) == 1


def is_touched(document: Document, action: str) -> bool:
    return {
        "tag": document.tags.filter(name="new").exists(),
        "type": document.type_label == "letter" and document.type_source == "HUMAN",
        "reprocess": document.status == DocumentStatus.QUEUED,
        "trash": document.deleted_at is not None,
    }[action]


@pytest.mark.parametrize("action", ["tag", "type", "reprocess", "trash"])
def test_bulk(owner: Client, upload: Upload, action: str) -> None:
    documents = [upload(f"{n}.txt") for n in range(3)]
    process_everything()
    ids = [str(document.pk) for document in documents[:2]]
    owner.post("/documents/bulk/", {"ids": [*ids, "nonsense"], "action": action, "tag": "new", "type": "letter"})
    touched = [is_touched(document, action) for document in Document.objects.order_by("file_name")]
    assert touched == [True, True, False]


@pytest.mark.parametrize(
    "data", [{"action": "trash"}, {"action": "burn", "ids": "x"}, {}, {"action": "tag", "tag": " "}]
)
def test_bulk_without_sense_changes_nothing(owner: Client, upload: Upload, data: dict[str, str]) -> None:
    document = upload("a.txt")
    answer = owner.post("/documents/bulk/", {"ids": str(document.pk), **data} if "tag" in data else data, follow=True)
    assert answer.status_code == 200
    document.refresh_from_db()
    assert document.deleted_at is None
    assert not document.tags.exists()


def test_trash_restore_and_empty(owner: Client, upload: Upload) -> None:
    first, second, third = (upload(f"{n}.txt") for n in range(3))
    owner.post("/documents/bulk/", {"ids": [str(first.pk), str(second.pk)], "action": "trash"})
    assert "0.txt" in owner.get("/trash/").content.decode()
    assert "0.txt" not in owner.get("/documents/").context["rows"]
    owner.post("/trash/restore/", {"ids": str(first.pk)})
    owner.post("/trash/delete/", {"ids": str(third.pk)})  # not in the trash: stays
    owner.post("/trash/empty/")
    assert set(Document.objects.values_list("pk", flat=True)) == {first.pk, third.pk}
    assert "The trash is empty" in owner.get("/trash/").content.decode()


def test_trash_of_others_stays(owner: Client, upload: Upload, sign_in: Callable[..., Client], charlie: object) -> None:
    document = upload("a.txt")
    owner.post(f"/documents/{document.pk}/trash/")
    stranger = sign_in(charlie)
    for path in ("restore", "delete", "empty"):
        stranger.post(f"/trash/{path}/", {"ids": str(document.pk)})
    document.refresh_from_db()
    assert document.deleted_at is not None
