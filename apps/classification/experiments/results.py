"""What an experiment has shown so far: each arm's figures, the exact test after every outcome, and its verdict."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

from django.db.models import Q

from apps.classification.engine import experiments as engine
from apps.classification.engine.experiments import Evidence, Verdict
from apps.classification.experiments.selectors import is_sampled
from apps.classification.models import Arm, Experiment, ExperimentMode, ExperimentOutcome, Prediction
from apps.documents.models import TypeSource

MOST_POINTS: Final = 20


@dataclass(frozen=True)
class Drawn:
    """The documents of both arms about which people are asked in any case; counted when it is asked for."""

    experiment: Experiment
    judged: Collection[UUID]

    @cached_property
    def counts(self) -> dict[Arm, int]:
        """Count them, those deleted for good left out.

        So it shows whether people leave many unanswered, which may not be like the others.
        """
        found = Prediction.objects.filter(
            experiment=self.experiment, reading__version__document__deleted_at__isnull=True
        )
        of_machines = Q(reading__version__document__type_source=TypeSource.MODEL)
        found = found.filter(of_machines | Q(reading__version__document__in=self.judged))
        pairs = set(found.values_list("reading__version__document_id", "arm"))
        asked = [arm for pk, arm in pairs if is_sampled(experiment=self.experiment, document_id=pk)]
        return {arm: asked.count(arm) for arm in Arm}


@dataclass(frozen=True)
class ArmResult:
    """An arm's documents that were judged of those drawn; the interval holds at all times together (95 %)."""

    arm: Arm
    of_drawn: Drawn
    judged: int
    right: int
    low: float
    high: float

    @property
    def drawn(self) -> int:
        """How many were drawn."""
        return max(self.of_drawn.counts[self.arm], self.judged)

    @property
    def rate(self) -> float | None:
        """How often it was right; None without a judged document."""
        return self.right / self.judged if self.judged else None


@dataclass(frozen=True)
class Point:
    """The state of the test after so many judged documents."""

    judged: int
    e_value: float
    p_value: float


@dataclass(frozen=True)
class Result:
    """The state of an experiment; `entered` counts what has entered the test, of `most` at most."""

    control: ArmResult
    treatment: ArmResult
    difference: tuple[float, float]
    evidence: Evidence
    points: list[Point]
    judged: int
    entered: int
    most: int

    @property
    def verdict(self) -> Verdict:
        """Which arm is better, as far as is shown."""
        return self.evidence.verdict

    @property
    def is_over(self) -> bool:
        """Tell whether the stopping rule says that it should end."""
        return self.verdict is not Verdict.UNDECIDED or self.entered >= self.most


def result_of(experiment: Experiment) -> Result:
    """Evaluate an experiment by its rule; outcomes beyond the most that were planned are left out."""
    outcomes = list(ExperimentOutcome.objects.filter(experiment=experiment).order_by("id"))
    if experiment.mode == ExperimentMode.LIVE:
        outcomes = [each for each in outcomes if each.is_sampled]
    path: list[Evidence] = []
    entered = 0
    for place, evidence in enumerate(_path(experiment, outcomes), start=1):
        path.append(evidence)
        entered = place if experiment.mode == ExperimentMode.LIVE else evidence.outcomes
        if entered >= experiment.most_outcomes:
            break
    taken = outcomes[: len(path)]
    drawn = Drawn(experiment, [each.document_id for each in outcomes if each.document_id])
    control, treatment = (_arm(taken, arm, drawn) for arm in Arm)
    return Result(
        control=control,
        treatment=treatment,
        difference=_difference(experiment, taken, control, treatment),
        evidence=path[-1] if path else engine.NOTHING_YET,
        points=_points(path),
        judged=len(taken),
        entered=entered,
        most=experiment.most_outcomes,
    )


def _path(experiment: Experiment, outcomes: Sequence[ExperimentOutcome]) -> Iterator[Evidence]:
    if experiment.mode == ExperimentMode.SHADOW or experiment.share is None:
        pairs = [(bool(each.control_right), bool(each.treatment_right)) for each in outcomes]
        return engine.paired_path(pairs, alpha=experiment.alpha)
    of_arms = [
        (engine.Arm.CONTROL, each.control_right)
        if each.control_right is not None
        else (engine.Arm.TREATMENT, bool(each.treatment_right))
        for each in outcomes
    ]
    return engine.unpaired_path(of_arms, block=engine.block_of(experiment.share), alpha=experiment.alpha)


def _arm(outcomes: Sequence[ExperimentOutcome], arm: Arm, drawn: Drawn) -> ArmResult:
    """Count an arm's documents among those drawn: where people were asked since the two differ, both look worse."""
    said = [each.control_right if arm == Arm.CONTROL else each.treatment_right for each in outcomes if each.is_sampled]
    judged = [right for right in said if right is not None]
    low, high = engine.rate_interval(sum(judged), len(judged), alpha=drawn.experiment.alpha)
    return ArmResult(arm, drawn, len(judged), sum(judged), low, high)


def _difference(
    experiment: Experiment, outcomes: Sequence[ExperimentOutcome], control: ArmResult, treatment: ArmResult
) -> tuple[float, float]:
    """Return an interval for the treatment's rate less the control's."""
    if experiment.mode == ExperimentMode.LIVE:
        arms = [(arm.right, arm.judged) for arm in (control, treatment)]
        return engine.difference_interval(*arms, alpha=experiment.alpha)
    pairs = [(each.control_right, each.treatment_right) for each in outcomes if each.is_sampled]
    wins, losses = pairs.count((False, True)), pairs.count((True, False))
    return engine.paired_difference_interval(wins, losses, len(pairs), alpha=experiment.alpha)


def _points(path: Sequence[Evidence]) -> list[Point]:
    """Return up to twenty points, evenly spread, the last one always."""
    step = max(1, -(-len(path) // MOST_POINTS))
    places = sorted({*range(step, len(path) + 1, step), len(path)} - {0})
    return [Point(place, path[place - 1].value, path[place - 1].p_value) for place in places]
