"""Blobs in the storage: content-addressed, written once, complete before any row names them."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages

from apps.core.errors import NotFoundError, UserError
from apps.documents.models import Blob


class TooLargeError(UserError):
    """The file is over the configured limit."""

    code = "too_large"


class EmptyFileError(UserError):
    """The file holds no byte."""

    code = "empty"
    message = "The file is empty."


@dataclass(frozen=True)
class StoredBytes:
    """The identity of bytes that came in; `partial` is where they lie until `keep` puts them under their key."""

    sha256: str
    size: int
    partial: Path | None = None


@contextmanager
def received(chunks: Iterable[bytes], *, workspace_id: UUID, max_bytes: int) -> Iterator[StoredBytes]:
    """Write chunks to a temporary file that lasts as long as the block. Raises EmptyFileError or TooLargeError.

    `keep`, which runs inside a transaction, makes it durable: bytes that are known need not be. A storage elsewhere
    gets its copy at once, since that is slow.
    """
    scratch = incoming_folder()
    scratch.mkdir(parents=True, exist_ok=True)
    partial = scratch / f"{uuid4().hex}.partial"
    try:
        stored = _write(partial, chunks, max_bytes)
        if _local_folder() is None:
            keep(stored, workspace_id=workspace_id)
        yield stored
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()


def keep(stored: StoredBytes, *, workspace_id: UUID, is_known: bool = False) -> None:
    """Put received bytes under their key unless they are there; who calls holds the lock of these bytes.

    Those of a known document were made durable before its row was committed: only lost ones are put back.
    """
    if stored.partial is None:
        return
    folder, key = _local_folder(), Blob(workspace_id=workspace_id, sha256=stored.sha256).key
    if folder:
        if not is_known or not (folder / key).exists():
            _move(stored.partial, folder / key)
    elif not storages["default"].exists(key):
        with stored.partial.open("rb") as handle:
            storages["default"].save(key, File(handle))


def incoming_folder() -> Path:
    """Name the folder of files that are still coming in; a local storage has it on its own disk."""
    folder = _local_folder()
    return (folder or Path(tempfile.gettempdir()) / "docintel") / "incoming"


def remove_abandoned(*, before: datetime) -> int:
    """Delete what is left of uploads that a crash cut off; returns how many there were."""
    count = 0
    for partial in incoming_folder().glob("*.partial"):
        with suppress(OSError):
            if partial.stat().st_mtime < before.timestamp():
                partial.unlink()
                count += 1
    return count


def _write(partial: Path, chunks: Iterable[bytes], max_bytes: int) -> StoredBytes:
    digest, size = hashlib.sha256(), 0
    with partial.open("wb") as handle:
        for chunk in chunks:
            size += len(chunk)
            if size > max_bytes:
                raise TooLargeError(f"The file is larger than {max_bytes // 2**20} MB.")
            digest.update(chunk)
            handle.write(chunk)
    if not size:
        raise EmptyFileError
    return StoredBytes(sha256=digest.hexdigest(), size=size, partial=partial)


def _move(partial: Path, target: Path) -> None:
    """Put bytes on the disk and then under their name, which is made durable too.

    The same bytes already there stay as they are. They may be without a row, left by a crash before its commit, and
    their name not yet durable.
    """
    if not target.exists():
        if not target.parent.exists():
            _make_folders(target.parent.parent)
        _sync(partial)
        partial.chmod(0o440)
        partial.replace(target)
    _sync(target.parent)


def _make_folders(folder: Path) -> None:
    """Make the folders for all first two digits of a hash, so that only a workspace's first upload waits for them."""
    for number in range(256):
        (folder / f"{number:02x}").mkdir(parents=True, exist_ok=True)
    for each in (folder, folder.parent):
        _sync(each)


def _sync(path: Path) -> None:
    """Wait until a file's bytes, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _local_folder() -> Path | None:
    """Return the storage's folder where it is a local one, else None."""
    storage = storages["default"]
    return Path(storage.location) if isinstance(storage, FileSystemStorage) else None


@contextmanager
def local_path(blob: Blob) -> Iterator[Path]:
    """Give a path at which the blob's bytes can be read: the stored file itself, or a temporary copy of it."""
    folder = _local_folder()
    if folder:
        yield folder / blob.key
        return
    with tempfile.NamedTemporaryFile(prefix="docintel-") as copy:
        with storages["default"].open(blob.key) as handle:
            shutil.copyfileobj(handle, copy)
        copy.flush()
        yield Path(copy.name)


def blob_open(blob: Blob) -> "File[Any]":
    """Open a blob for reading; raises NotFoundError where its bytes are gone."""
    try:
        return storages["default"].open(blob.key)
    except FileNotFoundError:
        raise NotFoundError("The bytes of this file are no longer in the storage.") from None


def derived_path(blob: Blob, name: str) -> Path:
    """Return where something made of a blob may be kept on this machine; it may vanish at any time."""
    return settings.DATA_DIR / "cache" / blob.key / name


def remove(blob: Blob) -> None:
    """Delete a blob's bytes and what was made of them; called after its row is gone."""
    storages["default"].delete(blob.key)
    shutil.rmtree(settings.DATA_DIR / "cache" / blob.key, ignore_errors=True)


def is_writable() -> bool:
    """Tell whether the storage takes a file now (for /readyz)."""
    folder = _local_folder()
    if folder is None:
        return True
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        return os.access(folder, os.W_OK)
    return False
