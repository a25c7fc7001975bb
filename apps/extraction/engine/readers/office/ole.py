"""The OLE files of older office programs: their streams and their properties."""

import codecs
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import olefile

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.office.opc import MOST_XML_BYTES
from apps.extraction.engine.text import clean

_VALUE_CHARACTERS: Final = 1_000  # of a title or an author: a bound of caution
_SUMMARY: Final = "\x05SummaryInformation"
_CODE_PAGE: Final = 1
_TEXTS: Final = {2: "title", 4: "author"}
_CREATED: Final = 12
_WIDE: Final = 0x1F
_EPOCH: Final = datetime(1601, 1, 1)  # noqa: DTZ001  (as these files count; the zone is left out)


class Storage:
    """An opened OLE file; the names of streams ignore case."""

    def __init__(self, file: olefile.OleFileIO) -> None:
        self._file = file
        self._names = {"/".join(entry).lower(): entry for entry in file.listdir()}

    def stream(self, name: str) -> bytes | None:
        """Return a stream's bytes; None where there is none, ReadingError for one that is damaged or too large."""
        entry = self._names.get(name.lower())
        if entry is None:
            return None
        if self._file.get_size(entry) > MOST_XML_BYTES:
            raise ReadingError(ErrorCode.TOO_LARGE)
        return bytes(self._file.openstream(entry).read())

    def folders(self, name: str) -> list[str]:
        """Return the paths of the folders in a folder, in the file's order."""
        inside = (entry for entry in self._names.values() if len(entry) > 2 and entry[0].lower() == name.lower())
        return list(dict.fromkeys("/".join(entry[:2]) for entry in inside))

    def metadata(self) -> dict[str, object]:
        """Return the summary properties under the names of the analysis."""
        with suppress(struct.error, ReadingError, OverflowError):  # damaged properties take nothing from the text
            return _summary(self.stream(_SUMMARY) or b"")
        return {}


@contextmanager
def opened_storage(path: Path) -> Iterator[Storage]:
    """Open an OLE file; whatever is wrong with it is damage."""
    try:
        with olefile.OleFileIO(str(path)) as file:
            yield Storage(file)
    except (ReadingError, MemoryError):
        raise
    except Exception as error:  # a damaged file may make a parser raise anything
        raise ReadingError(ErrorCode.CORRUPT, detail=repr(error)) from error


def _summary(data: bytes) -> dict[str, object]:
    """Return title, author and date of a property stream (MS-OLEPS 2.21); only these are looked at."""
    if not data:
        return {}
    (section,) = struct.unpack_from("<L", data, 44)
    (count,) = struct.unpack_from("<L", data, section + 4)
    count = min(count, (len(data) - section - 8) // 8)
    rows = [struct.unpack_from("<LL", data, section + 8 + 8 * index) for index in range(count)]
    places = dict(reversed(rows))  # the first of an id holds: those behind the end are no rows
    encoding = _encoding(_number(data, section, places.get(_CODE_PAGE), "<H"))
    found: dict[str, object] = {}
    for key, name in _TEXTS.items():
        if text := " ".join(clean(_text(data, section, places.get(key), encoding)).split())[:_VALUE_CHARACTERS]:
            found[name] = text
    ticks = _number(data, section, places.get(_CREATED), "<Q")
    if ticks:
        found["created_at"] = (_EPOCH + timedelta(microseconds=ticks // 10)).isoformat()
    return found


def _number(data: bytes, section: int, place: int | None, form: str) -> int:
    return 0 if place is None else int(struct.unpack_from(form, data, section + place + 4)[0])


def _text(data: bytes, section: int, place: int | None, encoding: str) -> str:
    if place is None:
        return ""
    kind, length = struct.unpack_from("<LL", data, section + place)
    start = section + place + 8
    if kind == _WIDE:
        return data[start : start + 2 * length].decode("utf-16-le", "replace").partition("\0")[0]
    return data[start : start + length].decode(encoding, "replace").partition("\0")[0]


def _encoding(code_page: int) -> str:
    """Return the encoding of property texts by its Windows code page."""
    name = {0: "cp1252", 65001: "utf-8", 1200: "utf-16-le", 10000: "mac_roman"}.get(code_page, f"cp{code_page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"
