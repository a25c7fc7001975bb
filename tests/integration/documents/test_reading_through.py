"""Documents go through the reading steps: text, tables and reasons end up where people find them."""

from datetime import date

import pytest

from apps.accounts.models import User, Workspace
from apps.documents.models import Document, DocumentStatus, Page, Reading, Source
from apps.documents.selectors import blocks_of
from apps.extraction.models import FieldValue, Table
from apps.pipeline.models import PipelineRun, StepRun
from apps.pipeline.outcome import Outcome
from apps.pipeline.samples import Sample, generate
from apps.pipeline.services import claims
from apps.pipeline.services.again import document_reprocess
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.services.steps import step_complete
from apps.pipeline.tasks import work_reading
from apps.search.models import PageIndex

pytestmark = pytest.mark.django_db
SAMPLES = {sample.name: sample for sample in generate(today=date(2026, 11, 23))}
READABLE = [sample for sample in SAMPLES.values() if sample.truth.error is None]


def read(workspace: Workspace, sample: Sample) -> Document:
    """Upload a sample and let the reading steps run to their end."""
    document = ingest_upload(
        workspace_id=workspace.pk, chunks=[sample.content], file_name=sample.name, source=Source.API
    ).document
    while work_reading():
        pass
    document.refresh_from_db()
    return document


def on_the_edges(reading: Reading) -> list[str]:
    """Headers, footers and page numbers, which are no part of the text."""
    blocks = blocks_of(page_ids=reading.pages.values_list("pk", flat=True)).values()
    return [block["text"] for page in blocks for block in page if block["kind"] in {"header", "footer", "page_number"}]


@pytest.mark.parametrize("sample", READABLE, ids=lambda sample: sample.name)
def test_samples_are_read(workspace: Workspace, sample: Sample) -> None:
    document = read(workspace, sample)
    reading = document.current_reading
    assert reading is not None
    assert (document.media_type, document.page_count) == (sample.media_type, sample.truth.page_count)
    assert document.searchable_at is not None
    text = " ".join(" ".join([*reading.pages.values_list("text", flat=True), *on_the_edges(reading)]).split())
    native = not reading.pages.exclude(text_source="NATIVE").exists()
    if native:
        assert [passage for passage in sample.truth.text_contains if passage not in text] == []
    assert PageIndex.objects.filter(reading_id=reading.pk).count() == sample.truth.page_count


@pytest.mark.parametrize("name", [name for name, sample in SAMPLES.items() if sample.truth.error])
def test_damaged_samples_fail_with_their_reason(workspace: Workspace, name: str) -> None:
    document = read(workspace, SAMPLES[name])
    run = PipelineRun.objects.get(document=document)
    assert document.status == DocumentStatus.FAILED
    assert run.errors[0]["code"] == SAMPLES[name].truth.error
    assert run.errors[0]["message"]
    assert StepRun.objects.get(run=run).attempt == 1  # the file's own fault: not tried again


def test_ruled_tables_are_found(workspace: Workspace) -> None:
    sample = SAMPLES["INV108834.pdf"]
    document = read(workspace, sample)
    tables = Table.objects.filter(reading=document.current_reading)
    cells = {" ".join(cell["text"].split()) for table in tables for cell in table.cells}
    truth = {cell for row in sample.truth.tables[0].cells for cell in row if cell}
    assert truth <= cells


def test_mail_headers_become_values(workspace: Workspace) -> None:
    document = read(workspace, SAMPLES["Purchase order 2291.eml"])
    finish(document)
    values = FieldValue.objects.filter(reading=document.current_reading)
    assert set(values.values_list("key", "method")) == {("sender", "EMBEDDED"), ("document_date", "EMBEDDED")}


def test_a_second_reading_waits_beside_the_first(workspace: Workspace, alice: User) -> None:
    document = read(workspace, SAMPLES["lighthouse-ferry.txt"])
    finish(document)
    first = document.current_reading_id
    document_reprocess(document=document, by=alice)
    while work_reading():
        pass
    document.refresh_from_db()
    assert document.current_reading_id == first  # the encoder has not come by: not promoted yet
    assert Page.objects.filter(reading__version__document=document).count() == 2


def test_a_finished_second_reading_takes_the_place_of_the_first(workspace: Workspace, alice: User) -> None:
    document = read(workspace, SAMPLES["lighthouse-ferry.txt"])
    finish(document)
    first = document.current_reading_id
    document_reprocess(document=document, by=alice)
    while work_reading():
        pass
    finish(document)
    document.refresh_from_db()
    assert document.current_reading_id != first
    assert document.status == DocumentStatus.SUCCEEDED
    assert list(PageIndex.objects.values_list("reading_id", flat=True)) == [document.current_reading_id]


def finish(document: Document) -> None:
    """Let the encoder's parts succeed without results: what they would store is not what these tests are about."""
    while leases := claims.claim(queue="encoder", steps=["embed", "type", "entities"], owner="me"):
        step_complete(lease=leases[0], outcome=Outcome())
    while work_reading():
        pass
