"""A tiny random BERT on disk, and a head trained on generated documents."""

from pathlib import Path

import pytest
from torch import manual_seed
from transformers import BertConfig, BertModel

from apps.classification.engine.training.trainer import TrainingResult, train
from tests.unit.classification.generated import DIMENSIONS, described_labels, made_examples
from tests.unit.classification.tiny import LONGEST, write_tokenizer


@pytest.fixture(scope="session")
def trained() -> TrainingResult:
    """A head for bill, recipe and poem by example and weather by description."""
    return train(made_examples(), described_labels(), name="document-type-test", encoder="tiny@0")


@pytest.fixture(scope="session")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a randomly initialised BERT of 16 dimensions."""
    folder = tmp_path_factory.mktemp("models") / "tiny-bert"
    folder.mkdir()
    size = write_tokenizer(folder)
    manual_seed(3)
    config = BertConfig(
        vocab_size=size,
        hidden_size=DIMENSIONS,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=LONGEST,
    )
    BertModel(config).save_pretrained(folder, safe_serialization=True)
    return folder
