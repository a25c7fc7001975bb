"""`manage.py simulate_learning`: how often certificates and experiments are wrong, by simulation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.classification.engine.simulations import (
    RUNS,
    WORLDS,
    certificate_runs,
    cluster_runs,
    null_experiments,
    planned_experiments,
)

_TARGETS = (0.05, 0.02)


class Command(BaseCommand):
    """Simulate and print."""

    help = "Print how often certificates of auto-accept and experiments are wrong, from simulated runs."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--runs", type=int, default=RUNS)

    def handle(self, *_: object, **given: Any) -> None:
        runs = given["runs"]
        self.stdout.write(f"Certificates at 5 % risk, four looks, {runs} runs each")
        for target in _TARGETS:
            for world in WORLDS:
                found = certificate_runs(world, target=target, runs=runs)
                self.stdout.write(
                    f"  target {target:.0%}, score {world.name}: false {found.false:.2%} (any {found.certified:.1%}; "
                    f"a search for the lowest passing threshold: false {found.false_by_search:.1%})"
                )
            together = cluster_runs(target=target, runs=runs)
            self.stdout.write(
                f"  target {target:.0%}, values of one document err together, each document counts once: false "
                f"{together.false:.2%} (each value by itself: false {together.false_one_by_one:.1%})"
            )
        self.stdout.write(f"Experiments without a difference, looked at after every outcome, {runs} runs each")
        for null in null_experiments(runs=runs):
            self.stdout.write(f"  {null.name}, up to {null.outcomes} outcomes: {null.decided:.2%} decide falsely")
        self.stdout.write("Experiments with the difference they were planned for")
        for run, plan in planned_experiments(runs=runs):
            self.stdout.write(
                f"  {run.name}: {run.outcomes} outcomes planned for {plan.power:.0%}: {run.decided:.1%} decide"
            )
