"""Properties of a DOC's paragraphs and characters, and its styles (MS-DOC 2.6, 2.9.32, 2.9.136, 2.9.271)."""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from apps.extraction.engine.readers.doc.structure import (
    CHARACTER_PROPERTIES,
    PARAGRAPH_PROPERTIES,
    STYLES,
    WordFile,
)

_PAGE_BYTES: Final = 512
_IN_TABLE: Final = 0x2416
_ROW_END: Final = 0x2417
_OUTLINE_LEVEL: Final = 0x2640
_LIST_LEVEL: Final = 0x260A
_LIST: Final = 0x460B
_DELETED: Final = 0x0800
_HIDDEN: Final = 0x083C
_LONG_TABLE: Final = 0xD608
_TABS: Final = 0xC615
_OPERAND_BYTES: Final = (1, 1, 2, 4, 2, 2, 0, 3)
_MOST_ANCESTORS: Final = 16
TITLE: Final = 62
CAPTION: Final = 34


@dataclass(frozen=True)
class Paragraph:
    """The properties of a paragraph; `outline` is a level from 0, 9 for body text, None where nothing is said."""

    style: int = 0
    is_in_table: bool = False
    ends_row: bool = False
    outline: int | None = None
    list_level: int | None = None
    list_id: int | None = None


class Properties:
    """The paragraphs' properties by their places in the main stream."""

    def __init__(self, file: WordFile) -> None:
        runs = sorted((start, end, data) for start, end, data in _runs(file, PARAGRAPH_PROPERTIES, 13))
        self._starts = [start for start, _, _ in runs]
        self._runs = runs

    def at(self, offset: int) -> Paragraph:
        """Return the properties of the paragraph whose mark stands at a place."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or offset >= self._runs[index][1]:
            return Paragraph()
        data = self._runs[index][2]
        if len(data) < 2:
            return Paragraph()
        found = dict(_modifiers(data[2:]))
        return Paragraph(
            style=struct.unpack_from("<H", data)[0],
            is_in_table=bool(found.get(_IN_TABLE, 0)),
            ends_row=bool(found.get(_ROW_END, 0)),
            outline=found.get(_OUTLINE_LEVEL),
            list_level=found.get(_LIST_LEVEL),
            list_id=found.get(_LIST),
        )


def left_out(file: WordFile) -> Iterator[tuple[int, int]]:
    """Give the places in the main stream of text that is deleted or hidden."""
    for start, end, data in _runs(file, CHARACTER_PROPERTIES, 1):
        found = dict(_modifiers(data))
        if found.get(_DELETED) or found.get(_HIDDEN) == 1:
            yield start, end


@dataclass(frozen=True)
class Style:
    """A paragraph style: the built-in one it is or comes from (1 to 9 are headings), and its list and level."""

    kind: int = 0
    list_id: int | None = None
    list_level: int | None = None


def styles_of(file: WordFile) -> list[Style]:
    """Return the styles by their numbers."""
    data = file.region(STYLES)
    if len(data) < 6:
        return []
    (header,) = struct.unpack_from("<H", data)
    at = 2 + header
    (base_bytes,) = struct.unpack_from("<H", data, 4)
    raw: list[_RawStyle] = []
    while at + 2 <= len(data):
        (length,) = struct.unpack_from("<H", data, at)
        if length >= 4 and at + 6 <= len(data):
            kind, base = struct.unpack_from("<HH", data, at + 2)
            raw.append(_RawStyle(kind & 0xFFF, base >> 4, _style_modifiers(data[at + 2 : at + 2 + length], base_bytes)))
        else:
            raw.append(_RawStyle())
        at += 2 + length + length % 2
    return [_style(raw, index) for index in range(len(raw))]


@dataclass(frozen=True)
class _RawStyle:
    kind: int = 0xFFF
    base: int = 0xFFF
    modifiers: dict[int, int] = field(default_factory=dict)


def _style(raw: list[_RawStyle], index: int) -> Style:
    kind = 0
    modifiers: dict[int, int] = {}
    for _ in range(_MOST_ANCESTORS):
        if index >= len(raw):
            break
        here = raw[index]
        if not kind and (1 <= here.kind <= 9 or here.kind in {TITLE, CAPTION}):
            kind = here.kind
        modifiers = {**here.modifiers, **modifiers}
        index = here.base
    return Style(kind, modifiers.get(_LIST), modifiers.get(_LIST_LEVEL))


def _style_modifiers(data: bytes, base_bytes: int) -> dict[int, int]:
    """Return the modifiers of a paragraph style, which stand behind its name."""
    if len(data) < base_bytes + 2 or base_bytes < 10 or data[2] & 0xF != 1:
        return {}
    (name_length,) = struct.unpack_from("<H", data, base_bytes)
    at = base_bytes + 2 + 2 * (name_length + 1)
    at += at % 2
    if at + 4 > len(data):
        return {}
    (length,) = struct.unpack_from("<H", data, at)
    return dict(_modifiers(data[at + 4 : at + 2 + length]))


def _runs(file: WordFile, index: int, width: int) -> Iterator[tuple[int, int, bytes]]:
    """Give the places of runs with their properties, from pages of 512 bytes; `width` is that of an entry."""
    data = file.region(index)
    count = max(0, (len(data) - 4) // 8)
    for number in range(count):
        (page,) = struct.unpack_from("<L", data, 4 * (count + 1) + 4 * number)
        block = file.main[page * _PAGE_BYTES : (page + 1) * _PAGE_BYTES]
        if len(block) < _PAGE_BYTES:
            continue
        runs = block[-1]
        if 4 * (runs + 1) + width * runs >= _PAGE_BYTES:
            continue
        places = struct.unpack_from(f"<{runs + 1}L", block)
        for run in range(runs):
            at = block[4 * (runs + 1) + width * run] * 2
            yield places[run], places[run + 1], _entry(block, at, is_paragraph=width > 1) if at else b""


def _entry(block: bytes, at: int, *, is_paragraph: bool) -> bytes:
    length = block[at]
    if not is_paragraph:
        return block[at + 1 : at + 1 + length]
    if length:
        return block[at + 1 : at + 2 * length]
    return block[at + 2 : at + 2 + 2 * block[at + 1]]


def _modifiers(data: bytes) -> Iterator[tuple[int, int]]:
    """Give the property modifiers with their operands, the longer ones as 0."""
    at = 0
    while at + 2 <= len(data):
        (code,) = struct.unpack_from("<H", data, at)
        at += 2
        size = _OPERAND_BYTES[code >> 13]
        if size:
            yield code, int.from_bytes(data[at : at + size], "little")
        elif at < len(data):
            yield code, 0
            size = 1 + data[at]
            if code == _LONG_TABLE:
                size = 1 + int.from_bytes(data[at : at + 2], "little")
            elif code == _TABS and data[at] == 255:
                return
        else:
            return
        at += size
