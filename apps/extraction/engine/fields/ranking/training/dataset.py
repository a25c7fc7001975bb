"""A folder with labelled documents: its rows, their truth, and transcripts of their words where there are some."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apps.extraction.engine.fields.ranking.schemas import Schema
from apps.extraction.engine.fields.ranking.training.truths import truth_of
from apps.extraction.engine.types import PageReading, Word

_MANIFEST = "manifest.jsonl"


class DatasetError(ValueError):
    """The folder cannot be used; the message says why."""


@dataclass(frozen=True, kw_only=True)
class LabelledFile:
    """A file with its truth; `lines` are its lines as people wrote them down, with boxes in pixels."""

    path: Path
    schema: Schema
    truth: dict[str, str]
    source: str
    group: str
    licence: str
    lines: list[dict[str, Any]] = field(default_factory=list)
    size: tuple[int, int] | None = None


def labelled_files(folder: Path) -> list[LabelledFile]:
    """Return the labelled files of a folder with a manifest, or below the folder that has one.

    Rows are `{path, gt, source or repo, group, licence}`; paths may begin with the folder's own name. A second row
    of the same file whose truth has `lines` gives its transcript. Raises DatasetError.
    """
    root = folder if (folder / _MANIFEST).exists() else folder.parent
    if not (root / _MANIFEST).exists():
        raise DatasetError(f"{folder} has no {_MANIFEST}")
    transcripts: dict[str, tuple[list[dict[str, Any]], tuple[int, int] | None]] = {}
    found = []
    rows = [row for row in _rows(root) if row.get("gt") and _place(root, row["path"]).is_relative_to(folder)]
    for row in rows:
        told = _truth(root, row)
        if told is not None and "lines" in told and "schema" not in told:
            size = (row.get("check") or {}).get("size")
            transcripts[row["path"]] = (told["lines"], tuple(size) if size else None)
    for row in rows:
        told = _truth(root, row)
        truth = truth_of(told) if told is not None else None
        if truth is not None:
            lines, size = transcripts.get(row["path"], ([], None))
            found.append(_file(root, row, truth, lines, size))
    if not found:
        raise DatasetError(f"{folder} has no invoices or receipts with their values")
    return found


def gold_page(file: LabelledFile) -> PageReading | None:
    """Return a page of the words that people wrote down; a line's words share its width by their letters."""
    if not file.lines or file.size is None:
        return None
    width, height = file.size
    words: list[Word] = []
    for line in sorted(file.lines, key=lambda each: (round(60 * each["bbox"][1] / height), each["bbox"][0])):
        x0, y0, x1, y1 = line["bbox"]
        text, at = line["text"], 0
        for part in text.split():
            start = text.index(part, at)
            at = start + len(part)
            left, right = (x0 + (x1 - x0) * place / len(text) for place in (start, at))
            words.append(Word(left / width, y0 / height, right / width, y1 / height, part))
    text = " ".join(word.text for word in words)
    return PageReading(number=1, width=width, height=height, rotation=0, text=text, text_source="native", words=words)


def _rows(root: Path) -> Iterator[dict[str, Any]]:
    with (root / _MANIFEST).open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _place(root: Path, name: str) -> Path:
    return root / name if (root / name).exists() else root.parent / name


def _truth(root: Path, row: dict[str, Any]) -> dict[str, Any] | None:
    path = _place(root, row["gt"])
    if path.suffix != ".json":
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else None


def _file(
    root: Path,
    row: dict[str, Any],
    truth: tuple[Schema, dict[str, str]],
    lines: list[dict[str, Any]],
    size: tuple[int, int] | None,
) -> LabelledFile:
    source = str(row.get("source") or row.get("repo") or "unknown")
    return LabelledFile(
        path=_place(root, row["path"]),
        schema=truth[0],
        truth=truth[1],
        source=source,
        group=f"{source}: {row.get('group') or row['path']}",
        licence=str(row.get("licence", "")),
        lines=lines,
        size=size,
    )
