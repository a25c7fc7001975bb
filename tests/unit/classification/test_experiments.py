"""Tests of two arms: exactness of the evidence, assignment, intervals, planning."""

from itertools import product

import numpy as np
import pytest

from apps.classification.engine.experiments import (
    Arm,
    Verdict,
    assigned,
    block_of,
    difference_interval,
    log_block_evidence,
    paired,
    paired_difference_interval,
    paired_path,
    rate_interval,
    tally,
    unpaired,
    unpaired_path,
)
from apps.classification.engine.power import plan_paired, plan_unpaired, unpaired_stops


def drawn(generator: np.random.Generator, control: float, treatment: float, count: int) -> list[tuple[Arm, bool]]:
    arms = generator.random(count) < 0.5
    right = generator.random(count) < np.where(arms, treatment, control)
    return [
        (Arm.TREATMENT if arm else Arm.CONTROL, bool(each))
        for arm, each in zip(arms.tolist(), right.tolist(), strict=True)
    ]


@pytest.mark.parametrize("block", [(1, 1), (4, 1), (1, 3), (2, 5)])
@pytest.mark.parametrize("common", [0.02, 0.5, 0.97])
@pytest.mark.parametrize("rates", [(0.3, 0.6), (0.9, 0.95), (0.99, 0.01)])
def test_a_blocks_evidence_is_at_most_one_in_the_mean_whatever_the_common_rate(
    block: tuple[int, int], common: float, rates: tuple[float, float]
) -> None:
    sizes, total = np.array(block), 0.0
    for outcome in product((0, 1), repeat=sum(block)):
        counts = np.array([sum(outcome[: block[0]]), sum(outcome[block[0] :])], dtype=np.float64)
        chance = common ** sum(outcome) * (1 - common) ** (sum(block) - sum(outcome))
        total += chance * float(np.exp(log_block_evidence(counts, sizes, np.array(rates))))
    assert total <= 1 + 1e-12


def test_the_fair_coins_evidence_is_one_in_the_mean() -> None:
    total = 0.0
    for outcome in product((True, False), repeat=8):
        total += paired([(not won, won) for won in outcome]).value / 2**8
    assert total == pytest.approx(1)


def test_a_better_treatment_is_found_and_a_worse_one_too() -> None:
    generator = np.random.default_rng(1)
    better = unpaired(drawn(generator, 0.7, 0.9, 1000))
    assert better.verdict is Verdict.TREATMENT
    assert better.p_value <= 0.05
    assert unpaired(drawn(generator, 0.9, 0.7, 1000)).verdict is Verdict.CONTROL
    assert unpaired(drawn(generator, 0.8, 0.8, 1000)).verdict is Verdict.UNDECIDED


def test_pairs_that_agree_say_nothing() -> None:
    agreeing = paired([(True, True), (False, False)] * 50)
    assert (agreeing.value, agreeing.outcomes, agreeing.verdict) == (1.0, 0, Verdict.UNDECIDED)
    assert paired([(False, True)] * 9).verdict is Verdict.TREATMENT
    assert paired([(True, False)] * 9).verdict is Verdict.CONTROL
    assert paired([(False, True)] * 4).verdict is Verdict.UNDECIDED


def test_a_verdict_stays_though_the_evidence_falls() -> None:
    found = paired([(False, True)] * 12 + [(True, False)] * 12)
    assert found.verdict is Verdict.TREATMENT
    assert found.value < 1
    assert found.highest >= 20


def test_outcomes_wait_until_their_block_is_full() -> None:
    waiting = unpaired([(Arm.CONTROL, True)] * 30)
    assert (waiting.outcomes, waiting.value) == (0, 1.0)
    assert unpaired([(Arm.CONTROL, True)] * 30 + [(Arm.TREATMENT, True)], block=(9, 1)).outcomes == 10


def test_the_arm_is_stable_and_has_its_share() -> None:
    keys = [f"document-{number}" for number in range(20_000)]
    arms = [assigned(key, salt="one", share=0.2) for key in keys]
    assert arms == [assigned(key, salt="one", share=0.2) for key in keys]
    treated = {key for key, arm in zip(keys, arms, strict=True) if arm is Arm.TREATMENT}
    assert len(treated) / len(keys) == pytest.approx(0.2, abs=0.01)
    wider = {key for key in keys if assigned(key, salt="one", share=0.4) is Arm.TREATMENT}
    assert treated < wider
    elsewhere = {key for key in keys if assigned(key, salt="two", share=0.2) is Arm.TREATMENT}
    assert len(treated & elsewhere) / len(keys) == pytest.approx(0.04, abs=0.01)


