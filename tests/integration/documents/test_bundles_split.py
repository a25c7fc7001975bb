"""Bundles in the pipeline: a proposal and a question, the screen, the API, and the documents a person makes of it."""

from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.test import Client

from apps.accounts.models import User, Workspace
from apps.core.errors import ConflictError
from apps.documents.models import Document, DocumentStatus, Source
from apps.documents.selectors import original_of
from apps.documents.storage import blob_open
from apps.extraction.engine.operations.cut_pdf import PagePick
from apps.extraction.models import BundleProposal
from apps.pipeline.services.again import document_reprocess
from apps.pipeline.services.bundles import BundleError, Part, bundle_split, key_of
from apps.pipeline.services.ingest import ingest_upload
from apps.review.models import Correction, ReviewTask
from tests.integration.web.documents.processing import process_everything
from tests.unit.extraction.makers_bundles import bundle_pdf, invoice, letter, report

pytestmark = pytest.mark.django_db
PAGES = [report(1, 2), report(2, 2), [], invoice("Acme", "2026-00471"), letter("Borealis")]


@pytest.fixture
def bundle(workspace: Workspace, alice: User) -> Document:
    """Give a file of three documents with an empty sheet between, read."""
    return take_in(workspace, bundle_pdf(PAGES))


def take_in(workspace: Workspace, data: bytes) -> Document:
    document = ingest_upload(workspace_id=workspace.pk, chunks=[data], file_name="scan.pdf", source=Source.WEB).document
    process_everything()
    document.refresh_from_db()
    return document


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_counts(documents: list[Document]) -> list[int]:
    counts = []
    for document in documents:
        with blob_open(original_of(document=document)) as handle, pikepdf.open(BytesIO(handle.read())) as pdf:
            counts.append(len(pdf.pages))
    return counts


def test_a_bundle_is_proposed_and_never_split_by_itself(bundle: Document) -> None:
    proposal = BundleProposal.objects.get(reading=bundle.current_reading)
    likely = [
        place["page"] for place in proposal.boundaries if place["probability"] is None or place["probability"] >= 0.5
    ]
    assert (likely, proposal.dropped, proposal.is_likely) == ([4, 5], [3], True)
    task = ReviewTask.objects.get(document=bundle)
    assert (task.kind, task.reason) == ("BUNDLE", "Looks like 3 documents in one file, by the pages.")
    assert bundle.children.count() == 0


def test_separator_sheets_are_named_as_the_reason(workspace: Workspace) -> None:
    document = take_in(workspace, bundle_pdf([report(1, 9), ["|PATCHT"], report(2, 9)]))
    assert ReviewTask.objects.get(document=document).reason == (
        "Looks like 2 documents in one file, by 1 separator sheet."
    )


def test_one_document_asks_nothing(workspace: Workspace) -> None:
    document = take_in(workspace, bundle_pdf([report(number, 4) for number in range(1, 5)]))
    assert not BundleProposal.objects.get(reading=document.current_reading).is_likely
    assert not ReviewTask.objects.exists()


def test_splitting_makes_documents_in_order_and_keeps_the_original(bundle: Document, alice: User) -> None:
    parts = [Part([PagePick(1), PagePick(2)], "Terms"), Part([PagePick(4, 90)]), Part([PagePick(5)])]
    made = bundle_split(document=bundle, parts=parts, by=alice)
    process_everything()
    assert [each.title for each in made] == ["Terms", "scan.pdf (2 of 3)", "scan.pdf (3 of 3)"]
    assert page_counts(made) == [2, 1, 1]
    assert page_counts([bundle]) == [5]
    assert set(bundle.children.values_list("status", flat=True)) == {DocumentStatus.SUCCEEDED}
    assert [each.part_key for each in made] == ["pages 1-2", "pages 4@90", "pages 5"]
    assert not ReviewTask.objects.filter(done_at=None).exists()
    decided: Any = Correction.objects.get(document=bundle, subject="bundle")
    assert [place["page"] for place in decided.before["boundaries"]] == [2, 4, 5]
    assert decided.after["parts"][0] == {
        "pages": [{"number": 1, "turn": 0}, {"number": 2, "turn": 0}],
        "title": "Terms",
    }


def test_splitting_anew_keeps_equal_parts_and_trashes_the_others(bundle: Document, alice: User) -> None:
    first = bundle_split(document=bundle, parts=[Part([PagePick(1)]), Part([PagePick(2), PagePick(4)])], by=alice)
    second = bundle_split(document=bundle, parts=[Part([PagePick(1)]), Part([PagePick(2)])], by=alice)
    assert second[0] == first[0]
    first[1].refresh_from_db()
    assert first[1].deleted_at is not None
    third = bundle_split(document=bundle, parts=[Part([PagePick(2), PagePick(4)])], by=alice)
    assert third == [first[1]]
    assert Document.objects.get(pk=first[1].pk).deleted_at is None


