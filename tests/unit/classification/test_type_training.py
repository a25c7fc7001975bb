import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from apps.classification.engine.head import softmax
from apps.classification.engine.novelty import SIGNS, Scores, signs
from apps.classification.engine.training.calibration import (
    HeldOutScores,
    calibrate,
    known_weights,
    left_out_knownness,
)
from apps.classification.engine.training.card import LicenceComparison, as_markdown, build_card, write_card
from apps.classification.engine.training.examples import ExampleMatrix, build_matrix, unit_rows
from apps.classification.engine.training.few import few_shot_curve
from apps.classification.engine.training.fit import LIKENESS_SHARE, Penalties, example_weights, fit
from apps.classification.engine.training.folds import grouped_folds, single_source_labels, transferable_sources
from apps.classification.engine.training.holdout import HeldOutType
from apps.classification.engine.training.trainer import TrainingError, TrainingResult, _evidence_source, train
from apps.classification.heads import card as read_card
from tests.unit.classification.generated import described_labels, made_examples


@pytest.fixture(scope="module")
def matrix() -> ExampleMatrix:
    labels = described_labels()
    return build_matrix(made_examples(), _evidence_source(labels), [described.label.slug for described in labels])


def test_generated_types_are_learned(trained: TrainingResult) -> None:
    metrics = trained.metrics
    assert metrics["macro_f1"] >= 0.95
    assert metrics["macro_f1_pdf"] >= 0.95
    assert metrics["calibration_error"] <= 0.1
    assert metrics["unseen_sources"]["accuracy"] >= 0.9
    assert set(metrics["unseen_sources"]["sources"]) == {
        "bill|north", "bill|south", "recipe|north", "recipe|south",
    }  # fmt: skip
    assert metrics["unseen_types"]["other_auroc"] >= 0.9
    assert {label: score["documents"] for label, score in metrics["labels"].items()} == {
        "bill": 20, "poem": 20, "recipe": 20,
    }  # fmt: skip


def test_training_is_repeatable(trained: TrainingResult) -> None:
    again = train(made_examples(), described_labels(), name="document-type-test", encoder="tiny@0")
    np.testing.assert_allclose(again.head._weights.words, trained.head._weights.words, atol=1e-5)
    assert again.metrics == trained.metrics


def test_shuffled_labels_are_not_learned() -> None:
    examples = made_examples(each=12)
    order = np.random.default_rng(2).permutation(len(examples))
    mixed = [
        replace(example, label=examples[other].label, group=str(number), text=f"{example.text} {number}")
        for number, (example, other) in enumerate(zip(examples, order, strict=True))
    ]
    assert train(mixed, described_labels(), name="n", encoder="e").metrics["macro_f1"] < 0.7


