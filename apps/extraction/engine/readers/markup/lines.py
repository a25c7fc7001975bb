"""Collects text so that blanks collapse as a browser's do."""

import re

from apps.extraction.engine.text import clean, tidy_blanks

_BLANKS = re.compile(r"[ \t\n\r\f]+")


class Lines:
    """Text in the making. While `preformatted` is above zero, blanks and line ends are kept."""

    def __init__(self, *, preformatted: int = 0) -> None:
        self._parts: list[str] = []
        self._pending = ""  # what separates the next word from the last
        self.preformatted = preformatted

    def write(self, text: str) -> None:
        """Add text as it stands in the file."""
        if self.preformatted > 0:
            self._flush()
            self._parts.append(text)
            return
        words = _BLANKS.sub(" ", text)
        if words.startswith(" "):
            self.gap(" ")
        if words.strip(" "):
            self._flush()
            self._parts.append(words.strip(" "))
            if words.endswith(" "):
                self.gap(" ")

    def gap(self, blank: str) -> None:
        """Part what follows by a blank or a tab, unless a break does already."""
        if "\n" not in self._pending and self._pending != "\t":
            self._pending = blank

    def line_break(self, *, spaced: bool) -> None:
        """Begin a line, with an empty one before it if `spaced`."""
        if self._pending != "\n\n":
            self._pending = "\n\n" if spaced else "\n"

    def _flush(self) -> None:
        if self._parts:
            self._parts.append(self._pending)
        self._pending = ""

    def text(self) -> str:
        """Return what was collected, cleaned."""
        return tidy_blanks(clean("".join(self._parts)))
