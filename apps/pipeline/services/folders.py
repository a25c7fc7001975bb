"""Taking in files that lie on this machine: each content once, however often a folder is gone through."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final
from uuid import UUID

from apps.accounts.models import User
from apps.documents.models import Document, DocumentStatus, Source
from apps.documents.selectors import upload_of
from apps.pipeline.analyze.inputs import files_of, identity_of
from apps.pipeline.services.ingest import ingest_upload

CHUNK_BYTES: Final = 2**20


class Arrival(StrEnum):
    """What became of a file."""

    NEW = "new"
    KNOWN = "known"
    RETRIED = "retried"


def files_in(folder: Path) -> list[Path]:
    """Return the files below a folder, sorted, without hidden ones; raises InputError where it is not there."""
    return [
        path for path in files_of([folder]) if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def file_ingest(
    *, workspace_id: UUID, path: Path, tags: Iterable[str] = (), by: User | None = None, retry: bool = True
) -> Arrival:
    """Take in a file unless the workspace knows its content, in the trash or not; with `retry` a failed one goes again.

    Raises OSError, EmptyFileError or TooLargeError; then nothing is kept.
    """
    identity = identity_of(path)
    known = upload_of(workspace_id=workspace_id, sha256=identity.sha256)
    if known is not None and not (retry and _has_failed(known)):
        return Arrival.KNOWN
    taken = ingest_upload(
        workspace_id=workspace_id,
        chunks=_chunks(path),
        file_name=identity.name,
        source=Source.FOLDER,
        tags=tags,
        by=by,
    )
    if not taken.duplicate:
        return Arrival.NEW
    return Arrival.RETRIED if known else Arrival.KNOWN


def _has_failed(document: Document) -> bool:
    """Tell whether a document is worth another try; what somebody threw away is not."""
    return document.status == DocumentStatus.FAILED and document.deleted_at is None


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK_BYTES):
            yield chunk
