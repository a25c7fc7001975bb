"""How contracts open: a title that names one, two sides with a word between them, and the names they go by."""

import re
from typing import Final

from apps.extraction.engine.fields.contracts.patterns import patterns, plain_quotes

_PATTERNS: Final = patterns("opening")
_TITLE_LINES: Final = 12
_MOST_WORDS: Final = 9  # of a title
_SEARCHED: Final = 3_000  # characters of the first page


def is_opening(text: str) -> bool:
    """Whether the text of a first page opens a contract.

    All three signs are asked for: statutes on contracts have the title, reports on them name two sides.
    """
    head = plain_quotes(text[:_SEARCHED])
    if not _PATTERNS["between"].search(head) or not _PATTERNS["named"].search(head):
        return False
    lines = [line for line in head.splitlines() if line.strip()][:_TITLE_LINES]
    return any(_is_title(line) for line in lines)


def _is_title(line: str) -> bool:
    return (
        len(re.findall(r"\w+", line)) <= _MOST_WORDS
        and _PATTERNS["title"].search(line) is not None
        and _PATTERNS["statute"].search(line) is None
    )
