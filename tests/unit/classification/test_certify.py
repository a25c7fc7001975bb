"""Certificates, audits, exact bounds, and the simulations that show their risk."""

from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command
from scipy.stats import beta, binom

from apps.classification.engine.binomial import at_most, clean_trials, lower_bound, upper_bound
from apps.classification.engine.certify import (
    Judgements,
    Plan,
    audit,
    certify,
    fixed_sequence,
    is_audited,
    judgements_missing,
    table,
)
from apps.classification.engine.hashing import unit_hash
from apps.classification.engine.simulations import WORLDS, World, certificate_runs, cluster_runs, null_experiments

SINGLE = Plan(target=0.05, single_look=True)


@pytest.mark.parametrize(("errors", "trials"), [(0, 59), (1, 100), (7, 150), (40, 1000), (0, 1), (30, 31)])
def test_bounds_are_exact(errors: int, trials: int) -> None:
    assert at_most(errors, trials, 0.05) == pytest.approx(binom.cdf(errors, trials, 0.05), rel=1e-9)
    assert upper_bound(errors, trials, 0.05) == pytest.approx(beta.ppf(0.95, errors + 1, trials - errors), rel=1e-9)
    if errors:
        lower = beta.ppf(0.05, errors, trials - errors + 1)
        assert lower_bound(errors, trials, 0.05) == pytest.approx(lower, rel=1e-9)


def test_bounds_at_the_ends() -> None:
    assert (upper_bound(0, 0, 0.05), lower_bound(0, 0, 0.05), lower_bound(0, 5, 0.05)) == (1, 0, 0)
    assert (at_most(5, 5, 0.3), at_most(-1, 5, 0.3), at_most(2, 5, 0.0), at_most(2, 5, 1.0)) == (1, 0, 1, 0)


@pytest.mark.parametrize(("target", "fewest"), [(0.05, 59), (0.02, 149), (0.01, 299)])
def test_below_the_minimum_nothing_is_certified(target: float, fewest: int) -> None:
    plan = Plan(target=target, single_look=True)
    assert (clean_trials(target, 0.05), plan.fewest) == (fewest, fewest)
    scores, right = [0.995] * fewest, [True] * fewest
    assert certify(Judgements.of(scores[1:], right[1:]), plan).threshold is None
    assert certify(Judgements.of(scores, right), plan).threshold == 0.5
    assert certify(Judgements.of(scores, [False, *right[1:]]), plan).threshold is None


def test_it_stops_at_the_first_failure_though_a_lower_threshold_would_pass() -> None:
    scores = np.repeat([0.99, 0.6], [100, 200])
    right = np.ones(300, dtype=bool)
    right[:4] = False
    steps = fixed_sequence(Judgements.of(scores, right), grid=(0.9, 0.5), target=0.05, alpha=0.05)
    assert [(step.threshold, step.errors, step.is_passed) for step in steps] == [(0.9, 4, False)]
    alone = fixed_sequence(Judgements.of(scores, right), grid=(0.5,), target=0.05, alpha=0.05)
    assert alone[0].is_passed
    assert alone[0].bound < 0.05 < steps[0].bound


def test_thresholds_with_too_few_items_are_passed_over() -> None:
    scores = np.repeat([0.99, 0.9, 0.8], [10, 70, 170])
    judgements = Judgements.of(scores, np.ones(250, dtype=bool))
    steps = fixed_sequence(judgements, grid=(0.95, 0.85, 0.7), target=0.05, alpha=0.05)
    assert [(step.threshold, step.judged) for step in steps] == [(0.7, 250)]


def test_looks_are_planned_and_share_the_risk() -> None:
    plan = Plan(target=0.05)
    assert [plan.size(look) for look in range(3)] == [72, 144, 288]
    assert sum(plan.level(look) for look in range(60)) == pytest.approx(0.05)
    assert plan.looks_at(71) == []
    assert plan.looks_at(300) == [0, 1, 2]
    late = [0.9] * 72 + [0.9] * 500
    right = [False] * 3 + [True] * 569
    found = certify(Judgements.of(late, right), plan)
    assert (found.threshold, found.look) == (0.5, 2)
    assert [steps[-1].is_passed for steps in found.steps] == [False, False, True]


def test_a_certificate_once_earned_stands_until_audits_alarm() -> None:
    found = certify(Judgements.of([0.9] * 144, [True] * 72 + [False] * 72), Plan(target=0.05))
    assert (found.threshold, found.look) == (0.5, 0)