@pytest.mark.parametrize(("labels", "message"), [(("bill",), "at least two labels"), ((), "at least two labels")])
def test_too_few_labels(labels: tuple[str, ...], message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        train(made_examples(labels), described_labels(), name="n", encoder="e")


def test_labels_need_a_description() -> None:
    described = [label for label in described_labels() if label.label.slug != "poem"]
    with pytest.raises(TrainingError, match="no description: poem"):
        train(made_examples(), described, name="n", encoder="e")


def test_groups_and_near_duplicates_stay_together(matrix: ExampleMatrix) -> None:
    for held_out in grouped_folds(matrix):
        inside = set(matrix.groups[held_out].tolist())
        outside = set(np.delete(matrix.groups, held_out).tolist())
        assert not inside & outside
    examples = made_examples()
    labels = described_labels()
    copies = [*examples, replace(examples[0], group="elsewhere", text=examples[0].text + " bread")]
    joined = build_matrix(copies, _evidence_source(labels), [described.label.slug for described in labels])
    assert joined.groups[-1] == joined.groups[0]


def test_sources(matrix: ExampleMatrix) -> None:
    assert list(transferable_sources(matrix)) == ["bill|north", "bill|south", "recipe|north", "recipe|south"]
    assert single_source_labels(matrix) == {"poem"}


def test_labels_weigh_the_same_whatever_their_number(matrix: ExampleMatrix) -> None:
    uneven = matrix.take(np.arange(len(matrix))[:45])
    weights = example_weights(uneven, uneven.learnable())
    sums = [weights[uneven.labels == label].sum() for label in uneven.learnable()]
    np.testing.assert_allclose(sums, 1 / 3)


def test_learned_scores_beat_the_evidence_alone(matrix: ExampleMatrix) -> None:
    model = fit(matrix)
    scores = model.scores(matrix)
    assert (np.array(matrix.label_order)[scores.logits.argmax(axis=1)] == matrix.labels).all()
    unlearned = matrix.label_order.index("weather")
    evidence = matrix.evidence(model.name_weights)[:, unlearned]
    np.testing.assert_allclose(scores.logits[:, unlearned], evidence @ model.evidence)
    assert not scores.likeness[:, unlearned].any()


def test_the_weights_are_where_the_penalised_loss_is_least(matrix: ExampleMatrix) -> None:
    penalties = Penalties(vectors=0.01, firsts=0.02, words=0.03)
    model = fit(matrix, penalties=penalties, iterations=1000)
    columns = [matrix.label_order.index(label) for label in model.labels]
    plain = model.scores(matrix)
    scores = (plain.logits - LIKENESS_SHARE * plain.likeness)[:, columns]
    residuals = softmax(scores) - (matrix.labels[:, None] == np.array(model.labels))
    residuals *= example_weights(matrix, model.labels)[:, None]
    words = unit_rows(matrix.words, model.inverse_frequencies)
    np.testing.assert_allclose(matrix.vectors.T @ residuals + penalties.vectors * model.vectors, 0, atol=2e-4)
    np.testing.assert_allclose(matrix.firsts.T @ residuals + penalties.firsts * model.firsts, 0, atol=2e-4)
    np.testing.assert_allclose(words.T @ residuals + penalties.words * model.words, 0, atol=2e-4)
    np.testing.assert_allclose(residuals.sum(axis=0) + penalties.bias * model.bias, 0, atol=2e-4)


def test_the_head_scores_as_the_model_it_was_made_of(matrix: ExampleMatrix, trained: TrainingResult) -> None:
    ordered = [label.slug for label in trained.head.config.labels]
    source = _evidence_source(sorted(described_labels(), key=lambda each: ordered.index(each.label.slug)))
    again = build_matrix(made_examples(), source, ordered)
    expected = fit(again).scores(again).with_offset(trained.head.config.description_offset, 3)
    for row, example in enumerate(made_examples()):
        found = trained.head.scores(example.chunk_vectors, example.text)
        for part, whole in zip(found, expected, strict=True):
            np.testing.assert_allclose(part, whole[row], atol=2e-3)


def test_few_examples_beat_counted_words_and_more_are_no_worse(matrix: ExampleMatrix) -> None:
    curve = few_shot_curve(matrix, [example.text for example in made_examples()], shots=(1, 5, 15))
    assert [(point.shots, point.types) for point in curve] == [(1, 3), (5, 3)]
    assert curve[0].head > curve[0].counted_words
    assert 0 < curve[0].three_models <= curve[1].three_models <= 1
    assert curve[1].head >= curve[0].head - 0.01


def test_types_left_out_tell_what_a_known_type_is() -> None:
    generator = np.random.default_rng(5)

    def made(likeness: float, count: int) -> Scores:
        alike = generator.normal(likeness, 0.1, size=(count, 3))
        return Scores(generator.normal(size=(count, 3)), alike, np.zeros((count, 3)))

    def left_out_one(label: str) -> HeldOutType:
        own, rest = made(0.2, 40), made(0.8, 40)
        return HeldOutType(label, own, rest, np.array(["c"] * 40), said_of_type=own, said_of_others=rest)

    left_out = [left_out_one(label) for label in ("a", "b")]
    scores = HeldOutScores(("a", "b", "c"), 3, np.array(["a", "b", "c"] * 20), made(0.8, 60), {}, left_out)
    weights = dict(zip(SIGNS, known_weights(scores, 0.0), strict=True))
    assert weights["likeness"] > 5 * abs(weights["lead"])
    of_type, of_others = left_out_knownness(scores, left_out[0], 0.0)
    assert np.median(of_type) < of_others.min()


def scores_with(logits: NDArray[np.float64], truth: list[str]) -> HeldOutScores:
    by_fold = Scores(logits, np.zeros_like(logits), np.zeros_like(logits))
    return HeldOutScores(("a", "b", "c"), 2, np.array(truth), by_fold, {}, [])


@pytest.mark.parametrize("factor", [0.25, 1.0, 8.0])
def test_the_temperature_undoes_a_wrong_scale(factor: float) -> None:
    generator = np.random.default_rng(4)
    true_logits = generator.normal(size=(4000, 3)) * [2, 2, 0] - [0, 0, 50]
    chance = 1 / (1 + np.exp(true_logits[:, 1] - true_logits[:, 0]))
    truth = np.where(generator.random(4000) < chance, "a", "b").tolist()
    found = calibrate(scores_with(true_logits * factor, truth))
    assert found.temperature == pytest.approx(factor, rel=0.1)


def test_the_offset_stops_before_described_labels_take_what_is_not_theirs() -> None:
    by_fold = np.tile([6.0, 0.0, 4.2], (200, 1))
    assert calibrate(scores_with(by_fold, ["a"] * 200)).description_offset == 1.5


def test_the_card_tells_sources_and_both_scores(trained: TrainingResult, tmp_path: Path) -> None:
    comparison = LicenceComparison(["no*"], left_out=False, with_all=trained.metrics, without=trained.metrics)
    card = build_card(
        trained,
        made_examples(),
        trained_on=date(2026, 1, 2),
        skipped=[("bill", "encrypted")],
        comparison=comparison,
    )
    trained.head.save(tmp_path)
    write_card(tmp_path, card)
    assert json.loads((tmp_path / "card.json").read_text()) == json.loads(json.dumps(card))
    assert card["dataset"]["sources"][0] == {
        "label": "bill", "source": "north", "licence": "CC0-1.0", "documents": 10,
    }  # fmt: skip
    assert card["labels"] == {
        "learned": ["bill", "poem", "recipe"], "single_source": ["poem"], "by_description": ["weather"],
    }  # fmt: skip
    assert card["licences"]["without"]["macro_f1"] == trained.metrics["macro_f1"]
    text = as_markdown(card)
    assert "| bill | north | CC0-1.0 | 10 |" in text
    assert "`no*` are part of this head" in text
    assert read_card(tmp_path).dataset_hash == card["dataset"]["sha256"]


def test_the_signs_of_a_known_type() -> None:
    scores = Scores(np.array([3.0, 0.0, 0.0]), np.array([0.1, 0.7, 0.0]), np.array([2.0, 5.0, 0.0]))
    lead, likeness, title, energy = signs(scores).tolist()
    assert (lead, likeness, title) == (2.0, 0.7, 2.0)
    assert energy == pytest.approx(np.log(np.exp(3) + 2))
    assert scores.take([1, 2]).titles.tolist() == [5.0, 0.0]
