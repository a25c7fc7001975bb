"""The lists of a DOC: definitions with their levels, and the lists that use them (MS-DOC 2.9.131, 2.9.147, 2.9.150)."""

import struct
from contextlib import suppress
from dataclasses import replace
from typing import Final

from apps.extraction.engine.readers.doc.structure import LIST_DEFINITIONS, LISTS, WordFile
from apps.extraction.engine.readers.office.numbering import Level, ListPlan, Numbering

_FORMS: Final = {
    0: "decimal",
    1: "upperRoman",
    2: "lowerRoman",
    3: "upperLetter",
    4: "lowerLetter",
    22: "decimalZero",
    23: "bullet",
    255: "none",
}
_DEFINITION_BYTES: Final = 28
_LEVEL_BYTES: Final = 28
_LIST_BYTES: Final = 16
_LEVELS: Final = 9
_STARTS_ANEW: Final = 0x10
_HAS_FORM: Final = 0x20


def numbering_of(file: WordFile) -> Numbering:
    """Return the lists of a file by their numbers from 1; damaged ones are left out with those after them."""
    numbering = Numbering()
    with suppress(struct.error, IndexError, ValueError):
        data, _ = file.region_and_rest(LISTS)
        _add_lists(numbering, data, _definitions(file))
    return numbering


def _definitions(file: WordFile) -> dict[int, dict[int, Level]]:
    data, at = file.region_and_rest(LIST_DEFINITIONS)
    if len(data) < 2:
        return {}
    (count,) = struct.unpack_from("<H", data)
    found = {}
    for index in range(count):
        head = 2 + _DEFINITION_BYTES * index
        (name,) = struct.unpack_from("<l", data, head)
        levels: dict[int, Level] = {}
        for level in range(1 if data[head + 26] & 1 else _LEVELS):
            levels[level], at = _level(data, at)
        found[name] = levels
    return found


def _level(data: bytes, at: int) -> tuple[Level, int]:
    """Return a level and where the next one begins; signs below 9 stand for the numbers of levels."""
    start, form = struct.unpack_from("<lB", data, at)
    at += _LEVEL_BYTES + data[at + 24] + data[at + 25]
    (length,) = struct.unpack_from("<H", data, at)
    signs = struct.unpack_from(f"<{length}H", data, at + 2)
    pattern = "".join(f"%{sign + 1}" if sign < _LEVELS else chr(sign) for sign in signs)
    return Level(_FORMS.get(form, "decimal"), pattern, max(0, start)), at + 2 + 2 * length


def _add_lists(numbering: Numbering, data: bytes, definitions: dict[int, dict[int, Level]]) -> None:
    if len(data) < 4:
        return
    (count,) = struct.unpack_from("<L", data)
    at = 4 + _LIST_BYTES * count
    for index in range(count):
        (name,) = struct.unpack_from("<l", data, 4 + _LIST_BYTES * index)
        levels = dict(definitions.get(name, {}))
        restarts = set()
        at += 4
        for _ in range(data[4 + _LIST_BYTES * index + 12]):
            start, flags = struct.unpack_from("<lL", data, at)
            at += 8
            level = flags & 0xF
            if flags & _HAS_FORM:
                levels[level], at = _level(data, at)
            if flags & _STARTS_ANEW:
                levels[level] = replace(levels.get(level, Level()), start=max(0, start))
                restarts.add(level)
        numbering.add(str(index + 1), ListPlan(str(name), levels, restarts))
