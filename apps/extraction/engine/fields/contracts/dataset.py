"""A folder with labelled contracts: its rows, and the values that people wrote down."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from apps.extraction.engine.fields.contracts.ranker import FEATURES

_MANIFEST: Final = "manifest.jsonl"
_OTHER_FORM: Final = "kleister-nda"  # a public collection whose keys are these


class ContractDataError(ValueError):
    """The folder cannot be used; the message says why."""


@dataclass(frozen=True, kw_only=True)
class LabelledContractFile:
    """A contract's file with its values by key. What a contract does not say is not in it."""

    path: Path
    truth: Mapping[str, Sequence[str]]
    source: str
    group: str
    licence: str


def labelled_contracts(folder: Path) -> list[LabelledContractFile]:
    """Return the contracts of a folder with a manifest, each file once.

    Rows are `{path, gt, source or repo, group, licence}`; paths may begin with the folder's own name. A truth is
    `{"type": "contract", "fields": {key: [values]}}`. Raises ContractDataError.
    """
    if not (folder / _MANIFEST).exists():
        raise ContractDataError(f"{folder} has no {_MANIFEST}")
    found: dict[str, LabelledContractFile] = {}
    for row in _rows(folder):
        truth = _truth(folder, row) if row.get("gt") else None
        if truth is not None:
            found.setdefault(row["path"], _file(folder, row, truth))
    if not found:
        raise ContractDataError(f"{folder} has no contracts with their values")
    return list(found.values())


def _file(folder: Path, row: Mapping[str, Any], truth: Mapping[str, Sequence[str]]) -> LabelledContractFile:
    return LabelledContractFile(
        path=_place(folder, row["path"]),
        truth=truth,
        source=str(row.get("source") or row.get("repo") or "unknown"),
        group=str(row.get("group") or row["path"]),
        licence=str(row.get("licence", "")),
    )


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    with (folder / _MANIFEST).open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _place(folder: Path, name: str) -> Path:
    return folder / name if (folder / name).exists() else folder.parent / name


def _truth(folder: Path, row: Mapping[str, Any]) -> dict[str, list[str]] | None:
    """Return the learned keys' values, None where the truth is not a contract's."""
    path = _place(folder, row["gt"])
    if path.suffix != ".json":
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or (found.get("type") != "contract" and found.get("schema") != _OTHER_FORM):
        return None
    return {key: _listed(value) for key, value in found["fields"].items() if key in FEATURES}


def _listed(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
