"""From the paths of the command line to the files to be read."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


class InputError(Exception):
    """A path of the command line that cannot be read: wrong usage."""


@dataclass(frozen=True, kw_only=True)
class FileIdentity:
    """The contract's `file` object, less the media type. The digest of a file that vanished is all zeros."""

    name: str
    size: int
    sha256: str


def files_of(paths: Iterable[Path]) -> list[Path]:
    """Return the files in the order given, folders walked sorted; raises InputError for what is not there."""
    return [file for path in paths for file in _files_under(path)]


def _files_under(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from _walk(path)
    elif path.is_file() and os.access(path, os.R_OK):
        yield path
    else:
        raise InputError(f"{printable(str(path))}: no such file or folder, or not readable")


def _walk(folder: Path) -> Iterator[Path]:
    """Regular files below a folder; links to folders are not followed."""
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            file = Path(root, name)
            if file.is_file() and os.access(file, os.R_OK):
                yield file


def identity_of(path: Path) -> FileIdentity:
    """Name, size and digest of a file."""
    name = printable(path.name)
    try:
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
            return FileIdentity(name=name, size=handle.tell(), sha256=digest)
    except OSError:
        return FileIdentity(name=name, size=0, sha256="0" * 64)


def printable(name: str) -> str:
    """Return a file name as valid Unicode: names are bytes and need not be."""
    return os.fsencode(name).decode("utf-8", "replace")
