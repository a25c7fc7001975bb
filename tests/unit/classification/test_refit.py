"""A workspace's own head: new types, corrections, confidences, explanations, and how long a refit takes."""

import time
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from apps.classification.engine.artifact import HeadLabel
from apps.classification.engine.correction import WorkspaceHead, changed
from apps.classification.engine.evidence import document_vector
from apps.classification.engine.features import DocumentFeatures
from apps.classification.engine.head import TypeHead
from apps.classification.engine.training.examples import word_matrix
from apps.classification.engine.training.refit import FEWEST_OUTCOMES, Confirmed, chosen, refit
from apps.classification.engine.training.trainer import TrainingResult
from tests.unit.classification.generated import DIMENSIONS, directions, made_text, made_vectors

Document = tuple[NDArray[np.float32], str]
BUCKETS = 8192


@pytest.fixture(scope="module")
def base(trained: TrainingResult) -> TypeHead:
    """The trained head without its route to `other`: generated types are so unlike that any new one would take it."""
    return TypeHead(replace(trained.head.config, other_threshold=-1e9), trained.head.weights)


def made(label: str, count: int, seed: int) -> list[Document]:
    generator = np.random.default_rng(seed)
    return [(made_vectors(label, generator), made_text(label, generator)) for _ in range(count)]


def with_ode(head: TypeHead) -> TypeHead:
    """Know odes, whose documents look like weather reports, by a sentence that describes them badly."""
    vague = np.random.default_rng(1).normal(size=(1, DIMENSIONS)).astype(np.float32)
    return head.with_labels([HeadLabel("ode", ("storm",), learned=False)], vague / np.linalg.norm(vague))


def confirmed_by(head: TypeHead, documents: list[tuple[str, Document]]) -> Confirmed:
    labels = [label.slug for label in head.config.labels]
    base = WorkspaceHead(head)
    return Confirmed(
        base=np.stack([base.base_scores(*document) for _, document in documents]).astype(np.float32),
        vectors=np.stack([document_vector(vectors, dimensions=DIMENSIONS) for _, (vectors, _) in documents]),
        words=word_matrix([text for _, (_, text) in documents]),
        labels=np.array([labels.index(label) for label, _ in documents]),
        groups=np.arange(len(documents)),
    )


def corrected(head: TypeHead, documents: list[tuple[str, Document]]) -> WorkspaceHead:
    frequencies = head.weights.inverse_frequencies.astype(np.float64)
    return WorkspaceHead(head, refit(confirmed_by(head, documents), frequencies))


def share_found(head: WorkspaceHead, label: str, documents: list[Document]) -> float:
    return sum(head.predict(*document).label == label for document in documents) / len(documents)


def test_a_type_of_one_sentence_works_at_once_and_better_with_each_example(base: TypeHead) -> None:
    weather = made("weather", 40, 4)
    forecast = HeadLabel("forecast", ("forecast",), learned=False)
    described = WorkspaceHead(base.with_labels([forecast], directions()["weather"][None]))
    titled = [(vectors, f"Forecast. {text}") for vectors, text in weather]
    assert share_found(described, "forecast", titled) > 0.5
    head = with_ode(base)
    others = [(label, document) for label in ("bill", "recipe", "poem") for document in made(label, 10, 6)]
    found = [share_found(WorkspaceHead(head), "ode", weather)]
    for count in (1, 5, 20):
        now = corrected(head, [*others, *(("ode", document) for document in made("weather", count, 5))])
        found.append(share_found(now, "ode", weather))
        for label in ("bill", "recipe", "poem"):
            assert share_found(now, label, made(label, 20, 7)) >= 0.9
    assert found == sorted(found)
    assert found[0] < 0.5
    assert found[-1] > 0.8


def test_a_label_has_a_confidence_once_outcomes_stand_behind_it(base: TypeHead) -> None:
    head = with_ode(base)
    others = [(label, document) for label in ("bill", "recipe", "poem") for document in made(label, 12, 6)]
    few = corrected(head, [*others, *(("ode", each) for each in made("weather", FEWEST_OUTCOMES - 1, 5))])
    many = corrected(head, [*others, *(("ode", each) for each in made("weather", FEWEST_OUTCOMES + 10, 5))])
    document = next(each for each in made("weather", 10, 9) if few.predict(*each).label == "ode")
    assert (few.predict(*document).label, few.predict(*document).confidence) == ("ode", None)
    assert few.predict(*document).flags == ("by_description",)
    sure = many.predict(*document)
    assert sure.label == "ode"
    assert sure.confidence is not None
    assert sure.flags == ()
    assert many.correction is not None
    assert many.correction.metrics["accuracy"] > many.correction.metrics["accuracy_of_base"]


def test_without_confirmed_documents_the_base_head_speaks(trained: TrainingResult) -> None:
    document = made("bill", 1, 2)[0]
    assert WorkspaceHead(trained.head).predict(*document) == trained.head.predict(*document)
    assert WorkspaceHead(trained.head).predict(np.zeros((0, DIMENSIONS), dtype=np.float32), "").label == "other"


@pytest.mark.parametrize("with_correction", [False, True])
def test_explanations_add_up_and_name_the_words(trained: TrainingResult, *, with_correction: bool) -> None:
    head = WorkspaceHead(trained.head)
    if with_correction:
        others = [(label, document) for label in ("bill", "recipe", "poem") for document in made(label, 10, 6)]
        head = corrected(trained.head, others)
    vectors, text = made("recipe", 1, 8)[0]
    why = head.explain(vectors, text, "recipe", most=1000)
    scores = head.base_scores(vectors, text)
    if head.correction is not None:
        scores = head._corrected(DocumentFeatures.of(head.base, vectors, text), head.correction)
    place = [label.slug for label in head.base.config.labels].index("recipe")
    said = sum(value for _, value in why.passages) + sum(value for _, value in why.words) + why.rest
    assert said == pytest.approx(float(scores[place] - scores.mean()))
    assert {number for number, _ in why.passages} == {0, 1, 2}
    best = {word for word, _ in why.words[:5]}
    assert len(best & {"flour", "butter", "oven", "stir", "bake", "sugar", "minutes", "bowl", "whisk", "salt"}) >= 4


def test_the_documents_of_a_refit_are_the_newest_and_alike_many_of_each_label() -> None:
    labels = np.array([0] * 50 + [1] * 3 + [0] * 50)
    rows = chosen(labels, most=13)
    assert rows.tolist() == [50, 51, 52, *range(93, 103)]
    assert chosen(labels).tolist() == list(range(103))


def test_ten_thousand_documents_take_less_than_two_seconds() -> None:
    generator = np.random.default_rng(0)
    count, labels, words = 10_000, 20, 300
    truth = generator.integers(0, labels, count)
    vectors = generator.normal(size=(count, 384)) + generator.normal(size=(labels, 384))[truth]
    columns = generator.integers(0, BUCKETS, count * words)
    starts = np.arange(0, count * words + 1, words)
    base = generator.normal(size=(count, labels)).astype(np.float32)
    documents = Confirmed(
        base=base,
        vectors=(vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32),
        words=csr_matrix((np.ones(count * words), columns, starts), shape=(count, BUCKETS)),
        labels=truth,
        groups=np.arange(count),
    )
    started = time.process_time()
    found = refit(documents, np.ones(BUCKETS))
    assert time.process_time() - started < 2
    assert found.metrics["accuracy"] > 0.9 > found.metrics["accuracy_of_base"]
    assert found.metrics["calibration_error"] < 0.05


def test_the_receipt_names_what_changed() -> None:
    assert changed(["a", "b", "c"], ["a", "c", "c"]) == [1]
