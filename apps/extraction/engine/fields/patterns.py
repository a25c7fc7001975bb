"""Patterns and words that are kept in TOML files beside the code that uses them."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def table(file: Path) -> dict[str, Any]:
    """Return a TOML file's content."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def patterns(file: Path, section: str) -> dict[str, re.Pattern[str]]:
    """Return a section's patterns by name, each made of a list of alternatives; letters' case does not matter."""
    return {name: re.compile("|".join(lines), re.IGNORECASE) for name, lines in table(file)[section].items()}
