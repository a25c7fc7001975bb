from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.random import default_rng

from apps.classification.engine.artifact import CONFIG_FILE, WEIGHTS_FILE, ArtifactError
from apps.classification.engine.head import TypeHead, softmax
from apps.classification.engine.labels import OTHER
from apps.classification.engine.training.trainer import TrainingResult
from tests.unit.classification.generated import DIMENSIONS, directions, made_examples, made_text, made_vectors


@pytest.fixture(scope="module")
def folder(trained: TrainingResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("head")
    trained.head.save(place)
    return place


@pytest.fixture(scope="module")
def head(folder: Path) -> TypeHead:
    return TypeHead.load(folder)


def test_a_saved_head_says_the_same(trained: TrainingResult, head: TypeHead) -> None:
    for example in made_examples():
        before = trained.head.predict(example.chunk_vectors, example.text)
        after = head.predict(example.chunk_vectors, example.text)
        assert after.label == before.label == example.label
        assert after.confidence == pytest.approx(before.confidence, abs=1e-3)


def test_the_version_names_the_weights(head: TypeHead) -> None:
    assert head.model == f"document-type-test-{head.config.weights_sha256[:8]}"


def test_confidences_and_alternatives_are_probabilities_in_order(head: TypeHead) -> None:
    generator = default_rng(9)
    found = head.predict(made_vectors("recipe", generator), made_text("recipe", generator))
    assert found.label == "recipe"
    assert found.confidence is not None
    fitted = [confidence for label, confidence in found.alternatives if label != "weather"]
    assert all(confidence is not None for confidence in fitted)
    assert found.confidence + sum(value or 0 for value in fitted) == pytest.approx(1)
    assert dict(found.alternatives)["weather"] is None
    assert found.flags == ()


def test_a_type_of_one_source_is_flagged(head: TypeHead) -> None:
    generator = default_rng(9)
    found = head.predict(made_vectors("poem", generator), made_text("poem", generator))
    assert (found.label, found.flags) == ("poem", ("single_source",))
    assert found.confidence is not None


def test_a_type_known_by_description_has_no_confidence(trained: TrainingResult) -> None:
    # Three generated types are told apart so well that whatever is less certain counts as unknown.
    head = TypeHead(replace(trained.head.config, other_threshold=0.0), trained.head.weights)
    generator = default_rng(9)
    found = head.predict(np.stack([directions()["weather"]] * 2), "Weather. " + made_text("weather", generator))
    assert (found.label, found.confidence, found.flags) == ("weather", None, ("by_description",))


@pytest.mark.parametrize("text", ["", " \n"])
def test_no_text_is_no_type(head: TypeHead, text: str) -> None:
    found = head.predict(np.zeros((0, DIMENSIONS), dtype=np.float32), text)
    assert (found.label, found.confidence, found.flags) == (OTHER, None, ("unknown_type",))


def test_what_is_too_little_known_is_other(trained: TrainingResult) -> None:
    example = made_examples()[0]
    strict = TypeHead(replace(trained.head.config, other_threshold=1e6), trained.head._weights)
    found = strict.predict(example.chunk_vectors, example.text)
    assert (found.label, found.confidence, found.flags) == (OTHER, None, ("unknown_type",))
    assert found.alternatives[0][0] == example.label


def test_changed_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / CONFIG_FILE).write_bytes((folder / CONFIG_FILE).read_bytes())
    data = bytearray((folder / WEIGHTS_FILE).read_bytes())
    data[-1] ^= 1
    (tmp_path / WEIGHTS_FILE).write_bytes(data)
    with pytest.raises(ArtifactError, match="its hash differs"):
        TypeHead.load(tmp_path)


@pytest.mark.parametrize("missing", [CONFIG_FILE, WEIGHTS_FILE])
def test_missing_files_are_named(folder: Path, tmp_path: Path, missing: str) -> None:
    for name in {CONFIG_FILE, WEIGHTS_FILE} - {missing}:
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    with pytest.raises(ArtifactError, match=missing):
        TypeHead.load(tmp_path)


def test_another_format_is_refused(folder: Path, tmp_path: Path) -> None:
    text = (folder / CONFIG_FILE).read_text().replace("docintel.type-head/3", "docintel.type-head/9")
    (tmp_path / CONFIG_FILE).write_text(text)
    with pytest.raises(ArtifactError, match="has the format"):
        TypeHead.load(tmp_path)


def test_softmax_of_large_scores() -> None:
    np.testing.assert_allclose(softmax(np.array([1000.0, 1000.0])), [0.5, 0.5])
