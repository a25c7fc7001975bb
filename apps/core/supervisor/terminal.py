"""What the person at the terminal is told."""

import sys
from pathlib import Path

from apps.core.demo_login import describe


def say(message: str) -> None:
    """Tell something in a line."""
    _write(f"docintel: {message}\n")


def welcome(*, base_url: str, data_dir: Path) -> None:
    """Tell where the product is and how to sign in."""
    lines = [base_url, *describe(data_dir), "Ctrl-C stops it."]
    _write("\n" + "".join(f"    {line}\n" for line in lines))


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
