"""Say what is well and what is not."""

import sys
from collections import Counter

from django.core.management import BaseCommand

from apps.core.doctor import State, discover, examine

MARKS = {State.WELL: " ok ", State.NOTE: "note", State.PROBLEM: "FAIL"}


class Command(BaseCommand):
    """`manage.py doctor`: one line a finding; exit status 1 when something does not work."""

    help = "Check Python, data folder, servers, schema, workers, languages, models and guards."
    requires_system_checks: list[str] = []

    def handle(self, *_args: object, **_options: object) -> None:
        styles = {State.WELL: self.style.SUCCESS, State.NOTE: self.style.WARNING, State.PROBLEM: self.style.ERROR}
        counts: Counter[State] = Counter()
        for finding in examine(discover()):
            counts[finding.state] += 1
            self.stdout.write(f"{styles[finding.state](MARKS[finding.state])}  {finding.subject:<24} {finding.detail}")
        self.stdout.write(f"{counts[State.WELL]} well, {counts[State.NOTE]} notes, {counts[State.PROBLEM]} problems")
        if counts[State.PROBLEM]:
            sys.exit(1)
