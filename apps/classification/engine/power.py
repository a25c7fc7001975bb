"""How many outcomes an experiment needs: the tests of `experiments`, run many times at once on made outcomes."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from apps.classification.engine.experiments import block_of, learned_rates, log_block_evidence

RUNS = 1000
_LONGEST = 20_000  # blocks or pairs that differ: beyond that nobody waits


@dataclass(frozen=True, slots=True)
class PowerPlan:
    """`outcomes` in both arms together reach the power; None where they would be too many to wait for."""

    outcomes: int | None
    power: float
    alpha: float


def plan_unpaired(
    control: float, treatment: float, *, share: float, power: float = 0.8, alpha: float = 0.05, seed: int = 0
) -> PowerPlan:
    """Plan a live share: rates of being right as they are thought to be."""
    block = block_of(share)
    stops = unpaired_stops(
        np.random.default_rng(seed), (control, treatment), block=block, runs=RUNS, longest=_LONGEST, alpha=alpha
    )
    return _plan(stops, sum(block), power, alpha)


def plan_paired(differing: float, won: float, *, power: float = 0.8, alpha: float = 0.05, seed: int = 0) -> PowerPlan:
    """Plan a shadow: the share of documents on which the arms differ in being right, and of those the treatment's."""
    stops = paired_stops(np.random.default_rng(seed), won, runs=RUNS, longest=_LONGEST, alpha=alpha)
    return _plan(stops, 1 / differing, power, alpha)


def unpaired_stops(
    generator: Generator,
    rates: tuple[float, float],
    *,
    block: tuple[int, int],
    runs: int,
    longest: int,
    alpha: float,
) -> NDArray[np.int64]:
    """Return after how many blocks each of many runs decided, looking after every one; 0 for those that did not."""
    sizes = np.array(block)
    right, seen = np.zeros((runs, 2)), np.zeros(2)
    log_value, stops = np.zeros(runs), np.zeros(runs, dtype=np.int64)
    going = np.arange(runs)
    for number in range(1, longest + 1):
        counts = generator.binomial(sizes, rates, size=(len(going), 2)).astype(np.float64)
        log_value[going] += log_block_evidence(counts, sizes, learned_rates(right[going], seen))
        right[going] += counts
        seen = seen + sizes
        has_decided = log_value[going] >= -np.log(alpha)
        stops[going[has_decided]] = number
        going = going[~has_decided]
        if not len(going):
            break
    return stops


def paired_stops(generator: Generator, won: float, *, runs: int, longest: int, alpha: float) -> NDArray[np.int64]:
    """Return after how many pairs that differ each of many runs decided; 0 for those that did not."""
    wins = np.zeros(runs, dtype=np.int64)
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, longest + 2)))])
    stops, going = np.zeros(runs, dtype=np.int64), np.arange(runs)
    for number in range(1, longest + 1):
        wins[going] += generator.random(len(going)) < won
        won_so_far = wins[going]
        log_value = log_factorial[won_so_far] + log_factorial[number - won_so_far] - log_factorial[number + 1]
        has_decided = log_value + number * np.log(2) >= -np.log(alpha)
        stops[going[has_decided]] = number
        going = going[~has_decided]
        if not len(going):
            break
    return stops


def _plan(stops: NDArray[np.int64], outcomes_each: float, power: float, alpha: float) -> PowerPlan:
    needed = np.sort(np.where(stops == 0, np.iinfo(np.int64).max, stops))[int(np.ceil(power * len(stops))) - 1]
    is_endless = needed == np.iinfo(np.int64).max
    return PowerPlan(None if is_endless else int(np.ceil(needed * outcomes_each)), power, alpha)
