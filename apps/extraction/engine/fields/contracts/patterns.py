"""The patterns of this folder, read from the TOML file beside this one: plain quotes in what they meet."""

import re
from pathlib import Path
from typing import Final

from apps.extraction.engine.fields.patterns import patterns as read_patterns

_FILE: Final = Path(__file__).with_name("patterns.toml")
_PLAIN_QUOTES: Final = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a", "'") | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
)


def patterns(section: str) -> dict[str, re.Pattern[str]]:
    """Return a section's patterns by name; they meet text with plain quotes only."""
    return read_patterns(_FILE, section)


def plain_quotes(text: str) -> str:
    """Return a text, as long as it was, with straight quotation marks and apostrophes."""
    return text.translate(_PLAIN_QUOTES)
