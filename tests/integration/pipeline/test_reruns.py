"""Reading a document beside its reading: nothing changes, what differs is told, then it is promoted or discarded."""

from datetime import date

import pytest

from apps.accounts.models import User, Workspace
from apps.classification.models import Prediction
from apps.core.errors import ConflictError
from apps.core.models import OutboxEvent
from apps.documents.models import Document, Reading, Source
from apps.extraction.fields.selectors.values import values_for_document
from apps.extraction.fields.services.decisions import field_confirm
from apps.extraction.models import Extraction, FieldValue
from apps.pipeline.encoder.tasks import work_encoder
from apps.pipeline.models import PipelineRun, RerunDecision, RerunItem, RunState, StepRun, StepState, Trigger
from apps.pipeline.reruns.figures import Figures, compared, figures_of, sums
from apps.pipeline.reruns.services import item_discard, item_promote, rerun_start
from apps.pipeline.samples import generate
from apps.pipeline.services.again import document_reprocess
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.services.runs import run_retry_dead
from apps.pipeline.sweeper import sweep
from apps.pipeline.tasks import work_reading
from apps.review.models import ReviewTask
from apps.review.services import type_correct
from apps.search.models import PageIndex

pytestmark = pytest.mark.django_db
INVOICE = next(sample for sample in generate(today=date(2026, 11, 23)) if sample.name == "rechnung-2026-114.pdf")


def work_all() -> None:
    while work_reading() or work_encoder():
        pass
    sweep()


@pytest.fixture
def document(workspace: Workspace, alice: User) -> Document:
    """Give an invoice whose reading is as an older docintel might have left it, with a person's word on its number."""
    made = ingest_upload(
        workspace_id=workspace.pk, chunks=[INVOICE.content], file_name=INVOICE.name, source=Source.API
    ).document
    work_all()
    document = Document.objects.get(pk=made.pk)
    values = FieldValue.objects.filter(reading=document.current_reading_id)
    number = values.get(key="invoice_number")
    field_confirm(document=document, target=number, by=alice)
    FieldValue.objects.filter(pk=number.pk).update(value="misread", raw_text="misread")  # changed
    values.filter(key="issue_date").delete()  # gained
    FieldValue.objects.filter(pk=values.filter(key="due_date").get().pk).update(key="delivery_date")  # lost, gained
    Prediction.objects.filter(reading=document.current_reading_id).update(label="letter", probability=0.5)
    Document.objects.filter(pk=document.pk).update(type_label="letter", type_confidence=0.5)
    Extraction.objects.filter(reading=document.current_reading_id).update(document_type="letter")
    document.refresh_from_db()
    return document


def beside(document: Document, by: User) -> RerunItem:
    rerun = rerun_start(workspace_id=document.workspace_id, chosen=[document], by=by)
    work_all()
    return RerunItem.objects.get(rerun=rerun)


def shown(document: Document) -> tuple[object, ...]:
    """Sum up what people and programs see of a document."""
    document = Document.objects.get(pk=document.pk)
    values = [(value.key, value.value) for value in values_for_document(document=document)]
    questions = list(ReviewTask.objects.filter(document=document, done_at=None).order_by("kind").values_list("kind"))
    columns = (document.current_reading_id, document.status, document.type_label, document.type_confidence)
    return (*columns, document.finished_at, values, questions)


def test_beside_then_promoted(document: Document, alice: User) -> None:
    before, told = shown(document), OutboxEvent.objects.filter(kind="run.finished").count()
    rerun_start(workspace_id=document.workspace_id, chosen=[document], by=alice)
    assert shown(document) == before, "not even the status tells of it"
    with pytest.raises(ConflictError):
        rerun_start(workspace_id=document.workspace_id, chosen=[document], by=alice)
    item = RerunItem.objects.get()
    with pytest.raises(ConflictError, match="not_finished"):
        item_promote(item=item, by=alice)
    work_all()
    assert shown(document) == before
    assert OutboxEvent.objects.filter(kind="run.finished").count() == told
    item.refresh_from_db()
    figures = figures_of(item)
    assert figures is not None
    assert (figures.changed, figures.gained, figures.lost) == (1, 2, 1)
    assert (figures.decided, figures.agreed_before, figures.agreed_after) == (1, 0, 1)
    assert (figures.type_before, figures.type_after, figures.type_decided) == ("letter", "invoice", "")
    assert figures.ms_before is not None
    assert figures.ms_after is not None
    changes = {(each.key, each.kind.value): (each.before, each.after) for each in compared(item).values}
    assert changes["invoice_number", "changed"][0] == "misread"
    assert changes["issue_date", "gained"][0] is None
    assert changes["delivery_date", "lost"][1] is None

    item_promote(item=item, by=alice)
    document.refresh_from_db()
    assert (document.current_reading_id, document.type_label) == (item.after_id, "invoice")
    assert {"issue_date", "due_date"} <= {value.key for value in values_for_document(document=document)}
    assert set(PageIndex.objects.values_list("reading_id", flat=True)) == {item.after_id}
    assert item.before is not None
    assert Reading.objects.filter(pk=item.before.pk).exists(), "the one before is history"
    assert OutboxEvent.objects.filter(kind="run.finished").count() == told + 1
    with pytest.raises(ConflictError, match="decided"):
        item_promote(item=item, by=alice)
    sweep()


def test_the_document_goes_on_meanwhile(document: Document, alice: User) -> None:
    """What people say while it is read beside is done as soon as that is over, and two runs never meet."""
    PipelineRun.objects.update(state=RunState.PARTIAL)
    StepRun.objects.filter(step="entities").update(state=StepState.FAILED)
    first = PipelineRun.objects.get()
    rerun_start(workspace_id=document.workspace_id, chosen=[document], by=alice)
    assert run_retry_dead(run_id=first.pk) == 0
    type_correct(document=document, label="receipt", by=alice)
    sweep()  # tells of the type while the document is not free
    work_all()
    fields = PipelineRun.objects.get(trigger=Trigger.FIELDS)
    work_all()
    document.refresh_from_db()
    assert document.current_reading_id == fields.reading_id
    assert Extraction.objects.get(reading=fields.reading_id).document_type == "receipt"

    other = beside(document, alice)
    document_reprocess(document=document, by=alice)
    with pytest.raises(ConflictError, match="already_processing"):
        item_promote(item=other, by=alice)


def test_beside_then_discarded(document: Document, alice: User) -> None:
    before = shown(document)
    item, other = beside(document, alice), beside(document, alice)
    index = set(PageIndex.objects.values_list("reading_id", flat=True))
    assert index == {document.current_reading_id, item.after_id, other.after_id}
    item_discard(item=item, by=alice)
    assert shown(document) == before
    gone = item.after_id
    assert gone is not None
    item.refresh_from_db()
    assert (item.decision, item.after, item.run) == (RerunDecision.DISCARDED, None, None)
    assert not Reading.objects.filter(pk=gone).exists()
    assert not PageIndex.objects.filter(reading_id=gone).exists()
    assert not PipelineRun.objects.filter(reading_id=gone).exists()
    kept = figures_of(item)
    assert kept is not None
    assert kept.gained == 2
    item_promote(item=other, by=alice)
    third = beside(document, alice)
    Document.objects.filter(pk=document.pk).update(current_reading=third.after_id)
    with pytest.raises(ConflictError, match="read_anew"):
        item_promote(item=third, by=alice)
    total = sums([kept, Figures(same=2, type_before="letter", type_after="letter", type_decided="letter")])
    assert (total.documents, total.gained, total.types_changed, total.types_right_after) == (2, 2, 1, 1)
