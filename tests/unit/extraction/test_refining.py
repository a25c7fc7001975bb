"""The second stage on top of the shipped rankers: packed candidates, fits that are kept or refused, values it ranks."""

import numpy as np
import pytest

from apps.extraction.engine.fields.contracts import contract_values
from apps.extraction.engine.fields.contracts.generated import generate
from apps.extraction.engine.fields.ranking.choosing import choose
from apps.extraction.engine.fields.ranking.ranker import shipped
from apps.extraction.engine.fields.ranking.schemas import FIELDS, Schema, tables
from apps.extraction.engine.fields.ranking.sheet import Sheet
from apps.extraction.engine.fields.ranking.signs import signs_of
from apps.extraction.engine.fields.ranking.training.examples import generated
from apps.extraction.engine.fields.refining import TYPES
from apps.extraction.engine.fields.refining.bases import (
    base_name,
    features_of,
    keys_of,
    least_of,
    made_by,
    material_of,
    packed_candidates,
)
from apps.extraction.engine.fields.refining.file import RefinementError, dump, read
from apps.extraction.engine.fields.refining.fitting import fit_trust
from apps.extraction.engine.fields.refining.loss import each_of, one_of
from apps.extraction.engine.fields.refining.material import Material, Outcome
from apps.extraction.engine.fields.refining.packed import unpacked
from apps.extraction.engine.fields.refining.refit import Refitted, _is_gain, folds_of, refit
from apps.extraction.engine.fields.refining.second_stage import MOST_WEIGHED, KeyWeights, Refinement, Trust
from apps.extraction.engine.fields.refining.simulating import generated_workspaces, simulated
from apps.extraction.engine.fields.types import FieldsInput

SCHEMAS: tuple[Schema, ...] = ("invoice", "receipt")


def fitted(kind: str, materials: list[Material]) -> Refitted:
    return refit(materials, base=base_name(kind), keys=keys_of(kind), least=least_of(kind), beat=lambda: None)


def contracts(count: int) -> list[Material]:
    """Give generated contracts of which a person decided everything."""
    made = list(generate(count, seed=31))
    packed = [packed_candidates("contract", FieldsInput(pages=list(each.pages))) for each in made]
    truths = [{key: tuple(each.truth.get(key, ())) for key in keys_of("contract")} for each in made]
    return [
        material_of("contract", data, truth, name=str(place))
        for place, (data, truth) in enumerate(zip(packed, truths, strict=True))
    ]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_packed_candidates_are_chosen_as_those_on_the_page(schema: Schema) -> None:
    document = FieldsInput(pages=next(generated(schema, 1, seed=5)).pages)
    live = tables(Sheet(document), schema)
    kept = unpacked(packed_candidates(schema, document)).ranked
    found = []
    for ranked in (live, kept):
        choices = choose(schema, ranked, shipped(schema).scores(ranked))
        signs = signs_of(choices, FIELDS[schema], ranked)
        found.append({key: (choice.candidate.value, choice.score, signs[key]) for key, choice in choices.items()})
    assert found[0] == found[1]
    assert len(found[0]) > 4


def test_simulated_users_lose_nothing() -> None:
    for workspace in generated_workspaces("receipt", 20, tested=10):
        few, many = simulated(workspace, [4, 20], lambda _: None)
        assert (few.count, few.learned, few.before) == (4, 0.0, few.after)
        assert many.count == 20
        assert many.after["f1"] >= many.before["f1"] - 0.03
        assert many.before["values"] == many.after["values"] > 30


def test_too_few_documents_or_senders_change_nothing() -> None:
    few = fitted("contract", contracts(4))
    assert (few.is_better, few.refinement, few.metrics) == (False, Refinement(base_name("contract")), {"too_few": True})
    assert folds_of(["a", "a", "a", "b", "c", "c"]) == [0, 0, 0, 2, 1, 1]


def test_senders_gain_by_more_than_chance_and_documents_in_all() -> None:
    assert _is_gain(np.array([0.5, 0.6, 0.4, 0.5]), ["a", "b", "c", "d"])
    assert not _is_gain(np.array([0.5, 0.6, 0.4, 0.5]), ["a", "a", "b", "b"])
    assert not _is_gain(np.array([3.0, -2.0, 0.1, -0.5]), ["a", "b", "c", "d"])
    assert not _is_gain(np.array([*[-1.0] * 10, 2.0, 2.0, 2.0]), [*"aaaaaaaaaa", "b", "c", "d"])