@pytest.mark.parametrize(
    "wrong", [{"target": 0.0}, {"target": 0.05, "alpha": 1.0}, {"target": 0.1, "grid": (0.5, 0.9)}]
)
def test_senseless_plans_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"shares|descends"):
        Plan(**wrong)  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize(
    ("judged", "errors", "taken", "missing"),
    [(0, 0, 0, 72), (10, 0, 0, 62), (72, 0, 0, 72), (72, 1, 1, 216), (200, 20, 1, None)],
)
def test_missing_judgements_are_told_by_those_so_far(judged: int, errors: int, taken: int, missing: int | None) -> None:
    plan = Plan(target=0.05)
    scores, right = [0.97] * judged, [place % max(1, judged // max(1, errors)) != 0 for place in range(judged)]
    right = right if errors else [True] * judged
    assert right.count(False) == errors
    assert judgements_missing(Judgements.of(scores, right), plan, taken=taken) == missing
    if missing and errors:  # it comes true if they go on as they did
        times = (judged + missing) // judged
        assert certify(Judgements.of(scores * times, right * times), plan).threshold is not None
        assert certify(Judgements.of(scores * (times // 2), right * (times // 2)), plan).threshold is None


def test_error_against_automation() -> None:
    judgements = Judgements.of([0.99, 0.99, 0.8, 0.6], [True, True, False, True])
    rows = {row.threshold: row for row in table(judgements, Plan(target=0.05))}
    assert [(rows[at].share, rows[at].judged, rows[at].errors) for at in (0.99, 0.8, 0.5)] == [
        (0.5, 2, 0),
        (0.75, 3, 1),
        (1.0, 4, 1),
    ]
    assert rows[0.5].rate == 0.25
    assert rows[0.5].bound == pytest.approx(upper_bound(1, 4, 0.05))
    assert table(Judgements.of([], []), Plan(target=0.05)) == ()


def test_audits_alarm_when_the_error_has_grown_and_hardly_ever_else() -> None:
    generator = np.random.default_rng(4)
    alarms = sum(audit((generator.random(400) >= 0.05).tolist(), target=0.05).is_alarming for _ in range(400))
    assert alarms / 400 <= 0.05
    worse = audit((generator.random(400) >= 0.15).tolist(), target=0.05)
    assert worse.is_alarming
    assert worse.judged == 400
    recovered = audit([False] * 8 + [True] * 2000, target=0.05)
    assert recovered.is_alarming
    assert recovered.evidence < 1
    assert audit([], target=0.05).evidence == 1


def test_audited_items_are_a_stable_share() -> None:
    keys = [str(number) for number in range(20_000)]
    chosen = [key for key in keys if is_audited(key, salt="w")]
    assert len(chosen) / len(keys) == pytest.approx(0.03, abs=0.005)
    assert chosen == [key for key in keys if is_audited(key, salt="w")]
    assert 0 <= min(unit_hash(key, salt="s") for key in keys) < 0.001


@pytest.mark.parametrize("world", WORLDS, ids=["uninformative", "calibrated", "misleading"])
def test_at_most_five_in_a_hundred_certificates_are_false(world: World) -> None:
    found = certificate_runs(world, target=0.05, runs=2000)
    assert found.false <= 0.05
    if found.world == "calibrated":
        assert found.certified > 0.9


def test_documents_count_once_for_their_values_err_together() -> None:
    found = cluster_runs(target=0.05, runs=2000)
    assert found.false <= 0.05 < found.false_one_by_one


def test_above_a_threshold_a_document_is_wrong_by_what_lies_there() -> None:
    judgements = Judgements(np.array([0.99, 0.9, 0.6]), np.array([0.7, -1.0, 0.6]))
    assert [judgements.above(threshold) for threshold in (0.95, 0.9, 0.65, 0.5)] == [(1, 0), (2, 0), (2, 1), (3, 2)]


def test_a_search_for_the_lowest_threshold_would_promise_too_much() -> None:
    assert certificate_runs(WORLDS[0], target=0.05, runs=500).false_by_search > 0.1


def test_experiments_without_a_difference_decide_in_at_most_five_of_a_hundred() -> None:
    assert all(found.decided <= 0.05 for found in null_experiments())


def test_the_command_prints_the_figures() -> None:
    output = StringIO()
    call_command("simulate_learning", runs=20, stdout=output)
    lines = output.getvalue().splitlines()
    assert len(lines) == 18
    assert sum("false" in line for line in lines) == 12
