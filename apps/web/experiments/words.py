"""What an experiment has shown, in plain words, and its diagram."""

from dataclasses import dataclass

from apps.classification.engine.experiments import Verdict
from apps.classification.experiments.results import Result
from apps.classification.models import Experiment, ExperimentMode, ExperimentState
from apps.web.dashboard.charts import Chart, Series


@dataclass(frozen=True)
class Told:
    """A verdict as a notice shows it."""

    level: str
    title: str
    text: str


def percent(share: float | None) -> str:
    """Write an arm's rate as per cent with one digit."""
    return "none that were judged" if share is None else f"{100 * share:.1f} %"


def verdict_of(experiment: Experiment, result: Result) -> Told:
    """Tell what has been shown and what the rule says to do."""
    if experiment.started_at is None:
        return Told("info", "Not started", "Plan and rule are kept as they are. Nothing is compared yet.")
    rates = f"right in {percent(result.treatment.rate)} of the documents drawn, the control in "
    rates += percent(result.control.rate)
    chance = f"Without a difference that happens in at most {experiment.alpha:.0%} of all experiments"
    if result.verdict is Verdict.TREATMENT:
        return Told("success", "The treatment is better", f"It is {rates}. {chance}, however often one looks.")
    if result.verdict is Verdict.CONTROL:
        return Told("warning", "The control is better", f"The treatment is {rates}. {chance}, however often one looks.")
    if result.is_over:
        text = (
            f"A difference of {100 * experiment.difference:g} points would have been found in {experiment.power:.0%} "
        )
        return Told("info", "No difference was shown", f"All that was planned is in. {text}of such experiments.")
    text = f"{result.entered} of at most {result.most} {counted(experiment)} are in. "
    if experiment.state == ExperimentState.RUNNING:
        text += "You may look as often as you like: the test stays exact."
    return Told("info", "Not decided", text)


def counted(experiment: Experiment) -> str:
    """Say what enters the test."""
    if experiment.mode == ExperimentMode.SHADOW:
        return "documents on which just one of the two is right"
    return "judged documents"


def evidence_chart(result: Result) -> Chart | None:
    """Return the p-value after so many judged documents; None before the first one."""
    if not result.points:
        return None
    values = [round(100 * point.p_value) for point in result.points]
    return Chart(
        id="evidence",
        kind="bars",
        summary=f"p-value in per cent, from {values[0]} after {result.points[0].judged} judged documents to "
        f"{values[-1]} after {result.points[-1].judged}; it never rises.",
        axis="Judged documents",
        labels=[str(point.judged) for point in result.points],
        series=[Series("p-value, %", values, "--di-chart-1")],
    )