def test_contracts_are_ranked_by_what_was_learned() -> None:
    materials = contracts(24)
    found = fitted("contract", materials)
    assert found.metrics["documents"] == 24
    assert found.metrics["after"]["f1"] >= found.metrics["before"]["f1"] or not found.is_better
    pages = next(iter(generate(1, seed=77))).pages
    plain = contract_values(FieldsInput(pages=list(pages), type_label="contract"))
    weights = {
        key: KeyWeights(1.0, -50.0, np.zeros(2_000, dtype=np.float32)) for key in keys_of("contract")
    }  # nothing is good enough any more
    nothing = Refinement("contract-ranker/1-00000000", weights, version="learned-1")
    none = contract_values(FieldsInput(pages=list(pages), type_label="contract", refinements={"contract": nothing}))
    ranked = [value for value in plain if value.key == "party"]
    assert ranked
    assert not [value for value in none if value.key == "party"]
    doubtful = Refinement("contract-ranker/1-00000000", trust=Trust(shift=-2.0), version="learned-2")
    told = contract_values(FieldsInput(pages=list(pages), type_label="contract", refinements={"contract": doubtful}))
    again = [value for value in told if value.key == "party"]
    assert [value.value for value in again] == [value.value for value in ranked]
    assert {value.producer for value in again} == {"contract-ranker/1-00000000+learned-2"}
    assert all((one.confidence or 0) < (two.confidence or 0) for one, two in zip(again, ranked, strict=True))


def test_a_party_alone_says_nothing_of_the_other() -> None:
    data = packed_candidates("contract", FieldsInput(pages=list(next(iter(generate(1, seed=3))).pages)))
    assert "party" not in material_of("contract", data, {"party": ("Acme Inc.",)}, name="1").decided


def test_only_the_best_candidates_are_weighed_again() -> None:
    scores = np.arange(20.0)
    weights = KeyWeights(slope=1.0, shift=100.0, weights=np.array([0.0, 3.0], dtype=np.float32))
    found = weights.rescored(scores, np.zeros((20, 1), dtype=np.float32), lambda place: (0,) if place == 19 else ())
    assert (found[: 20 - MOST_WEIGHED] == scores[: 20 - MOST_WEIGHED]).all()
    assert (found[20 - MOST_WEIGHED :] >= 100).all()
    assert found[19] == 122


@pytest.mark.parametrize("loss", [one_of, each_of])
def test_gradients(loss: object) -> None:
    assert callable(loss)
    rng = np.random.default_rng(2)
    scores, right, starts = rng.normal(size=9), np.zeros(9, dtype=np.bool_), np.array([0, 4, 6])
    right[[1, 2, 7]] = True
    losses, gradient = loss(scores, right, starts)
    assert losses.shape == (3,)
    for place in range(9):
        moved = scores.copy()
        moved[place] += 1e-6
        assert (loss(moved, right, starts)[0].sum() - losses.sum()) / 1e-6 == pytest.approx(gradient[place], abs=1e-4)


def test_probabilities_follow_outcomes_and_few_hardly_move_them() -> None:
    wrong = [Outcome("total", 0.95, is_right=place % 2 == 0) for place in range(200)]
    many, few = fit_trust(wrong), fit_trust(wrong[:4])
    assert many.probability("total", 0.95) == pytest.approx(0.55, abs=0.1)
    assert 0.8 < few.probability("total", 0.95) < 0.95
    assert Trust().probability("total", 0.7) == pytest.approx(0.7)


def test_what_is_stored_is_what_was_learned_or_refused() -> None:
    weights = np.arange(5, dtype=np.float32)
    learned = Refinement("base-1", {"total": KeyWeights(1.1, 0.5, weights)}, Trust(0.9, 0.1, {"total": -0.2}))
    file = dump(learned, features={"amount": "0123"})
    back = read(file.config, file.tensors, sha256=file.sha256, version="learned-1")
    assert (back.base, back.trust, back.producer) == (learned.base, learned.trust, "base-1+learned-1")
    assert (back.keys["total"].weights == weights).all()
    with pytest.raises(RefinementError, match="hash"):
        read(file.config, file.tensors[:-1] + b"\1", sha256=file.sha256, version="learned-1")
    with pytest.raises(RefinementError, match="hash"):
        read({**file.config, "base": "another"}, file.tensors, sha256=file.sha256, version="learned-1")


@pytest.mark.parametrize("kind", TYPES)
def test_bases_have_names_that_change_with_what_they_weigh(kind: str) -> None:
    assert base_name(kind).rpartition("-")[2].isalnum()
    assert len(base_name(kind)) + len("+learned-0123456789ab") <= 120
    assert len(made_by(kind)) == 64
    assert features_of(kind)
