"""A tiny random BERT on disk, and a head trained on generated documents."""

import json
from pathlib import Path

import pytest
from tokenizers import BertWordPieceTokenizer
from torch import manual_seed
from transformers import BertConfig, BertModel

from apps.classification.engine.training.trainer import TrainingResult, train
from tests.unit.classification.generated import DIMENSIONS, FILLER, WORDS, described_labels, made_examples


@pytest.fixture(scope="session")
def trained() -> TrainingResult:
    """A head for bill, recipe and poem by example and weather by description."""
    return train(made_examples(), described_labels(), name="document-type-test", encoder="tiny@0")


@pytest.fixture(scope="session")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a randomly initialised BERT of 16 dimensions."""
    folder = tmp_path_factory.mktemp("models") / "tiny-bert"
    folder.mkdir()
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ",", "!", *"abcdefghijklmnopqrstuvwxyz"]
    vocabulary += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    vocabulary += sorted({word for words in [*WORDS.values(), FILLER] for word in words if len(word) > 1})
    (folder / "vocab.txt").write_text("\n".join(vocabulary))
    rust = BertWordPieceTokenizer(str(folder / "vocab.txt"), lowercase=True)
    rust.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 32}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    manual_seed(3)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=DIMENSIONS,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(folder, safe_serialization=True)
    return folder