@pytest.mark.parametrize(("share", "block"), [(0.5, (1, 1)), (0.1, (9, 1)), (0.25, (3, 1)), (0.8, (1, 4))])
def test_blocks_follow_the_share(share: float, block: tuple[int, int]) -> None:
    assert block_of(share) == block


def test_an_arm_without_a_share_is_refused() -> None:
    with pytest.raises(ValueError, match="share"):
        block_of(0.0)


def test_intervals_hold_at_all_times_together() -> None:
    generator, misses, runs = np.random.default_rng(3), 0, 60
    for _ in range(runs):
        right = np.cumsum(generator.random(40) < 0.85)
        intervals = [rate_interval(int(hits), count) for count, hits in enumerate(right.tolist(), 1)]
        misses += any(not low <= 0.85 <= high for low, high in intervals)
    assert misses / runs <= 0.05
    assert rate_interval(0, 0) == (0.0, 1.0)
    assert rate_interval(50, 50)[1] == 1.0
    assert rate_interval(0, 50)[0] == 0.0


def test_the_difference_has_an_interval() -> None:
    low, high = difference_interval((700, 1000), (900, 1000))
    assert 0 < low < 0.2 < high
    low, high = difference_interval((8, 10), (8, 10))
    assert low < 0 < high


def test_pairs_tell_the_difference_more_narrowly() -> None:
    low, high = paired_difference_interval(250, 50, 1000)  # both right in 650, neither in 50
    assert 0 < low < 0.2 < high
    wide_low, wide_high = difference_interval((700, 1000), (900, 1000))
    assert high - low < wide_high - wide_low
    assert paired_difference_interval(0, 0, 0) == (-1, 1)
    low, high = paired_difference_interval(3, 3, 50)
    assert low < 0 < high


def test_the_path_ends_where_the_test_does() -> None:
    outcomes = drawn(np.random.default_rng(3), 0.6, 0.9, 200)
    path = list(unpaired_path(outcomes))
    assert (len(path), path[-1]) == (200, unpaired(outcomes))
    assert [each.outcomes for each in path] == sorted(each.outcomes for each in path)
    pairs = [(True, True), (False, True), (True, False), (False, True)]
    assert [each.outcomes for each in paired_path(pairs)] == [0, 1, 2, 3]
    assert list(paired_path(pairs))[-1] == paired(pairs)


def test_however_strong_the_evidence_is_it_can_be_told() -> None:
    assert paired([(False, True)] * 1_100).value == paired([(False, True)] * 1_200).value > 1e300
    one_sided = [(arm, arm is Arm.TREATMENT) for _ in range(900) for arm in Arm]
    assert unpaired(one_sided).verdict is Verdict.TREATMENT


def test_tallies() -> None:
    outcomes = [(Arm.CONTROL, True), (Arm.CONTROL, False), (Arm.TREATMENT, True)]
    assert tally(outcomes) == {Arm.CONTROL: (1, 2), Arm.TREATMENT: (1, 1)}


def test_the_power_is_as_planned_and_the_fast_run_is_the_test() -> None:
    plan = plan_unpaired(0.8, 0.9, share=0.5)
    assert plan.outcomes is not None
    generator, found = np.random.default_rng(8), 0
    for _ in range(150):
        outcomes = [
            (arm, bool(generator.random() < rate))
            for _ in range(plan.outcomes // 2)
            for arm, rate in ((Arm.CONTROL, 0.8), (Arm.TREATMENT, 0.9))
        ]
        found += unpaired(outcomes).verdict is Verdict.TREATMENT
    assert found / 150 == pytest.approx(0.8, abs=0.1)


def test_small_differences_take_more_and_none_takes_forever() -> None:
    large, small = plan_paired(0.1, 0.8).outcomes, plan_paired(0.1, 0.65).outcomes
    assert large is not None
    assert small is not None
    assert large < small
    stops = unpaired_stops(np.random.default_rng(2), (0.9, 0.9), block=(1, 1), runs=200, longest=300, alpha=0.05)
    assert (stops > 0).mean() <= 0.05
