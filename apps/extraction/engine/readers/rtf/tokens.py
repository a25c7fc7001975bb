"""The tokens of RTF: groups, control words, control symbols, escaped bytes and text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apps.extraction.engine.errors import ErrorCode, ReadingError

MOST_DEPTH: Final = 200_000
_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9A-Fa-f]{2})|\\(?P<symbol>[^A-Za-z])"
    rb"|(?P<open>\{)|(?P<close>\})|[\r\n\0]+|(?P<text>[^\\{}\r\n\0]+)|\\"
)
_IN_SKIPPED = re.compile(rb"\{|\}|\\bin(\d{1,10}) ?|\\[^A-Za-z]")


@dataclass(frozen=True, slots=True)
class Token:
    """A token: `open`, `close`, `word`, `symbol`, `byte` or `text`, with its value, its number and where it ends."""

    kind: str
    value: bytes
    number: int | None
    end: int


class Tokens:
    """Goes through a file; what is left out is jumped over, with binary data inside of it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __iter__(self) -> Iterator[Token]:
        data = self._data
        while found := _TOKEN.match(data, self._at):
            self._at = found.end()
            kind = found.lastgroup
            if kind in {"number", "word"}:
                number = found["number"]
                yield Token("word", found["word"], None if number is None else int(number), self._at)
                if found["word"] == b"bin":
                    self._at += max(0, int(number or 0))
            elif kind is not None:
                yield Token(kind, found[kind], None, self._at)

    def skip_group(self) -> int:
        """Go to the end of the group that is open; return where its closing brace stands."""
        depth = 1
        for _ in iter(int, 1):
            found = _IN_SKIPPED.search(self._data, self._at)
            if found is None:
                self._at = len(self._data)
                break
            self._at = found.end()
            if found[1] is not None:
                self._at += int(found[1])
            elif found[0] == b"{":
                depth += 1
            elif found[0] == b"}":
                depth -= 1
                if not depth:
                    self._at = found.start()
                    break
        return self._at


def checked_depth(depth: int) -> None:
    """Raise ReadingError for groups within groups that no program writes."""
    if depth > MOST_DEPTH:
        raise ReadingError(ErrorCode.CORRUPT, "The file is nested too deeply to be read.")
