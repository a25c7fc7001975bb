"""The OLE files of older office programs: their streams and their properties."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import olefile

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.office.opc import MOST_XML_BYTES
from apps.extraction.engine.text import clean

_VALUE_CHARACTERS: Final = 1_000


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
        found: dict[str, object] = {}
        with suppress(Exception):  # damaged properties take nothing from the text
            properties = self._file.get_metadata()
            encoding = _encoding(properties.codepage)
            for name, value in (("title", properties.title), ("author", properties.author)):
                text = value.decode(encoding, "replace") if isinstance(value, bytes) else str(value or "")
                if text := " ".join(clean(text).split())[:_VALUE_CHARACTERS]:
                    found[name] = text
            # The first year of this calendar stands for no date.
            if isinstance(properties.create_time, datetime) and properties.create_time.year > 1601:
                found["created_at"] = properties.create_time.isoformat()
        return found


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


def _encoding(code_page: int | None) -> str:
    """Return the encoding of property texts; the numbers are unsigned, the library reads them as signed."""
    number = (code_page or 1252) & 0xFFFF
    return {65001: "utf-8", 1200: "utf-16-le", 10000: "mac_roman"}.get(number, f"cp{number}")
