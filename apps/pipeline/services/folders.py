"""Taking in files that lie on this machine: each content once, however often a folder is gone through."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

from apps.accounts.models import User
from apps.documents.models import Source
from apps.documents.selectors import is_known
from apps.pipeline.analyze.inputs import files_of, identity_of
from apps.pipeline.services.ingest import ingest_upload

CHUNK_BYTES: Final = 2**20


def files_in(folder: Path) -> list[Path]:
    """Return the files below a folder, sorted, without hidden ones; raises InputError where it is not there."""
    return [
        path for path in files_of([folder]) if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def file_ingest(*, workspace_id: UUID, path: Path, tags: Iterable[str] = (), by: User | None = None) -> bool:
    """Take in a file unless the workspace knows its content, in the trash or not; returns whether it was new.

    Raises OSError, EmptyFileError or TooLargeError; then nothing is kept.
    """
    identity = identity_of(path)
    if is_known(workspace_id=workspace_id, sha256=identity.sha256):
        return False
    taken = ingest_upload(
        workspace_id=workspace_id,
        chunks=_chunks(path),
        file_name=identity.name,
        source=Source.FOLDER,
        tags=tags,
        by=by,
    )
    return not taken.duplicate


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK_BYTES):
            yield chunk
