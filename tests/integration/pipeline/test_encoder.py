"""The encoder worker's steps with the real encoder and head: vectors in the index, types on documents."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from apps.accounts.models import Workspace
from apps.classification.engine.document_text import READ_CHARACTERS, READ_PAGES
from apps.classification.engine.evidence import READ_CHUNKS
from apps.classification.models import ModelState, ModelVersion, Prediction
from apps.classification.services import FAMILY, shipped_version
from apps.documents.models import Document, DocumentStatus, Source
from apps.extraction.selectors import page_blocks
from apps.pipeline.encoder.models import _encoder, encoder
from apps.pipeline.encoder.seen import leading_text, seen_of
from apps.pipeline.encoder.tasks import work_encoder
from apps.pipeline.samples import generate
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.sweeper import sweep
from apps.pipeline.tasks import work_reading
from apps.pipeline.typed_text import typed_text
from apps.review.models import ReviewTask
from apps.review.services import type_correct
from apps.search.models import VECTOR_SIZE, Chunk
from apps.search.services import Passage, index_passages
from tests.library import pointing, shelve

pytestmark = pytest.mark.django_db
SAMPLES = {sample.name: sample for sample in generate(today=date(2026, 11, 23))}
NAMES = ("rechnung-2026-114.pdf", "CV_Lindqvist-Okafor.pdf", "lanternfish-terms.md")


def process(workspace: Workspace) -> dict[str, Document]:
    """Take three samples all the way through."""
    for name in NAMES:
        content = SAMPLES[name].content
        ingest_upload(workspace_id=workspace.pk, chunks=[content], file_name=name, source=Source.API)
    while work_reading() or work_encoder():
        pass
    return {document.file_name: document for document in Document.objects.all()}


def test_documents_are_embedded_and_typed(workspace: Workspace) -> None:
    documents = process(workspace)
    assert {document.status for document in documents.values()} == {DocumentStatus.SUCCEEDED}
    found = {name: document.type_label for name, document in documents.items()}
    assert found == {name: SAMPLES[name].truth.type for name in NAMES}
    for document in documents.values():
        assert document.current_reading is not None
        chunks = Chunk.objects.filter(document_id=document.pk, reading_id=document.current_reading.pk)
        assert chunks
        assert all(abs(sum(side * side for side in list(chunk.vector)) - 1) < 0.01 for chunk in chunks)
        prediction = Prediction.objects.get(reading=document.current_reading)
        assert prediction.probability == document.type_confidence
        assert prediction.alternatives
    rechnung = documents["rechnung-2026-114.pdf"]
    why = Prediction.objects.get(reading=rechnung.current_reading_id).explanation
    assert {"iban", "gmbh"} & {word for word, _ in why["words"]}
    weights = [passage["weight"] for passage in why["passages"]]
    assert weights == sorted(weights, reverse=True)
    assert all(passage["page"] == 1 and passage["start"] < passage["end"] for passage in why["passages"])
    for document in documents.values():
        assert document.current_reading_id is not None
        pages = page_blocks(reading_id=document.current_reading_id, first=1, last=READ_PAGES)
        assert leading_text(document.current_reading_id) == typed_text(pages).text != ""
    version = ModelVersion.objects.get()
    assert (version.state, version.workspace) == (ModelState.ACTIVE, None)
    assert version.metrics


def test_a_person_has_the_last_word(workspace: Workspace) -> None:
    documents = process(workspace)
    sweep()
    resume = documents["CV_Lindqvist-Okafor.pdf"]
    assert ReviewTask.objects.filter(document=resume, done_at=None).exists()  # resumes are known from one source only
    alice = workspace.memberships.get().user
    type_correct(document=resume, label="letter", by=alice)
    assert not ReviewTask.objects.filter(document=resume, done_at=None).exists()
    resume.refresh_from_db()
    assert (resume.type_label, resume.type_source, resume.type_confidence) == ("letter", "HUMAN", None)
    assert resume.corrections.filter(before__label="resume").count() == 1


def test_the_version_in_use_is_the_active_one(db: None) -> None:
    shipped = shipped_version()
    ModelVersion.objects.filter(pk=shipped.pk).update(state=ModelState.RETIRED)
    later = ModelVersion.objects.create(family=FAMILY, version="later", state=ModelState.ACTIVE)
    assert shipped_version().state == ModelState.ACTIVE
    later.refresh_from_db()
    assert later.state == ModelState.RETIRED


def test_threads_share_one_encoder() -> None:
    """Two loads at the same time once left a model with weights in two number formats."""
    _encoder.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        encoders = list(pool.map(lambda _: encoder(), range(4)))
    assert len({id(each) for each in encoders}) == 1
    assert encoders[0].encode(["one text"]).shape == (1, 384)


def test_no_more_of_a_long_document_is_read_than_its_type_is_told_by(
    workspace: Workspace, django_assert_num_queries: Any
) -> None:
    texts = ["  Minutes of a meeting\n" + "word " * 700, "more " * 700, "never read " * 700]
    document = shelve(workspace, *texts)
    reading = document.current_reading
    assert reading is not None
    for number in (1, 2):
        passages = [Passage(number, place, place + 1, pointing(number)) for place in range(6)]
        index_passages(
            document_id=document.pk,
            reading=reading,
            model=encoder().model,
            first=number,
            last=number,
            passages=passages,
        )
    with django_assert_num_queries(2):
        seen = seen_of(reading.pk)
    assert seen.text == "\n".join(texts).lstrip()[:READ_CHARACTERS] == seen.document.text
    assert [passage.page for passage in seen.passages] == [1] * 6 + [2] * (READ_CHUNKS - 6)
    assert seen.vectors.shape == (READ_CHUNKS, VECTOR_SIZE)
