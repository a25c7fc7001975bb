"""What the head of an RTF file says: fonts and their character sets, heading styles, title, author, date."""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from apps.extraction.engine.readers.rtf import code_pages
from apps.extraction.engine.text import clean

_VALUE_CHARACTERS: Final = 1_000
_DATE_PARTS: Final = (b"yr", b"mo", b"dy", b"hr", b"min")


@dataclass
class Header:
    """The tables of the head. `headings` are the levels of the styles that are headings, by their numbers."""

    encoding: str = code_pages.DEFAULT
    headings: dict[int, int] = field(default_factory=dict)
    _fonts: dict[int, str | None] = field(default_factory=dict)
    _font: int = 0
    _style: int = 0
    _style_name: list[str] = field(default_factory=list)
    _texts: dict[bytes, list[str]] = field(default_factory=lambda: defaultdict(list))
    _created: dict[bytes, int] = field(default_factory=dict)

    def encoding_of(self, font: int) -> str | None:
        """Return the encoding of a font; None where the file's own holds."""
        return self._fonts.get(font)

    def set(self, destination: bytes, word: bytes, number: int | None) -> None:
        """Take in a property that stands in one of the tables, or one of the file."""
        if word == b"ansicpg":
            self.encoding = code_pages.of_page(number)
        elif word in code_pages.OF_WORDS:
            self.encoding = code_pages.OF_WORDS[word]
        elif destination == b"fonttbl":
            self._set_font(word, number)
        elif destination == b"stylesheet":
            if word == b"s":
                self._style = number or 0
            elif word == b"outlinelevel" and number is not None and 0 <= number < 9:
                self.headings.setdefault(self._style, number + 1)
        elif destination == b"creatim" and word in _DATE_PARTS and number is not None:
            self._created[word] = number

    def write(self, destination: bytes, text: str) -> None:
        """Take in text that stands in one of the tables; a style's name ends with a semicolon."""
        if destination in {b"title", b"author"}:
            self._texts[destination].append(text)
        elif destination == b"stylesheet":
            self._style_name.append(text)
            if ";" in text:
                name = "".join(self._style_name).strip(" ;").lower()
                if name.startswith("heading ") and name[8:9].isdigit():
                    self.headings.setdefault(self._style, int(name[8]))
                self._style, self._style_name = 0, []

    def end(self, destination: bytes) -> None:
        """Close a table."""
        if destination == b"stylesheet":
            self._style, self._style_name = 0, []

    def metadata(self) -> dict[str, object]:
        """Return title, author and date under the names of the analysis."""
        found: dict[str, object] = {}
        for key, name in ((b"title", "title"), (b"author", "author")):
            value = " ".join(clean("".join(self._texts.get(key, ()))).split())[:_VALUE_CHARACTERS]
            if value:
                found[name] = value
        year, month, day, hour, minute = (self._created.get(key, 0) for key in _DATE_PARTS)
        with suppress(ValueError, OverflowError):  # no date, or none that there is
            found["created_at"] = datetime(year, month, day, hour, minute).isoformat()  # noqa: DTZ001  (none is written)
        return found

    def _set_font(self, word: bytes, number: int | None) -> None:
        if word == b"f":
            self._font = number or 0
        elif word == b"fcharset":
            self._fonts[self._font] = code_pages.of_charset(number)
        elif word == b"cpg":
            self._fonts[self._font] = code_pages.of_page(number)
