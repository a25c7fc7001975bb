"""Simulated certificates and experiments: how often they are wrong when nothing is there to be found."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from apps.classification.engine.binomial import at_most, clean_trials
from apps.classification.engine.certify import Judgements, Plan, certify
from apps.classification.engine.experiments import block_of
from apps.classification.engine.power import PowerPlan, paired_stops, plan_paired, plan_unpaired, unpaired_stops

RUNS = 2000
_LOOKS = 4
_LONGEST = 1000
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class World:
    """How scores and errors hang together: the chance of an error at a score and a target."""

    name: str
    chance: Callable[[Floats, float], Floats]

    def error_above(self, threshold: float, target: float) -> float:
        """Return the true share of errors among items with at least this score."""
        scores = _scores(np.linspace(0, 1, 20_001))
        return float(self.chance(scores[scores >= threshold], target).mean())


def _scores(chances: Floats) -> Floats:
    """Return scores between .5 and 1 for uniform chances; half of them are above .96, as those of good heads are."""
    return 1 - 0.5 * chances**4


def _uninformative(scores: Floats, target: float) -> Floats:
    return np.full_like(scores, 1.001 * target)


def _calibrated(scores: Floats, _: float) -> Floats:
    return 1 - scores


def _misleading(scores: Floats, target: float) -> Floats:
    return np.where(scores >= 0.9, 1.5 * target, 0.75 * target)


WORLDS = (
    World("uninformative, errors just above the target", _uninformative),
    World("calibrated", _calibrated),
    World("misleading, the surest are wrong most often", _misleading),
)


@dataclass(frozen=True, slots=True)
class CertificateRuns:
    """Shares of runs: with a false certificate, with any, and with a false one by taking the lowest that passes."""

    world: str
    target: float
    false: float
    certified: float
    false_by_search: float


def certificate_runs(world: World, *, target: float, runs: int = RUNS, seed: int = 0) -> CertificateRuns:
    """Run a plan to its fourth look many times."""
    generator, plan = np.random.default_rng(seed), Plan(target=target)
    errors = {threshold: world.error_above(threshold, target) for threshold in plan.grid}
    false = certified = searched = 0
    for _ in range(runs):
        scores = _scores(generator.random(plan.size(_LOOKS - 1)))
        right = generator.random(len(scores)) >= world.chance(scores, target)
        found = certify(Judgements.of(scores, right), plan).threshold
        certified += found is not None
        false += found is not None and errors[found] > target
        lowest = _lowest_passing(scores, right, plan)
        searched += lowest is not None and errors[lowest] > target
    return CertificateRuns(world.name, target, false / runs, certified / runs, searched / runs)


def _lowest_passing(scores: Floats, right: NDArray[np.bool_], plan: Plan) -> float | None:
    """Return what a careless search certifies: the lowest threshold that passes at the full level at any look."""
    passing: list[float] = []
    for look in range(_LOOKS):
        taken = slice(plan.size(look))
        for threshold in plan.grid:
            above = scores[taken] >= threshold
            judged, errors = int(above.sum()), int((above & ~right[taken]).sum())
            if judged >= clean_trials(plan.target, plan.alpha) and at_most(errors, judged, plan.target) <= plan.alpha:
                passing.append(threshold)
    return min(passing, default=None)


_MOST_VALUES = 8  # of a document's field
_SPREAD = 0.9  # where a document was read wrongly, that share of the values is wrong


@dataclass(frozen=True, slots=True)
class ClusterRuns:
    """Shares of runs with a false certificate where values of one document err together.

    `false`: documents count, and just more of them than the target have a wrong value. `false_one_by_one`: every value
    counts by itself, and just more of them than the target are wrong.
    """

    target: float
    false: float
    false_one_by_one: float


def cluster_runs(*, target: float, runs: int = RUNS, seed: int = 0) -> ClusterRuns:
    """Run a plan to its fourth look with documents of one to eight values each, whose score says nothing.

    The values of a document have one score, and are wrong only in documents that were read wrongly.
    """
    generator, plan = np.random.default_rng(seed), Plan(target=target)
    count = plan.size(_LOOKS - 1)
    of_documents = 1.001 * target / float((1 - (1 - _SPREAD) ** np.arange(1, _MOST_VALUES + 1)).mean())
    of_values = 1.001 * target / _SPREAD
    false = one_by_one = 0
    for _ in range(runs):
        scores, _, wrong = _documents(generator, count, of_documents)
        documents = Judgements(scores, np.where(wrong > 0, scores, -1.0))
        false += certify(documents, plan).threshold is not None
        scores, sizes, wrong = _documents(generator, count, of_values)
        places = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        values = Judgements.of(np.repeat(scores, sizes), places >= np.repeat(wrong, sizes))
        one_by_one += certify(values.first(count), plan).threshold is not None
    return ClusterRuns(target, false / runs, one_by_one / runs)


def _documents(generator: Generator, count: int, chance: float) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Return documents' scores, how many values each has, and how many of them are wrong."""
    sizes = generator.integers(1, _MOST_VALUES + 1, count)
    is_misread = generator.random(count) < chance
    return _scores(generator.random(count)), sizes, np.where(is_misread, generator.binomial(sizes, _SPREAD), 0)


