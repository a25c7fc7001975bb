"""A tiny random BERT on disk, and a head trained on generated documents."""

from pathlib import Path

import pytest

from apps.classification.engine.training.trainer import TrainingResult, train
from tests.unit.classification.generated import described_labels, made_examples
from tests.unit.classification.tiny import write_encoder


@pytest.fixture(scope="session")
def trained() -> TrainingResult:
    """A head for bill, recipe and poem by example and weather by description."""
    return train(made_examples(), described_labels(), name="document-type-test", encoder="tiny@0")


@pytest.fixture(scope="session")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a randomly initialised BERT of 16 dimensions."""
    return write_encoder(tmp_path_factory.mktemp("models") / "tiny-bert", layers=1)
