"""Document types by configured checkpoints: tiny random models for sequence classification and for NLI."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, BertForSequenceClassification

from apps.classification.engine.checkpoint_types import (
    CALIBRATION_FILE,
    CalibrationError,
    DescribedType,
    averaged,
    built_in_types,
    prediction,
    slugs_of_labels,
)
from apps.classification.engine.document_text import DocumentText, PageText
from apps.classification.runtime.model_files import ModelFilesError
from apps.classification.runtime.type_models import TypeModel
from apps.classification.runtime.typing import TypeProcess
from tests.unit.classification.generated import WORDS
from tests.unit.classification.tiny import LONGEST, write_checkpoint

LABELS = ("Invoice", "Purchase order", "发票", "INVOICE")
NLI = ("contradiction", "neutral", "entailment")
TEXTS = [" ".join(words) for words in WORDS.values()]
Checkpoint = Callable[..., Path]


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    """Makes a tiny random model for sequence classification with labels."""

    def made(labels: Sequence[str], calibration: str = "") -> Path:
        folder = write_checkpoint(tmp_path / f"tiny-{len(labels)}", labels)
        if calibration:
            (folder / CALIBRATION_FILE).write_text(calibration)
        return folder

    return made


def document(*pages: str) -> DocumentText:
    return DocumentText.of(PageText(page, page) for page in pages)


def own_logits(folder: Path, text: str, second: str | None = None) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Ask the library itself."""
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = BertForSequenceClassification.from_pretrained(folder, local_files_only=True)
    inputs = tokenizer(text, second, truncation=True, max_length=LONGEST, return_tensors="pt")
    with torch.inference_mode():
        return np.asarray(model(**inputs).logits[0], dtype=np.float64)


def test_labels_of_a_checkpoint_are_types(checkpoint: Checkpoint) -> None:
    folder = checkpoint(LABELS)
    model = TypeModel.load(str(folder), threads=2)
    (found, *_), (empty,) = model.predict([document(each) for each in TEXTS], []), model.predict([document(" ")], [])
    assert model.version.startswith("tiny-4@")
    assert {found.label, *(label for label, _ in found.alternatives)} == {"invoice", "purchase_order", "label_2"}
    assert [found.confidence, *(confidence for _, confidence in found.alternatives)] == [None] * 3
    assert (found.model, found.flags) == (model.version, ("unfitted",))
    assert (empty.label, empty.confidence, empty.flags) == ("other", None, ("unknown_type",))


def test_chunks_count_less_the_later_they_come(checkpoint: Checkpoint) -> None:
    folder = checkpoint(LABELS, '{"temperature": 2.0}')
    scores = np.stack([own_logits(folder, each) for each in TEXTS[:2]])
    scores -= np.logaddexp.reduce(scores, axis=1, keepdims=True)
    shares = np.exp((scores[0] + 0.8 * scores[1]) / 1.8 / 2)
    shares /= shares.sum()
    (found,) = TypeModel.load(str(folder)).predict([document(*TEXTS[:2])], [])
    said = {found.label: found.confidence, **dict(found.alternatives)}
    expected = {"invoice": shares[0] + shares[3], "purchase_order": shares[1], "label_2": shares[2]}
    assert found.flags == ()
    for slug, share in expected.items():
        assert said[slug] == pytest.approx(share, abs=0.08)  # in 8-bit integers or bfloat16


def test_a_model_of_entailment_is_asked_by_the_sentences_of_the_types(checkpoint: Checkpoint) -> None:
    folder = checkpoint(NLI)
    model = TypeModel.load(str(folder))
    types = [DescribedType(name, name, " ".join(words[:4])) for name, words in WORDS.items()]
    found, empty = model.predict([document(TEXTS[0], "a second page"), document("")], types)
    scores = {
        each.slug: own_logits(folder, TEXTS[0], f"This document is of the type {each.name}: {each.description}")[2]
        for each in types
    }
    said = [found.label, *(label for label, _ in found.alternatives)]
    assert set(said) == set(WORDS)
    assert scores[said[0]] >= max(scores.values()) - 0.3  # in 8-bit integers or bfloat16
    assert scores[said[0]] > scores[said[-1]]
    assert (found.confidence, found.flags) == (None, ("by_description",))
    assert empty.label == "other"


def test_the_model_process_names_the_checkpoint(checkpoint: Checkpoint, tmp_path: Path) -> None:
    folder = checkpoint(NLI)
    with TypeProcess(tmp_path / "no-head", type_model=str(folder)) as process:
        said = process.predict(document(TEXTS[1]))
    (expected,) = TypeModel.load(str(folder)).predict([document(TEXTS[1])], built_in_types())
    assert (said["label"], said["confidence"], said["model"]) == (expected.label, None, expected.model)


def test_what_cannot_be_used_is_refused(checkpoint: Checkpoint) -> None:
    with pytest.raises(ModelFilesError, match="two or more"):
        TypeModel.load(str(checkpoint(["score"])))
    for calibration in ('{"temperature": 0}', '{"other": 1}', "no json"):
        with pytest.raises(CalibrationError, match="temperature"):
            TypeModel.load(str(checkpoint(LABELS, calibration)))


def test_scores_become_types() -> None:
    assert slugs_of_labels(["Delivery note", "RECHNUNG", "!"]) == ["delivery_note", "rechnung", "label_2"]
    assert averaged(np.array([[0.0, 1.8], [0.9, 0.0]])).tolist() == pytest.approx([0.4, 1.0])
    said = prediction(["a", "b", "a"], np.log([0.3, 0.4, 0.3]), model="m", temperature=1.0)
    assert said.label == "a"
    assert said.confidence == pytest.approx(0.6)
    assert dict(said.alternatives) == {"b": pytest.approx(0.4)}
