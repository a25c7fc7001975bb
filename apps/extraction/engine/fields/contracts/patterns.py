"""The patterns of this folder, read from the TOML file beside this one: one of them for each thing it tells."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("patterns.toml")
_PLAIN_QUOTES: Final = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a", "'") | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
)


@cache
def _sections() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def patterns(section: str) -> dict[str, re.Pattern[str]]:
    """Return a section's patterns by name, each made of its alternatives; they meet text with plain quotes only."""
    return {name: re.compile("|".join(lines), re.IGNORECASE) for name, lines in _sections()[section].items()}


def plain_quotes(text: str) -> str:
    """Return a text, as long as it was, with straight quotation marks and apostrophes."""
    return text.translate(_PLAIN_QUOTES)
