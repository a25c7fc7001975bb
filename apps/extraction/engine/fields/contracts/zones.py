"""Where things stand in a contract: title, preamble, recitals, signatures; and the lines with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from apps.extraction.engine.fields.contracts.patterns import patterns, plain_quotes
from apps.extraction.engine.fields.running import RunningText

_LONGEST_PREAMBLE: Final = 6_000  # characters; lists of parties with their addresses
_LONGEST_SIGNATURES: Final = 6_000
_LETTER_HEAD: Final = 2_500
_PATTERNS: Final = patterns("zones")
_LINE: Final = re.compile(r"[^\n\f\t]+")


@dataclass(frozen=True)
class Line:
    """A line of the running text, or a column's part of it."""

    start: int
    end: int
    text: str


class Zones:
    """A contract's running text with the places that matter."""

    def __init__(self, running: RunningText) -> None:
        self.running = running
        self.text = plain_quotes(running.text)
        self.language = next((page.language for page in running.pages if page.language), None)

    @cached_property
    def preamble_end(self) -> int:
        """Where recitals or clauses begin; the opening words of the text do not count as such."""
        match = next(
            (
                found
                for found in _PATTERNS["preamble_end"].finditer(self.text, 0, _LONGEST_PREAMBLE)
                if found.start() > 400
            ),
            None,
        )
        return match.start() if match else min(len(self.text), _LONGEST_PREAMBLE)

    @cached_property
    def signatures_start(self) -> int:
        """Where the signatures begin: the first sign of them in the second half of the text."""
        half = len(self.text) // 2
        match = _PATTERNS["signatures_begin"].search(self.text, half)
        return match.start() if match else len(self.text)

    @cached_property
    def is_letter(self) -> bool:
        """Whether the contract is a letter that the other side countersigns."""
        return _PATTERNS["letter"].search(self.text, 0, _LETTER_HEAD) is not None

    @cached_property
    def lines(self) -> list[Line]:
        """The lines of the text, cut where columns end."""
        return [Line(found.start(), found.end(), found.group()) for found in _LINE.finditer(self.text)]

    @cached_property
    def closing_lines(self) -> list[Line]:
        """The lines of the signatures, at most _LONGEST_SIGNATURES characters of them."""
        start = self.signatures_start
        return [line for line in self.lines if start - 2 <= line.start < start + _LONGEST_SIGNATURES]

    def before(self, offset: int, length: int) -> str:
        """Return the text in front of a place, white space made single, in lower case."""
        return " ".join(self.text[max(0, offset - length) : offset].split()).lower()

    def after(self, offset: int, length: int) -> str:
        """Return the text behind a place, white space made single."""
        return " ".join(self.text[offset : offset + length].split())


def words_with_places(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, word) for what stands between white space."""
    for found in re.finditer(r"\S+", text[start:end]):
        yield start + found.start(), start + found.end(), found.group()
