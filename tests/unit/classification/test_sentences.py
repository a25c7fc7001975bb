"""Types known by a name and one sentence: which words count, how much, and what a head makes of them."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import default_rng

from apps.classification.engine.artifact import HeadLabel
from apps.classification.engine.correction import WorkspaceHead
from apps.classification.engine.head import TypeHead
from apps.classification.engine.sentences import described_as, names_of, rarities
from apps.classification.engine.training.calibration import Calibration, _fit_sentence_offset, found_by_sentence
from apps.classification.engine.training.holdout import HeldOutType
from apps.classification.engine.training.trainer import TrainingResult
from apps.classification.engine.words import hashed_words, token_bucket
from tests.unit.classification.generated import directions, made_text
from tests.unit.classification.test_type_training import scores_with

BUCKETS = 8192


@pytest.mark.parametrize(
    ("name", "sentence", "expected"),
    [
        (
            "Delivery note",
            "A paper that goes with goods: the delivery, its 12 pieces, and who received them.",
            ("delivery note", "paper", "pieces", "received"),
        ),
        ("Lieferschein", "Ein Papier, das mit der Ware kommt", ("lieferschein", "papier", "ware", "kommt")),
        ("納品書", "商品を届ける", ("納品書", "商品")),
        ("Note", "Not only pallets but drums, form no 7 of customs.", ("note", "pallets", "drums", "form", "customs")),
        ("Kunde", "fur Pakete uber Kisten", ("kunde", "pakete", "kisten")),
        ("Note", "It is of the and.", ("note",)),
        ("Note", "Pallets, no prices (without taxes), driver; ohne Preise.", ("note", "pallets", "driver")),
    ],
)
def test_names_are_the_words_that_tell(name: str, sentence: str, expected: tuple[str, ...]) -> None:
    assert names_of(name, sentence) == expected
    assert described_as(name, sentence) == f"{name}: {sentence}"


def test_words_count_by_their_rarity_and_the_name_in_full() -> None:
    documents = 999
    frequencies = np.full(BUCKETS, np.log(1 + documents) + 1)  # in no document
    for word, share in (("goods", 0.02), ("total", 0.9)):
        frequencies[token_bucket(word, buckets=BUCKETS)] = np.log(1 / share) + 1
    found = rarities(("note", "pallet", "goods", "total"), frequencies).tolist()
    expected = [1, np.log(0.021) / np.log(0.02), np.log(0.04) / np.log(0.02), 0.0212]
    assert found == [pytest.approx(expected, abs=1e-3), pytest.approx([expected[1], *expected[1:]], abs=1e-3)]
    assert rarities(("total",), frequencies).tolist() == [[1], [pytest.approx(0.0212, abs=1e-3)]]
    assert rarities(("total note",), frequencies).tolist() == [[1], [1]]


def test_a_head_finds_a_type_by_what_its_sentence_says(trained: TrainingResult) -> None:
    """The vector says nothing here: it is the words of the sentence that stand in the document."""
    generator = default_rng(3)
    vague = generator.normal(size=(1, len(directions()["weather"]))).astype(np.float32)
    vague /= np.linalg.norm(vague)
    document = np.stack([directions()["bill"]] * 2), made_text("weather", generator)

    def score(*names: str) -> float:
        label = HeadLabel("outlook", names, learned=False, by_sentence=True)
        return float(trained.head.with_labels([label], vague).scores(*document).logits[-1])

    assert score("outlook", "rain", "storm") > score("outlook", "rain") > score("outlook", "flour") == score("outlook")


def test_an_explanation_names_the_words_of_the_sentence(trained: TrainingResult) -> None:
    generator = default_rng(3)
    label = HeadLabel("outlook", ("outlook", "rain", "storm", "zeppelin"), learned=False, by_sentence=True)
    head = trained.head.with_labels([label], directions()["weather"][None])
    document = np.stack([directions()["weather"]] * 2), "Outlook. " + made_text("weather", generator)
    named = head.named(document[1], len(head.config.labels) - 1)
    assert set(named) == {"outlook", "rain", "storm"}
    why = WorkspaceHead(head).explain(*document, "outlook")
    assert {word for word, _ in why.words[:3]} == set(named)
    evidence, rest = head.weights.evidence, dict(why.words)
    counted = head.weights.name_weights[:, -4:-1]
    both = evidence[1] * min(counted[0].sum(), 3) + evidence[2] * 2 * np.log1p(counted[1].sum())
    assert sum(named.values()) == pytest.approx(both, rel=1e-4)
    assert rest["rain"] >= named["rain"] / head.config.temperature * 0.99


def test_a_type_known_by_a_sentence_gets_the_offset_of_sentences(trained: TrainingResult) -> None:
    vector = directions()["weather"][None]

    def score(*, by_sentence: bool) -> float:
        label = HeadLabel("outlook", ("outlook",), learned=False, by_sentence=by_sentence)
        head = trained.head.with_labels([label], vector)
        return float(head.scores(vector, "rain").logits[-1])

    config = trained.head.config
    gained = score(by_sentence=True) - score(by_sentence=False)
    assert gained == pytest.approx(config.sentence_offset - config.description_offset)


def test_the_offset_of_sentences_stops_before_they_take_what_is_not_theirs() -> None:
    noise = default_rng(1).normal(scale=0.1, size=(400, 3))
    scores = scores_with(np.tile([5.0, 2.0, -9.0], (400, 1)) + noise, ["a"] * 400)
    said = scores.by_fold
    held = HeldOutType("b", said, said, np.array(["a"] * 400), said_of_type=said, said_of_others=said)
    scores = replace(scores, by_type=[held])
    settled = Calibration(1.0, 0.0, 0.0, (1.0, 0.0, 0.0, 0.0), other_threshold=-100.0)
    assert _fit_sentence_offset(scores, settled) == 2.5
    taking = replace(settled, sentence_offset=4.0)
    assert found_by_sentence(said, held, scores, taking).all()
    assert not found_by_sentence(said, held, scores, replace(taking, other_threshold=100.0)).any()
    assert _fit_sentence_offset(replace(scores, by_type=[]), taking) == 4.0


def test_hashed_words_of_a_sentence_are_those_of_documents(trained: TrainingResult) -> None:
    head: TypeHead = trained.head
    indices, _ = hashed_words("flour", buckets=len(head.weights.inverse_frequencies))
    common = rarities(("x", "flour"), head.weights.inverse_frequencies)[1, 1]
    assert indices.tolist() == [token_bucket("flour", buckets=len(head.weights.inverse_frequencies))]
    assert 0 < common < rarities(("x", "zeppelin"), head.weights.inverse_frequencies)[1, 1]
