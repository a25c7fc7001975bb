"""Stored features, a stored correction, and typing many documents at once: the same answers as one by one."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from apps.classification.engine.artifact import ArtifactError, HeadLabel
from apps.classification.engine.correction import Correction, WorkspaceHead
from apps.classification.engine.correction_file import dump, read
from apps.classification.engine.features import DocumentFeatures, FeatureMatrix
from apps.classification.engine.head import TypeHead
from apps.classification.engine.rescoring import predict_many
from apps.classification.engine.training.refit import Confirmed, refit
from apps.classification.engine.training.refit_figures import refit_curve, refit_figures
from apps.classification.engine.training.trainer import TrainingResult
from tests.unit.classification.generated import directions, made_text, made_vectors

BUCKETS = 8192
LABELS = ("bill", "recipe", "poem", "weather")
Document = tuple[NDArray[np.float32], str]


@pytest.fixture(scope="module")
def base(trained: TrainingResult) -> TypeHead:
    """A head that knows one type more, by its description."""
    return trained.head.with_labels([HeadLabel("forecast", ("storm",), learned=False)], directions()["weather"][None])


def made(count: int, seed: int) -> list[tuple[str, Document]]:
    generator = np.random.default_rng(seed)
    return [(label, (made_vectors(label, generator), made_text(label, generator))) for label in LABELS * count]


def matrix_of(base: TypeHead, documents: list[Document]) -> FeatureMatrix:
    packed = [DocumentFeatures.of(base, *document).packed() for document in documents]
    assert max(len(data) for data in packed) < 8_000
    return FeatureMatrix.of([DocumentFeatures.unpacked(data) for data in packed], buckets=BUCKETS)


def confirmed_by(base: TypeHead, matrix: FeatureMatrix, labels: list[str]) -> Confirmed:
    slugs = [label.slug for label in base.config.labels]
    return Confirmed(
        base=(matrix.scores.logits / base.config.temperature).astype(np.float32),
        vectors=matrix.vectors,
        words=matrix.words,
        labels=np.array([slugs.index(label) for label in labels]),
        groups=matrix.groups(base.weights.inverse_frequencies.astype(np.float64)),
    )


@pytest.fixture(scope="module")
def correction(base: TypeHead) -> Correction:
    """Learned from stored features of a few documents of each type."""
    documents = made(12, 3)
    matrix = matrix_of(base, [document for _, document in documents])
    confirmed = confirmed_by(base, matrix, [label for label, _ in documents])
    return refit(confirmed, base.weights.inverse_frequencies.astype(np.float64))


@pytest.mark.parametrize("with_correction", [False, True])
def test_many_at_once_are_typed_as_one_by_one(base: TypeHead, correction: Correction, *, with_correction: bool) -> None:
    head = WorkspaceHead(base, correction if with_correction else None)
    documents = [document for _, document in made(15, 8)]
    documents += [(vectors, "") for vectors, _ in documents[:2]]
    documents += [(np.zeros((0, vectors.shape[1]), dtype=np.float32), text) for vectors, text in documents[:2]]
    many = predict_many(head, matrix_of(base, documents))
    assert {found.label for found in many} >= {"other", "bill", "recipe"}
    for document, found in zip(documents, many, strict=True):
        alone = head.predict(*document)
        assert (found.label, found.flags, found.model) == (alone.label, alone.flags, alone.model)
        assert found.confidence == pytest.approx(alone.confidence, abs=5e-3)
        confidences = dict(alone.alternatives)
        for label, confidence in found.alternatives:
            if label in confidences:  # of two alike either may be the last one named
                assert confidence == pytest.approx(confidences[label], abs=5e-3)


def test_a_type_of_ones_own_is_told_better_with_more_documents(base: TypeHead) -> None:
    """Forecasts are known by a description alone at first."""
    documents = [("forecast" if label == "weather" else label, document) for label, document in made(24, 4)]
    frequencies = base.weights.inverse_frequencies.astype(np.float64)

    def figures_of(count: int) -> tuple[float, list[dict[str, float]]]:
        matrix = matrix_of(base, [document for _, document in documents[:count]])
        confirmed = confirmed_by(base, matrix, [label for label, _ in documents[:count]])
        confirmed = replace(confirmed, groups=np.arange(count))
        f1 = refit_figures(base, matrix, confirmed, frequencies)["macro_f1"]
        return f1, refit_curve(base, matrix, confirmed, frequencies, with_all=f1)

    f1, curve = figures_of(96)
    assert [point["documents"] for point in curve] == [12, 24, 48, 96]
    assert curve[-1]["mean"] == f1 > curve[0]["mean"]
    assert all(point["low"] <= point["mean"] <= point["high"] for point in curve)
    assert figures_of(16)[1] == []


def test_near_duplicates_are_one_group(base: TypeHead) -> None:
    documents = [document for _, document in made(1, 5)]
    vectors, text = documents[0]
    groups = matrix_of(base, [*documents, (vectors, text + " once")]).groups(np.ones(BUCKETS))
    assert groups[0] == groups[-1]
    assert len(set(groups.tolist())) == len(documents)


def test_a_correction_survives_storage_and_other_types(base: TypeHead, correction: Correction) -> None:
    slugs = [label.slug for label in base.config.labels]
    file = dump(correction, base="head", labels=slugs)
    loaded = read(file.config, file.tensors, sha256=file.sha256, labels=slugs)
    np.testing.assert_allclose(loaded.vectors, correction.vectors, rtol=2e-3, atol=1e-4)
    assert loaded.fitted.tolist() == correction.fitted.tolist()
    moved = read(file.config, file.tensors, sha256=file.sha256, labels=[*slugs[::-1], "brand_new"])
    np.testing.assert_array_equal(moved.words[:, 0], loaded.words[:, -1])
    assert not moved.words[:, -1].any()
    assert not moved.fitted[-1]


def test_another_content_is_refused(base: TypeHead, correction: Correction) -> None:
    slugs = [label.slug for label in base.config.labels]
    file = dump(correction, base="head", labels=slugs)
    with pytest.raises(ArtifactError, match="hash differs"):
        read(file.config | {"scale": 9.0}, file.tensors, sha256=file.sha256, labels=slugs)
    with pytest.raises(ArtifactError, match="hash differs"):
        read(file.config, file.tensors[:-1] + b"\x07", sha256=file.sha256, labels=slugs)
    other = dump(replace(correction, scale=0.5), base="head", labels=slugs)
    assert other.sha256 != file.sha256
