"""Files inside the OLE objects of office documents: packaged files, PDFs, packages, documents of older programs."""

import posixpath
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import olefile

from apps.extraction.engine.containers import DOC, PPT, XLS
from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.names import media_type_by_name, safe_name

_NATIVE: Final = "\x01ole10native"
_OFFICE: Final = {"word": ".docx", "xl": ".xlsx", "ppt": ".pptx"}
_PLAIN: Final = {"package": ".zip", "contents": ".pdf"}
_WHOLE: Final = {
    "worddocument": (DOC, ".doc"),
    "workbook": (XLS, ".xls"),
    "book": (XLS, ".xls"),
    "powerpoint document": (PPT, ".ppt"),
}


@dataclass(frozen=True)
class Embedded:
    """A file taken out of an object."""

    name: str
    media_type: str
    data: bytes


def unwrapped(part: str, data: bytes) -> Embedded | None:
    """Return the file an embedded part is or holds; None for an object without one, such as an old formula."""
    name = posixpath.basename(part)
    if not data.startswith(olefile.MAGIC):
        return Embedded(name, media_type_by_name(name), data) if data else None
    stem = name.rpartition(".")[0] or name
    try:
        with olefile.OleFileIO(BytesIO(data)) as file:
            streams = {"/".join(entry).lower() for entry in file.listdir()}
            found = held(lambda stream: bytes(file.openstream(stream).read()) if stream in streams else None, stem)
    except MemoryError:
        raise
    except Exception as error:
        raise ReadingError(ErrorCode.CORRUPT, detail=repr(error)) from error
    if found is not None:
        return found
    for stream, (media_type, ending) in _WHOLE.items():
        if stream in streams:
            return Embedded(stem + ending, media_type, data)
    return None


def held(stream: Callable[[str], bytes | None], stem: str) -> Embedded | None:
    """Return the file that the streams of an object hold; None where they are a document themselves, or none."""
    data = stream(_NATIVE)
    if data is not None:
        return native(data, f"{stem}.bin")
    for inner, ending in _PLAIN.items():
        data = stream(inner)
        if data is not None:
            return _plain(data, stem + ending)
    return None


def _plain(data: bytes, name: str) -> Embedded | None:
    """Return a file an object holds as it is: a PDF or a package."""
    if data.startswith(b"%PDF"):
        return Embedded(name, "application/pdf", data)
    with suppress(zipfile.BadZipFile, OSError, ValueError), zipfile.ZipFile(BytesIO(data)) as archive:
        folders = {member.partition("/")[0] for member in archive.namelist()}
        name = f"{name.rpartition('.')[0]}{next((_OFFICE[folder] for folder in _OFFICE if folder in folders), '.zip')}"
        return Embedded(name, media_type_by_name(name), data)
    return None


def native(stream: bytes, fallback: str) -> Embedded | None:
    """Return the file of a packager object: sizes, a label, two paths, then the data (MS-OLEDS 2.3.6)."""
    label_end = stream.find(b"\0", 6)
    path_end = stream.find(b"\0", label_end + 1)
    if label_end < 0 or path_end < 0 or len(stream) < path_end + 9:
        return None
    (length,) = struct.unpack_from("<L", stream, path_end + 5)
    at = path_end + 9 + length
    if at + 4 > len(stream):
        return None
    (size,) = struct.unpack_from("<L", stream, at)
    data = stream[at + 4 : at + 4 + size]
    name = safe_name(stream[6:label_end].decode("cp1252", "replace")) or fallback
    return Embedded(name, media_type_by_name(name), data) if data else None
