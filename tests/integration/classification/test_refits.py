"""Corrections teach: a person's word fits the workspace's head anew, with a receipt that can be taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from apps.accounts.models import User, Workspace
from apps.classification.engine.training.refit import refit
from apps.classification.models import (
    ModelState,
    ModelVersion,
    ModelWeights,
    Prediction,
    Refit,
    RefitCause,
    RefitState,
    TypeFeatures,
)
from apps.classification.selectors import active_version
from apps.classification.services import LabelDraft, label_create, refit_request, version_activate
from apps.classification.services.refits import RefitLostError, refit_claim, refit_fail, refits_sweep
from apps.core.clock import now
from apps.core.models import OutboxEvent
from apps.documents.models import Document, Source
from apps.pipeline.encoder import learning
from apps.pipeline.encoder.heads import workspace_model
from apps.pipeline.encoder.tasks import work_encoder
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.sweeper import sweep
from apps.pipeline.tasks import work_reading
from apps.review.models import Correction, ReviewTask
from apps.review.services import type_correct, types_correct
from apps.review.services.learning import NothingToUndoError, refit_undo

pytestmark = pytest.mark.django_db
BERRIES = ("barberry", "bilberry", "cloudberry", "cranberry", "elderberry", "gooseberry", "lingonberry", "mulberry")


def note(berry: str, number: int) -> str:
    """Write a document of a kind that docintel does not know: what a warehouse checks when fruit comes in."""
    return f"""Reception check sheet no. {number}

