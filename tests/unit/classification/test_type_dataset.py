import json
from pathlib import Path

import pytest

from apps.classification.engine.training.dataset import (
    DatasetError,
    LabelledFile,
    dataset_hash,
    find_documents,
    has_licence,
)


def written(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_folders_are_labels(tmp_path: Path) -> None:
    invoice = written(tmp_path / "invoice" / "one.PDF")
    receipt = written(tmp_path / "receipt" / "two.jpeg")
    written(tmp_path / "receipt" / ".hidden")
    written(tmp_path / "notes.txt")
    found = find_documents(tmp_path)
    assert found == [
        LabelledFile(invoice, "invoice", tmp_path.name, "not stated", "one"),
        LabelledFile(receipt, "receipt", tmp_path.name, "not stated", "two"),
    ]
    assert [file.kind for file in found] == ["pdf", "image"]


def test_a_manifest_names_files_here_or_one_folder_up(tmp_path: Path) -> None:
    here, above = written(tmp_path / "set" / "a.txt"), written(tmp_path / "set" / "b.txt")
    rows = [
        {"path": "a.txt", "label": "letter", "source": "archive", "licence": "MIT", "group": "g"},
        {"path": "set/b.txt", "label": "tax", "repo": "owner/name"},
        {"path": "set/b.txt", "track": "unlabelled"},
    ]
    written(tmp_path / "set" / "manifest.jsonl", "\n".join(map(json.dumps, rows)))
    assert find_documents(tmp_path / "set") == [
        LabelledFile(here, "letter", "archive", "MIT", "g"),
        LabelledFile(above, "tax", "owner/name", "not stated", "b"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [("{", "line 1"), ('{"label": "tax", "path": "gone.pdf"}', "does not exist"), ('{"label": "tax"}', "not exist")],
)
def test_a_broken_manifest_is_explained(tmp_path: Path, line: str, message: str) -> None:
    written(tmp_path / "manifest.jsonl", line)
    with pytest.raises(DatasetError, match=message):
        find_documents(tmp_path)


def test_an_empty_folder_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no labelled documents"):
        find_documents(tmp_path)


def test_the_dataset_hash_knows_files_and_labels_but_no_order() -> None:
    rows = [("aa", "tax"), ("bb", "letter")]
    assert dataset_hash(rows) == dataset_hash(rows[::-1])
    assert dataset_hash(rows) != dataset_hash([("aa", "letter"), ("bb", "tax")])


@pytest.mark.parametrize(
    ("patterns", "expected"), [(["*no licence*"], True), (["*NO LICENCE*"], True), (["MIT"], False), ([], False)]
)
def test_licence_patterns(patterns: list[str], *, expected: bool) -> None:
    assert has_licence("No licence stated (public)", patterns) is expected