@dataclass(frozen=True, slots=True)
class ExperimentRuns:
    """Experiments that were looked at after every outcome: the share that decided, of so many outcomes at most."""

    name: str
    outcomes: int
    decided: float


def null_experiments(*, runs: int = RUNS, seed: int = 0) -> list[ExperimentRuns]:
    """Run experiments whose arms do not differ; whatever they decide is wrong."""
    generator = np.random.default_rng(seed)
    results = []
    for rate, share in ((0.9, 0.5), (0.6, 0.5), (0.95, 0.2)):
        block = block_of(share)
        stops = unpaired_stops(generator, (rate, rate), block=block, runs=runs, longest=_LONGEST, alpha=0.05)
        name = f"different documents, both right in {rate:.0%}, treatment's share {share:.0%}"
        results.append(ExperimentRuns(name, _LONGEST * sum(block), float((stops > 0).mean())))
    stops = paired_stops(generator, 0.5, runs=runs, longest=_LONGEST, alpha=0.05)
    results.append(ExperimentRuns("same documents, pairs that differ", _LONGEST, float((stops > 0).mean())))
    return results


def planned_experiments(*, runs: int = RUNS, seed: int = 1) -> list[tuple[ExperimentRuns, PowerPlan]]:
    """Run experiments whose arms differ as planned for, with other chances than the plan was made with."""
    generator = np.random.default_rng(seed)
    results = []
    for control, treatment in ((0.85, 0.92), (0.7, 0.8)):
        plan = plan_unpaired(control, treatment, share=0.5)
        results.append((_unpaired_run(generator, control, treatment, plan, runs), plan))
    plan = plan_paired(0.1, 0.7)
    longest = round((plan.outcomes or 0) * 0.1)
    stops = paired_stops(generator, 0.7, runs=runs, longest=longest, alpha=plan.alpha)
    name = "same documents, 10% differ, treatment right in 70% of them"
    results.append((ExperimentRuns(name, plan.outcomes or 0, float((stops > 0).mean())), plan))
    return results


def _unpaired_run(generator: Generator, control: float, treatment: float, plan: PowerPlan, runs: int) -> ExperimentRuns:
    longest = (plan.outcomes or 0) // 2
    stops = unpaired_stops(generator, (control, treatment), block=(1, 1), runs=runs, longest=longest, alpha=plan.alpha)
    name = f"different documents, right in {control:.0%} and {treatment:.0%}"
    return ExperimentRuns(name, plan.outcomes or 0, float((stops > 0).mean()))
