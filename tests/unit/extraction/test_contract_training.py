"""Training of the contract models: what a folder gives, what is held out, what the card says."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from apps.extraction.engine.fields.contracts import figures, ranker
from apps.extraction.engine.fields.contracts.candidates import Candidate
from apps.extraction.engine.fields.contracts.dataset import ContractDataError, labelled_contracts
from apps.extraction.engine.fields.contracts.generated import generate
from apps.extraction.engine.fields.contracts.training import FOLDS, LabelledContract, train


def folder_of(tmp_path: Path, *truths: Mapping[str, object]) -> Path:
    """Return a folder of labelled files, two rows for each."""
    rows = []
    for number, truth in enumerate(truths):
        (tmp_path / f"{number}.json").write_text(json.dumps(truth))
        rows += 2 * [{"path": f"{number}.pdf", "gt": f"{number}.json", "source": "ours", "group": f"g{number}"}]
    (tmp_path / "manifest.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return tmp_path


def test_labelled_contracts(tmp_path: Path) -> None:
    """Contracts are taken once, with the learned keys; other documents are left out."""
    contract = {"type": "contract", "fields": {"party": ["A Inc.", "B Ltd."], "jurisdiction": "Ohio", "note": "x"}}
    found = labelled_contracts(folder_of(tmp_path, contract, {"type": "invoice", "fields": {}}))
    assert [(file.path.name, dict(file.truth), file.group) for file in found] == [
        ("0.pdf", {"party": ["A Inc.", "B Ltd."], "jurisdiction": ["Ohio"]}, "g0")
    ]


def test_folders_that_cannot_be_used(tmp_path: Path) -> None:
    """A folder without a manifest, and one without contracts, are told."""
    with pytest.raises(ContractDataError, match=r"manifest\.jsonl"):
        labelled_contracts(tmp_path)
    with pytest.raises(ContractDataError, match="no contracts"):
        labelled_contracts(folder_of(tmp_path, {"type": "invoice", "fields": {}}))


def test_training_on_generated_contracts() -> None:
    """The models learn; the same seed gives the same ones; the card says how well they do on what they did not see."""
    contracts = [
        LabelledContract(made.pages, made.truth, f"group {place}")
        for place, made in enumerate(generate(2 * FOLDS, seed=5))
    ]
    weights = train(contracts, seed=3)
    assert {key: tuple(model.features) for key, model in weights.keys.items()} == ranker.FEATURES
    scores = weights.card["f1"]
    assert isinstance(scores, dict)
    assert scores["all"] > 0.7
    assert weights.card["contracts"] == 2 * FOLDS


def test_too_few_groups() -> None:
    """Without a group for every fold nothing could be held out."""
    (made,) = generate(1, seed=5)
    with pytest.raises(ValueError, match="groups"):
        train([LabelledContract(made.pages, made.truth, "one")], seed=3)


def candidate(value: str) -> Candidate:
    """Return a candidate with nothing but a value."""
    return Candidate(key="party", value=value, span=(0, 1), cues=(0.0,) * len(ranker.FEATURES["party"]))


def test_choice_of_one_value() -> None:
    """The best candidate is taken if it is good enough; other values are alternatives, each once."""
    scored = [(0.2, candidate("Ohio")), (0.9, candidate("Texas")), (0.4, candidate("Ohio")), (0.3, candidate("Texas"))]
    (choice,) = ranker.chosen("jurisdiction", scored, 0.5)
    assert choice.candidate.value == "Texas"
    assert [other.value for other in choice.others] == ["Ohio"]
    assert ranker.chosen("jurisdiction", scored, 0.95) == []


def test_choice_of_parties() -> None:
    """All good names are taken, but no part of one that is taken already."""
    scored = [
        (0.9, candidate("Jane Smith")),
        (0.8, candidate("Smith")),
        (0.7, candidate("Acme Inc.")),
        (0.1, candidate("X AG")),
    ]
    assert [choice.candidate.value for choice in ranker.chosen("party", scored, 0.5)] == ["Jane Smith", "Acme Inc."]


def test_figures() -> None:
    """Figures of small cases that can be checked by hand."""
    judged = [(0.9, True), (0.9, True), (0.9, False), (0.1, False)]
    assert figures.f1_of(2, 4, 2) == pytest.approx(2 / 3)
    assert figures.f1_of(0, 0, 0) == 0
    assert figures.reliability_gap(judged) == pytest.approx(0.75 * (0.9 - 2 / 3) + 0.25 * 0.1)
    assert figures.ranking_quality(judged) == pytest.approx(0.75)
    assert figures.ranking_quality([(0.5, True)]) == 0.5
    assert figures.coverage_at([(0.9, True), (0.8, True), (0.7, False), (0.6, True)], 0.98) == 0.5


def test_shipped_weights_fit_the_code() -> None:
    """The weights in the repository were trained on the cues that the code gives, and hold no text."""
    assert set(ranker.shipped().keys) == set(ranker.FEATURES)
    assert ranker.WEIGHTS.stat().st_size < 100_000


def chance(*names: str, others: int = 0) -> float:
    """Return the probability of the last of some names of .9 that were taken, beside others of .2 that were not."""
    scored = [(0.9, candidate(name)) for name in names]
    scored += [(0.2, candidate(f"Other {place}")) for place in range(others)]
    model = ranker.shipped().keys["party"]
    return ranker.probability(ranker.chosen("party", scored, 0.5)[-1], model)


def test_how_many_parties_there_are_tells_of_each_of_them() -> None:
    """A contract has two sides: more that were taken, or are likely, make all doubtful."""
    assert chance("Acme", "Brill") > chance("Acme", "Brill", "Crane") > chance("Acme", "Brill", "Crane", "Dow")
    assert chance("Acme", "Brill") > chance("Acme", "Brill", others=4)


def test_affiliates_make_each_other_doubtful() -> None:
    assert chance("The Harbor Group LP", "Brill") > chance("The Harbor Group LP", "Harbor Services LLC")
