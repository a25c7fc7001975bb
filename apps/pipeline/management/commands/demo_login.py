"""`manage.py demo_login`: how to sign in to the sample workspace, for the terminal of `make run`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.core.demo_login import describe


class Command(BaseCommand):
    """Prints nothing where there is no sample workspace."""

    help = "Prints the e-mail address and password of the sample workspace."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was noted when the sample workspace was made."""
        for line in describe(Path(settings.DATA_DIR)):
            self.stdout.write(line)