def test_reading_again_does_not_ask_again(bundle: Document, alice: User) -> None:
    bundle_split(document=bundle, parts=[Part([PagePick(1)]), Part([PagePick(2)])], by=alice)
    document_reprocess(document=bundle, by=alice)
    process_everything()
    assert bundle.children.count() == 2
    assert not ReviewTask.objects.filter(done_at=None).exists()


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [Part([])],
        [Part([PagePick(1), PagePick(1)])],
        [Part([PagePick(1)]), Part([PagePick(1)])],
        [Part([PagePick(6)])],
        [Part([PagePick(1, 45)])],
    ],
)
def test_parts_that_are_none(bundle: Document, alice: User, parts: list[Part]) -> None:
    with pytest.raises(BundleError):
        bundle_split(document=bundle, parts=parts, by=alice)
    assert bundle.children.count() == 0


def test_parts_are_not_split_again(bundle: Document, alice: User) -> None:
    (made,) = bundle_split(document=bundle, parts=[Part([PagePick(1), PagePick(2)])], by=alice)
    process_everything()
    made.refresh_from_db()
    with pytest.raises(ConflictError):
        bundle_split(document=made, parts=[Part([PagePick(1)])], by=alice)


def test_keys_of_parts() -> None:
    assert key_of([PagePick(1), PagePick(2), PagePick(4), PagePick(5, 90)]) == "pages 1-2,4,5@90"
    assert len(key_of([PagePick(number) for number in range(1, 999, 2)])) == 200


def test_the_screen_shows_what_is_proposed_and_splits(bundle: Document, alice: User) -> None:
    client, path = signed_in(alice), f"/documents/{bundle.pk}/split/"
    shown = client.get(path).content.decode()
    assert "3 documents as shown" in shown
    assert shown.count("checked") == 3  # two cuts and the empty sheet
    assert path in client.get(f"/documents/{bundle.pk}/").content.decode()
    assert path in client.get("/attention/").content.decode()
    form = {"cut": ["4"], "drop": ["3"], "turn-4": "180", "action": "preview"}
    previewed = client.post(path, form).content.decode()
    assert "2 documents as shown" in previewed
    assert '<option value="180" selected>' in previewed
    assert bundle.children.count() == 0
    answer = client.post(path, {**form, "action": "split"})
    assert answer["Location"] == f"/documents/{bundle.pk}/parts/"
    assert [each.part_key for each in bundle.children.order_by("pk")] == ["pages 1-2", "pages 4@180,5"]


def test_one_document_after_all(bundle: Document, alice: User) -> None:
    signed_in(alice).post(f"/documents/{bundle.pk}/split/", {"action": "whole"})
    assert Correction.objects.get(document=bundle).after == {"parts": []}
    assert not ReviewTask.objects.filter(done_at=None).exists()


def test_everything_left_out_is_refused(bundle: Document, alice: User) -> None:
    form = {"drop": ["1", "2", "3", "4", "5"], "action": "split"}
    assert "at least one page" in signed_in(alice).post(f"/documents/{bundle.pk}/split/", form).content.decode()


def test_who_may_do_what(bundle: Document, bob: User, charlie: User) -> None:
    path = f"/documents/{bundle.pk}/split/"
    viewer, stranger = signed_in(bob), signed_in(charlie)
    assert (viewer.get(path).status_code, viewer.post(path, {"action": "split"}).status_code) == (200, 403)
    assert 'value="split"' not in viewer.get(path).content.decode()
    assert {stranger.get(path).status_code, stranger.post(path, {"action": "split"}).status_code} == {404}
    assert Client().get(path).status_code == 302
    assert bundle.children.count() == 0


def test_files_that_cannot_be_split(workspace: Workspace, alice: User) -> None:
    document = take_in(workspace, bundle_pdf([report(1, 1)]))
    client = signed_in(alice)
    assert client.get(f"/documents/{document.pk}/split/").status_code == 404
    assert f"/documents/{document.pk}/split/" not in client.get(f"/documents/{document.pk}/").content.decode()
    answer = client.post(f"/api/v1/documents/{document.pk}/bundle/", parts(1), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_a_bundle")


def parts(*numbers: int) -> dict[str, Any]:
    return {"parts": [{"pages": [{"number": number}]} for number in numbers]}


def test_the_api(bundle: Document, alice: User) -> None:
    client, path = signed_in(alice), f"/api/v1/documents/{bundle.pk}/bundle/"
    told = client.get(path).json()
    assert (told["is_open"], [place["page"] for place in told["boundaries"]], told["dropped"]) == (True, [2, 4, 5], [3])
    answer = client.post(path, parts(1, 2), content_type="application/json")
    assert answer.status_code == 201
    assert [each["part_key"] for each in answer.json()["children"]] == ["pages 1", "pages 2"]
    assert not client.get(path).json()["is_open"]
    wrong = client.post(path, parts(1, 1), content_type="application/json")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_parts")
    bodies: list[dict[str, Any]] = [{}, {"parts": [{"pages": []}]}, {"parts": [{"pages": [{"number": 1, "turn": 45}]}]}]
    for body in bodies:
        assert client.post(path, body, content_type="application/json").status_code == 400
