"""Fields read anew without the pages: after a type was corrected and after a schema changed; nothing is lost."""

from collections.abc import Callable
from uuid import UUID

import pytest

from apps.accounts.models import User, Workspace
from apps.core.errors import ConflictError
from apps.documents.models import Document, DocumentStatus, Page, Reading
from apps.extraction.fields.selectors.schemas import schema_of
from apps.extraction.fields.selectors.values import values_for_document
from apps.extraction.fields.services.decisions import Given
from apps.extraction.fields.services.schemas import FieldDraft, field_add
from apps.extraction.models import Extraction, FieldValue, Method, Table
from apps.pipeline.models import PipelineRun, StepRun, StepState, Trigger
from apps.pipeline.services import anew, claims
from apps.pipeline.services.anew import fields_anew, schema_apply
from apps.pipeline.services.steps import step_complete, step_fail
from apps.pipeline.steps.fields import TypeChangedError, execute
from apps.pipeline.table import INTERACTIVE
from apps.review.services import type_correct
from apps.review.services.fields import field_correct
from apps.search.models import PageIndex
from tests.integration.fields.conftest import letter

pytestmark = pytest.mark.django_db
Read = Callable[..., Document]
Work = Callable[[], None]


def pages(document: Document) -> list[UUID]:
    return list(Page.objects.filter(reading__current_of=document).order_by("pk").values_list("pk", flat=True))


def test_a_corrected_type_has_its_fields_read(read: Read, alice: User, work: Work) -> None:
    document = read(letter("KD-1", "10"), label="letter")
    before, kept = document.current_reading_id, pages(document)
    type_correct(document=document, label="invoice", by=alice)
    work()
    document.refresh_from_db()
    assert document.current_reading_id != before
    assert pages(document) == kept
    assert document.status == DocumentStatus.SUCCEEDED
    reading_ids = [before, document.current_reading_id]
    types = dict(Extraction.objects.filter(reading__in=reading_ids).values_list("reading_id", "document_type"))
    assert types == {before: "letter", document.current_reading_id: "invoice"}
    run = PipelineRun.objects.filter(document=document).latest("id")
    assert (run.trigger, set(run.steps.values_list("step", flat=True))) == (Trigger.FIELDS, {"fields"})
    assert set(PageIndex.objects.values_list("reading_id", flat=True)) == {document.current_reading_id}
    type_correct(document=document, label="invoice", by=alice)
    work()
    assert PipelineRun.objects.filter(document=document).count() == 2  # confirmed: nothing to do


def test_a_document_that_fails_does_not_keep_others_from_their_turn(
    read: Read, alice: User, workspace: Workspace, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [read(letter(f"KD-{number}", "10")) for number in range(2)]
    begin = anew.fields_anew

    def fail_for_the_newest(*, document: Document, lane: int) -> PipelineRun:
        if document.pk == documents[1].pk:
            raise RuntimeError
        return begin(document=document, lane=lane)

    monkeypatch.setattr(anew, "fields_anew", fail_for_the_newest)
    schema_apply(workspace_id=workspace.pk, document_type="letter", by=alice)
    work()
    begun = PipelineRun.objects.filter(trigger=Trigger.FIELDS).values_list("document_id", flat=True)
    assert list(begun) == [documents[0].pk]


def test_a_changed_schema_is_applied_to_all_documents(
    read: Read, alice: User, workspace: Workspace, work: Work
) -> None:
    documents = [read(letter(f"KD-{number}", "10")) for number in range(3)]
    field_correct(document=documents[0], key="sender", given=Given(value="By hand"), by=alice)
    draft = FieldDraft(key="meter", value_type="number", label="Meter", rule={"labels": ["Meter reading"]})
    view = field_add(workspace_id=workspace.pk, document_type="letter", draft=draft, by=alice)
    assert view.version == 1
    assert schema_of(workspace_id=workspace.pk, document_type="letter").version == 1
    assert schema_apply(workspace_id=workspace.pk, document_type="letter", by=alice) == 3
    work()
    for document in documents:
        document.refresh_from_db()
        values = {value.key: value for value in values_for_document(document=document)}
        assert values["meter"].value == "10"
        assert values["meter"].spec is not None
        assert Reading.objects.filter(version__document=document).count() == 2
    sender = next(each for each in values_for_document(document=documents[0]) if each.key == "sender")
    assert (sender.value, sender.method) == ("By hand", Method.HUMAN)


def test_values_stay_until_others_take_their_place(read: Read, alice: User) -> None:
    document = read(letter("KD-1", "10"))
    tables = Table.objects.filter(reading__current_of=document).count()
    FieldValue.objects.filter(document=document).delete()
    row = {"document": document, "workspace": document.workspace, "version": document.versions.get()}
    FieldValue.objects.create(
        **row, reading=document.current_reading, key="sender", value_type="text", value="Kept", raw_text="Kept",
        method="RULE", producer="test-1",
    )  # fmt: skip
    fields_anew(document=document, lane=INTERACTIVE, by=alice)
    document.refresh_from_db()
    assert document.status == DocumentStatus.PROCESSING
    assert [value.value for value in values_for_document(document=document)] == ["Kept"]
    with pytest.raises(ConflictError):
        fields_anew(document=document, lane=INTERACTIVE, by=alice)
    for _ in range(3):
        (lease,) = claims.claim(queue="reading", steps=["fields"], owner="test")
        step_fail(lease=lease, error=ValueError("broken"))
        StepRun.objects.filter(state=StepState.READY).update(available_at=document.received_at)
        if StepRun.objects.filter(pk=lease.step_id, state=StepState.FAILED).exists():
            break
    document.refresh_from_db()
    assert document.status == DocumentStatus.PARTIAL
    assert [value.value for value in values_for_document(document=document)] == ["Kept"]
    assert Table.objects.filter(reading__current_of=document).count() == tables
    assert FieldValue.objects.filter(document=document, value="Kept").count() == 2  # the earlier reading keeps its own


def test_a_type_that_changes_meanwhile_has_the_part_done_again(read: Read, alice: User, work: Work) -> None:
    document = read(letter("KD-1", "10"))
    fields_anew(document=document, lane=INTERACTIVE)
    (lease,) = claims.claim(queue="reading", steps=["fields"], owner="test")
    outcome = execute(lease)
    type_correct(document=document, label="receipt", by=alice)
    with pytest.raises(TypeChangedError):
        step_complete(lease=lease, outcome=outcome)
    claims.give_back(lease=lease)
    work()
    document.refresh_from_db()
    assert Extraction.objects.get(reading=document.current_reading_id).document_type == "receipt"
