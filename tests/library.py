"""Documents for tests that were read already: rows as the pipeline's workers leave them, without the workers."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User, Workspace
from apps.core.clock import now
from apps.documents.models import Document, DocumentStatus, Page, PageContent, Source, TextSource
from apps.documents.services import document_create, first_reading_create, pages_store, reading_describe
from apps.documents.storage import StoredBytes
from apps.pipeline.models import PipelineRun, RunState, Trigger
from apps.search.models import VECTOR_SIZE
from apps.search.services import Passage, index_pages, index_passages

MODEL = "test-encoder"
_numbers = count()


def shelve(
    workspace: Workspace,
    *texts: str,
    title: str = "",
    file_name: str = "file.pdf",
    status: DocumentStatus = DocumentStatus.SUCCEEDED,
    errors: Sequence[dict[str, Any]] = (),
    media_type: str = "application/pdf",
    type_label: str = "",
    confidence: float | None = None,
    tags: Sequence[str] = (),
    received_at: datetime | None = None,
    took_s: float = 2.0,
    by: User | None = None,
) -> Document:
    """Make a document with one page a text, in the full-text index, its run ended `took_s` after its start."""
    moment = received_at or now()
    digest = hashlib.sha256(f"{next(_numbers)}".encode()).hexdigest()
    with transaction.atomic():
        created = document_create(
            workspace_id=workspace.pk,
            stored=StoredBytes(sha256=digest, size=1_000),
            file_name=file_name,
            source=Source.WEB,
            title=title,
            tags=tags,
            by=by,
            at=moment,
        )
        assert created.version is not None
        reading = first_reading_create(version=created.version, producer="test", config_hash="test")
    document = created.document
    reading_describe(reading=reading, media_type=media_type, page_count=len(texts), metadata={})
    pages = [_page(workspace.pk, reading.pk, number, text) for number, text in enumerate(texts, 1)]
    pages_store(contents=[PageContent(page=page, words=b"\x01") for page in pages])
    index_pages(document_id=document.pk, reading=reading, pages=pages)
    run = PipelineRun.objects.create(
        workspace=workspace,
        document=document,
        reading=reading,
        trigger=Trigger.UPLOAD,
        state=RunState(status.value),
        lane=0,
        errors=list(errors),
    )
    ended = moment + timedelta(seconds=took_s)
    PipelineRun.objects.filter(pk=run.pk).update(created_at=moment, finished_at=ended)
    Document.objects.filter(pk=document.pk).update(
        created_at=moment,
        searchable_at=moment + timedelta(seconds=took_s / 2),
        finished_at=ended,
        status=status,
        type_label=type_label,
        type_confidence=confidence,
        type_source="MODEL" if type_label else "",
    )
    document.refresh_from_db()
    return document


def _page(workspace_id: UUID, reading_id: UUID, number: int, text: str) -> Page:
    return Page(
        workspace_id=workspace_id,
        reading_id=reading_id,
        number=number,
        width=595,
        height=842,
        text=text,
        text_source=TextSource.NATIVE,
    )


def pointing(axis: int, *, towards: int = 0, share: float = 0.0) -> list[float]:
    """Return a unit vector along one axis, leaning by `share` (its cosine) towards another."""
    vector = [0.0] * VECTOR_SIZE
    vector[axis] = (1 - share**2) ** 0.5
    vector[towards] += share
    return vector


def embed(document: Document, *vectors: list[float], page: int = 1) -> None:
    """Give a page one passage a vector, each ten characters long."""
    reading = document.current_reading
    assert reading is not None
    passages = [Passage(page, 10 * place, 10 * place + 10, vector) for place, vector in enumerate(vectors)]
    index_passages(document_id=document.pk, reading=reading, model=MODEL, first=page, last=page, passages=passages)
