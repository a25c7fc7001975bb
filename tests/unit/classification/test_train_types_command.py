import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from numpy.random import default_rng

from apps.classification.engine.document_text import DocumentText, PageText
from apps.classification.engine.head import TypeHead
from apps.classification.runtime.document_typing import type_documents
from apps.classification.runtime.encoder import Encoder
from tests.unit.classification.generated import made_text

# Generated words stand for the types; the catalogue's names must not give them away.
TYPES = {"invoice": "bill", "manual": "recipe", "letter": "poem"}


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Thirty-six text files of three types and two licences, and one that cannot be read."""
    folder, generator, rows = tmp_path / "data", default_rng(6), []
    folder.mkdir()
    for label, words in TYPES.items():
        for number in range(12):
            (folder / f"{label}-{number}.txt").write_text(made_text(words, generator))
            licence = "MIT" if number < 8 else "no licence stated"
            rows.append({"path": f"{label}-{number}.txt", "label": label, "source": licence, "licence": licence})
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    rows.append({"path": "broken.pdf", "label": "letter", "source": "MIT", "licence": "MIT"})
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


def test_a_head_and_its_card_are_written(documents: Path, tiny_bert: Path, tmp_path: Path) -> None:
    output = StringIO()
    with override_settings(ENCODER=str(tiny_bert)):
        call_command(
            "train_types",
            data=documents,
            out=tmp_path / "head",
            exclude_licence=["*no licence*"],
            jobs=1,
            stdout=output,
            stderr=StringIO(),
        )
    head = TypeHead.load(tmp_path / "head")
    card = json.loads((tmp_path / "head" / "card.json").read_text())
    assert card["dataset"]["documents"] == 24
    assert {part["licence"] for part in card["dataset"]["sources"]} == {"MIT"}
    assert [part["label"] for part in card["dataset"]["skipped"]] == ["letter"]
    assert card["licences"]["left_out_of_this_head"] is True
    assert (card["licences"]["with_all"]["documents"], card["licences"]["without"]["documents"]) == (36, 24)
    assert card["labels"]["learned"] == ["invoice", "letter", "manual"]
    assert output.getvalue().strip() == (tmp_path / "head" / "card.md").read_text().strip()
    encoder, generator = Encoder.load(str(tiny_bert)), default_rng(7)
    texts = [made_text(words, generator) for words in TYPES.values()]
    documents_made = [DocumentText.of([PageText(text, text)]) for text in texts]
    assert [found["label"] for found in type_documents(encoder, head, documents_made)] == list(TYPES)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "nowhere"], "nowhere is no folder"),
        (["--data", ".", "--exclude-licence", "a", "--compare-licence", "b"], "not both"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("train_types", *arguments)
