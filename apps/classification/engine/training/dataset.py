"""Finds labelled documents in a folder: a manifest, or one folder for each label."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import msgspec

MANIFEST = "manifest.jsonl"
NO_LICENCE = "not stated"
_IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".gif"})


class DatasetError(RuntimeError):
    """The folder holds no labelled documents, or its manifest cannot be understood."""


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """A file with its label and where it comes from; `group` names what must not be split between folds."""

    path: Path
    label: str
    source: str
    licence: str
    group: str

    @property
    def kind(self) -> str:
        """`pdf`, `image`, or the suffix without its point."""
        suffix = self.path.suffix.lower()
        return "image" if suffix in _IMAGE_SUFFIXES else suffix.lstrip(".")

    def sha256(self) -> str:
        """Return the hash of the file's bytes."""
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


def find_documents(folder: Path) -> list[LabelledFile]:
    """Return the labelled documents of `folder`, sorted by path; every path once.

    With `manifest.jsonl`: rows `{path, label, source, licence, group?}`, rows without a label are skipped, `repo`
    stands for a missing `source`, and paths count from the folder or from the one above it. Without: `LABEL/FILE`.
    """
    manifest = folder / MANIFEST
    rows = _from_manifest(manifest) if manifest.is_file() else _from_folders(folder)
    files = {file.path: file for file in rows}
    if not files:
        raise DatasetError(f"{folder} holds no labelled documents")
    return [files[path] for path in sorted(files)]


def has_licence(licence: str, patterns: Sequence[str]) -> bool:
    """Tell whether a licence matches one of the shell patterns, upper and lower case alike."""
    return any(fnmatch(licence.lower(), pattern.lower()) for pattern in patterns)


def dataset_hash(rows: Sequence[tuple[str, str]]) -> str:
    """Return one hash for (file hash, label) pairs, whatever their order."""
    lines = "".join(sorted(f"{digest} {label}\n" for digest, label in rows))
    return hashlib.sha256(lines.encode()).hexdigest()


def _from_manifest(manifest: Path) -> Iterator[LabelledFile]:
    for number, line in enumerate(manifest.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row: dict[str, Any] = msgspec.json.decode(line, type=dict)
        except msgspec.DecodeError as error:
            raise DatasetError(f"{manifest}, line {number}: {error}") from error
        if row.get("label"):
            path = _existing(manifest.parent, str(row.get("path", "")))
            yield LabelledFile(
                path=path,
                label=str(row["label"]),
                source=str(row.get("source") or row.get("repo") or manifest.parent.name),
                licence=str(row.get("licence") or NO_LICENCE),
                group=str(row.get("group") or path.stem),
            )


def _existing(folder: Path, relative: str) -> Path:
    for base in (folder, folder.parent):
        path = base / relative
        if relative and path.is_file():
            return path
    raise DatasetError(f"{folder / relative} does not exist")


def _from_folders(folder: Path) -> Iterator[LabelledFile]:
    for path in sorted(folder.glob("*/*")):
        if path.is_file() and not path.name.startswith("."):
            yield LabelledFile(
                path=path, label=path.parent.name, source=folder.name, licence=NO_LICENCE, group=path.stem
            )
