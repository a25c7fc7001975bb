"""The use case "a file came in": stored, known or new, and on its way through the pipeline."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import ConflictError
from apps.documents import services as documents
from apps.documents import storage
from apps.documents.models import Document, DocumentStatus
from apps.pipeline.models import Trigger
from apps.pipeline.services.runs import run_first, run_start


@dataclass(frozen=True)
class Ingested:
    """The document, and whether the same bytes had come before."""

    document: Document
    duplicate: bool


def ingest_upload(
    *,
    workspace_id: UUID,
    chunks: Iterable[bytes],
    file_name: str,
    source: str,
    title: str = "",
    tags: Iterable[str] = (),
    by: User | None = None,
    at: datetime | None = None,
) -> Ingested:
    """Store a file and start its run.

    Known bytes give the first document: restored from the trash, re-run if failed, the tags added to its own.
    Raises EmptyFileError or TooLargeError; then nothing is kept.
    """
    most = settings.MAX_UPLOAD_MB * 2**20
    with storage.received(chunks, workspace_id=workspace_id, max_bytes=most) as stored, transaction.atomic():
        created = documents.document_create(
            workspace_id=workspace_id,
            stored=stored,
            file_name=file_name,
            source=source,
            title=title,
            tags=tags,
            by=by,
            at=at,
        )
        if created.version is None:
            _revive(created.document, by)
        else:
            run_first(document=created.document, version=created.version)
    return Ingested(document=created.document, duplicate=created.version is None)


def _revive(document: Document, by: User | None) -> None:
    if document.deleted_at is not None:
        documents.documents_restore(documents=[document], by=by)
    if document.status == DocumentStatus.FAILED:
        with suppress(ConflictError):  # somebody else has just started it
            run_start(document=document, trigger=Trigger.RETRY)
        document.refresh_from_db()
