"""`manage.py demo_login`: how to sign in to the sample workspace, for the terminal of `make run`."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from apps.pipeline.services.samples import login_file


class Command(BaseCommand):
    """Prints nothing where there is no sample workspace."""

    help = "Prints the e-mail address and password of the sample workspace."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was noted when the sample workspace was made."""
        try:
            login = json.loads(login_file().read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        self.stdout.write(f"demo sign-in: {login['email']}")
        self.stdout.write(f"password:     {login['password']}")
