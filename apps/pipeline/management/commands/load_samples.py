"""`manage.py load_samples`: the sample workspace, the first time only."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.pipeline.services.samples import samples_load


class Command(BaseCommand):
    """Loads the sample workspace unless it was made before."""

    help = "Makes the demo login and the sample workspace; does nothing if the workspace exists."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say how many documents there are."""
        self.stderr.write(f"{samples_load()} sample documents loaded")