Crates of {berry} were weighed at gate {number % 7}. Temperature on arrival {number % 5} degrees, moisture low, no mould
seen in {20 + number} samples. Pallet label readable, seal intact. Sorted into bin {number % 9} and moved to cold room
{number % 4}. Checked by the night shift; the {berry} may be packed.
"""


def read(workspace: Workspace, texts: list[str]) -> list[Document]:
    """Take texts all the way through."""
    taken = [
        ingest_upload(
            workspace_id=workspace.pk, chunks=[text.encode()], file_name=f"{place}.txt", source=Source.API
        ).document
        for place, text in enumerate(texts)
    ]
    while work_reading() or work_encoder():
        pass
    return [Document.objects.get(pk=document.pk) for document in taken]


@pytest.fixture
def sheets(workspace: Workspace, alice: User) -> list[Document]:
    """Give eight check sheets, and a type for them whose sentence says nothing of what they are."""
    label_create(workspace_id=workspace.pk, draft=LabelDraft("Goods in", "Papers of department seven."), by=alice)
    Refit.objects.all().delete()  # the look with the new type, as nothing is there to be looked at
    documents = read(workspace, [note(berry, number) for number, berry in enumerate(BERRIES, 11)])
    assert all(document.type_label != "goods_in" for document in documents)
    return documents


def labels_of(documents: list[Document]) -> list[str]:
    return [Document.objects.get(pk=document.pk).type_label for document in documents]


def test_a_correction_changes_what_is_pending_and_leaves_a_receipt(
    workspace: Workspace, alice: User, sheets: list[Document]
) -> None:
    confirmed = sheets[7]
    type_correct(document=confirmed, label="invoice", by=alice)  # another person's word, which stays whatever comes
    types_correct(documents=sheets[:3], label="goods_in", by=alice)
    work_encoder()
    refit = Refit.objects.get(state=RefitState.SUCCEEDED)
    assert (refit.cause, refit.example_count, refit.by_label) == (RefitCause.CORRECTION, 4, str(alice))
    assert len(refit.corrections) == 4
    assert refit.rescored_count == 4
    assert labels_of(sheets[3:7]) == ["goods_in"] * 4
    assert labels_of([confirmed]) == ["invoice"]
    changes = {change.document_id: change for change in refit.changes.all()}
    assert set(changes) == {document.pk for document in sheets[3:7]}
    assert refit.changed_count == 4
    for document in sheets[3:7]:
        assert changes[document.pk].before_label == document.type_label
        assert changes[document.pk].after_label == "goods_in"
        prediction = Prediction.objects.get(reading=document.current_reading_id, model_version=refit.model_version)
        assert prediction.label == "goods_in"
        assert ReviewTask.objects.filter(document=document, kind="TYPE", done_at=None).exists()  # no confidence yet
    told = OutboxEvent.objects.filter(kind="type.rescored").values_list("subject_id", flat=True)
    assert set(told) == set(changes)


def test_the_version_says_what_it_was_made_of(workspace: Workspace, alice: User, sheets: list[Document]) -> None:
    types_correct(documents=sheets[:2], label="goods_in", by=alice)
    work_encoder()
    first = active_version(workspace_id=workspace.pk)
    assert first is not None
    assert len(first.artifact_sha256) == len(first.dataset_hash) == 64
    assert first.code_version
    assert first.metrics["confirmed"] == 2
    type_correct(document=sheets[2], label="goods_in", by=alice)
    work_encoder()
    second = active_version(workspace_id=workspace.pk)
    assert second is not None
    assert second.dataset_hash != first.dataset_hash
    first.refresh_from_db()
    assert first.state == ModelState.RETIRED
    new = read(workspace, [note("cherry", 77)])[0]
    assert new.type_label == "goods_in"
    assert Prediction.objects.get(reading=new.current_reading_id).model_version == second


def test_undo_takes_everything_back(workspace: Workspace, alice: User, sheets: list[Document]) -> None:
    before = labels_of(sheets)
    types_correct(documents=sheets[:3], label="goods_in", by=alice)
    work_encoder()
    type_correct(document=sheets[5], label="letter", by=alice)  # decided since: stays
    Refit.objects.filter(state=RefitState.READY).delete()
    refit = Refit.objects.get()
    went_back = refit_undo(refit=refit, by=alice)
    after = labels_of(sheets)
    assert after == [*before[:5], "letter", *before[6:]]
    assert went_back == 7
    assert Document.objects.get(pk=sheets[0].pk).type_source == "MODEL"
    assert active_version(workspace_id=workspace.pk) is None
    assert Correction.objects.filter(after__undone=str(refit.pk)).count() == 3
    with pytest.raises(NothingToUndoError):
        refit_undo(refit=refit, by=alice)


def test_undo_of_an_earlier_one_fits_once_more(workspace: Workspace, alice: User, sheets: list[Document]) -> None:
    types_correct(documents=sheets[:2], label="goods_in", by=alice)
    work_encoder()
    type_correct(document=sheets[7], label="letter", by=alice)
    work_encoder()
    refit_undo(refit=Refit.objects.earliest("id"), by=alice)
    again = Refit.objects.latest("id")
    assert (again.cause, again.state) == (RefitCause.UNDO, RefitState.READY)
    work_encoder()
    again.refresh_from_db()
    assert (again.state, again.example_count) == (RefitState.SUCCEEDED, 1)


def test_without_anything_confirmed_the_shipped_head_is_back(
    workspace: Workspace, alice: User, sheets: list[Document]
) -> None:
    type_correct(document=sheets[0], label="goods_in", by=alice)
    work_encoder()
    assert active_version(workspace_id=workspace.pk) is not None
    Document.objects.filter(pk=sheets[0].pk).update(type_source="MODEL")
    refit_request(workspace_id=workspace.pk, cause=RefitCause.UNDO)
    work_encoder()
    assert active_version(workspace_id=workspace.pk) is None
    assert workspace_model(workspace.pk).version.workspace is None


def test_what_people_say_at_once_is_learned_in_one_go(
    workspace: Workspace, alice: User, sheets: list[Document]
) -> None:
    for document in sheets[:3]:
        type_correct(document=document, label="goods_in", by=alice)
    assert Refit.objects.count() == 1
    assert learning.refit_next()
    assert not learning.refit_next()


def test_features_are_made_where_they_are_missing(workspace: Workspace, alice: User, sheets: list[Document]) -> None:
    TypeFeatures.objects.filter(reading__in=[document.current_reading_id for document in sheets[:4]]).delete()
    label_create(workspace_id=workspace.pk, draft=LabelDraft("Gate pass", "Lets a lorry leave."), by=alice)
    types_correct(documents=sheets[:2], label="goods_in", by=alice)
    work_encoder()
    refit = Refit.objects.get()
    assert (refit.state, refit.rescored_count) == (RefitState.SUCCEEDED, 6)
    made_by = set(TypeFeatures.objects.values_list("made_by", flat=True))
    assert made_by == {workspace_model(workspace.pk).made_by}
    assert TypeFeatures.objects.count() == 8


def test_weights_that_were_tampered_with_are_refused(workspace: Workspace, alice: User, sheets: list[Document]) -> None:
    types_correct(documents=sheets[:2], label="goods_in", by=alice)
    work_encoder()
    weights = ModelWeights.objects.get()
    data = bytearray(weights.tensors)
    data[-1] ^= 1
    ModelWeights.objects.update(tensors=bytes(data))
    label_create(workspace_id=workspace.pk, draft=LabelDraft("Gate pass", "Lets a lorry leave."), by=alice)
    model = workspace_model(workspace.pk)
    assert model.head.correction is None
    assert model.version.workspace is None
    assert Refit.objects.filter(cause=RefitCause.TYPES, state=RefitState.READY).exists()
    work_encoder()
    assert workspace_model(workspace.pk).head.correction is not None


def test_a_worker_that_dies_loses_nothing(workspace: Workspace, alice: User, sheets: list[Document]) -> None:
    types_correct(documents=sheets[:3], label="goods_in", by=alice)
    lease = refit_claim()
    assert lease is not None
    assert refit_claim() is None
    type_correct(document=sheets[7], label="goods_in", by=alice)  # waits: a workspace is fitted by one worker at a time
    assert refit_claim() is None
    Refit.objects.filter(pk=lease.refit_id).update(lease_expires_at=now() - timedelta(seconds=1))
    assert refits_sweep() == 2
    sweep()
    while work_encoder():
        pass
    while learning.refit_next():
        pass
    assert set(Refit.objects.values_list("state", flat=True)) == {RefitState.SUCCEEDED}
    assert labels_of(sheets[3:7]) == ["goods_in"] * 4


def test_failures_are_tried_again_and_told(
    workspace: Workspace, alice: User, sheets: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("no memory left for this")

    monkeypatch.setattr(learning, "confirmed_examples", broken)
    type_correct(document=sheets[0], label="goods_in", by=alice)
    for attempt in (1, 2, 3):
        Refit.objects.update(available_at=now() - timedelta(seconds=1))
        assert learning.refit_next()
        assert Refit.objects.get().attempt == attempt
    refit = Refit.objects.get()
    assert (refit.state, refit.error_code) == (RefitState.FAILED, "internal_error")
    assert not learning.refit_next()


def test_a_lost_lease_stores_nothing(workspace: Workspace, alice: User, sheets: list[Document]) -> None:
    types_correct(documents=sheets[:3], label="goods_in", by=alice)
    lease = refit_claim()
    assert lease is not None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE classification_refit SET lease_token = gen_random_uuid()")
    with pytest.raises(RefitLostError):
        learning._fit(lease)
    assert active_version(workspace_id=workspace.pk) is None
    assert not ModelVersion.objects.filter(workspace=workspace).exists()
    refit_fail(lease=lease, code="any", message="any")
    assert Refit.objects.get().state == RefitState.RUNNING


def test_figures_come_from_documents_held_out(workspace: Workspace, alice: User, sheets: list[Document]) -> None:
    words = ("invoice", "letter", "manual")
    others = read(workspace, [f"A page about {words[place % 3]} {place}, and {place * 7} more." for place in range(12)])
    types_correct(documents=sheets, label="goods_in", by=alice)
    types_correct(documents=others, label="manual", by=alice)
    work_encoder()
    version = active_version(workspace_id=workspace.pk)
    assert version is not None
    assert version.metrics["documents"] == version.metrics["confirmed"] == 20
    assert set(version.metrics["labels"]) == {"goods_in", "manual"}
    assert sum(map(sum, version.metrics["confusion"]["counts"])) == 20
    assert 0 <= version.metrics["coverage_at_99_precision"] <= version.metrics["coverage_at_95_precision"] <= 1
    assert [point["documents"] for point in version.metrics["learning_curve"]] == [10, 20]
    assert version.metrics["learning_curve"][-1]["mean"] == version.metrics["macro_f1"]


def test_a_version_that_a_person_chose_types_what_is_pending(
    workspace: Workspace, alice: User, sheets: list[Document]
) -> None:
    before = labels_of(sheets)
    types_correct(documents=sheets[:3], label="goods_in", by=alice)
    work_encoder()
    learned = active_version(workspace_id=workspace.pk)
    version_activate(workspace_id=workspace.pk, version=None, by=alice)
    work_encoder()
    assert labels_of(sheets[3:]) == before[3:]
    assert active_version(workspace_id=workspace.pk) is None
    version_activate(workspace_id=workspace.pk, version=learned, by=alice)
    work_encoder()
    assert labels_of(sheets[3:]) == ["goods_in"] * 5
    assert active_version(workspace_id=workspace.pk) == learned


def test_a_choice_stays_until_somebody_says_something_after_it(
    workspace: Workspace, alice: User, sheets: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_use() -> ModelVersion | None:
        return active_version(workspace_id=workspace.pk)

    def chosen_meanwhile(*args: Any) -> Any:
        version_activate(workspace_id=workspace.pk, version=first, by=alice)
        return refit(*args)

    types_correct(documents=sheets[:2], label="goods_in", by=alice)
    work_encoder()
    first = in_use()
    monkeypatch.setattr(learning, "refit", chosen_meanwhile)
    for document in sheets[2:4]:  # the second time the one in use is chosen, so that it is the same before and after
        type_correct(document=document, label="goods_in", by=alice)
        if document == sheets[2]:
            version_activate(workspace_id=workspace.pk, version=None)
        work_encoder()
        assert in_use() == first, "chosen while another one was being learned"
        held = Refit.objects.filter(cause=RefitCause.CORRECTION).latest("id")
        assert held.model_version is not None
        assert (held.model_version.state, held.rescored_count) == (ModelState.CANDIDATE, 0), "kept beside it"
    monkeypatch.setattr(learning, "refit", refit)

    type_correct(document=sheets[4], label="goods_in", by=alice)
    version_activate(workspace_id=workspace.pk, version=None, by=alice)
    refit_request(workspace_id=workspace.pk, cause=RefitCause.TYPES, by=alice)
    work_encoder()
    refit_request(workspace_id=workspace.pk, cause=RefitCause.TYPES, by=alice)
    work_encoder()
    assert in_use() is None, "what was said before the choice waits for the next word, and looking again is none"
    assert labels_of(sheets[5:]) == [document.type_label for document in sheets[5:]], "typed as shipped"
    type_correct(document=sheets[5], label="goods_in", by=alice)
    work_encoder()
    last = Refit.objects.latest("id")
    assert (last.example_count, in_use()) == (6, last.model_version)

    def undone_meanwhile(*args: Any) -> Any:
        refit_undo(refit=last, by=alice)
        return refit(*args)

    type_correct(document=sheets[6], label="goods_in", by=alice)
    monkeypatch.setattr(learning, "refit", undone_meanwhile)
    assert learning.refit_next()
    assert in_use() is None, "as before what was taken back"
    monkeypatch.setattr(learning, "refit", refit)
    work_encoder()
    newest = Refit.objects.latest("id")
    assert (newest.cause, newest.example_count, in_use()) == (RefitCause.UNDO, 6, newest.model_version)
