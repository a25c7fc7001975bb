"""Files embedded in the packages of office documents, taken out of the OLE objects they are wrapped in."""

import posixpath
import struct
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import olefile

from apps.extraction.engine.containers import DOC, PPT, XLS
from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import BlockDocument, LogicalPage, Source
from apps.extraction.engine.readers.names import media_type_by_name, safe_name
from apps.extraction.engine.readers.office.opc import Parts, opened_parts
from apps.extraction.engine.types import ChildFile

_KINDS: Final = ("package", "oleObject", "aFChunk")
_MOST_FILES: Final = 500
_MOST_BYTES: Final = 256 << 20  # of all objects that are looked into
_NATIVE: Final = "\x01Ole10Native"
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


class PackageDocument(BlockDocument):
    """A document of a package, whose embedded files are read from it again when asked for."""

    def __init__(
        self,
        source: Source,
        pages: list[LogicalPage],
        metadata: dict[str, object],
        *,
        children: list[ChildFile],
    ) -> None:
        super().__init__(source, pages, metadata, children=children)
        self._source = source

    def child(self, key: str) -> bytes:
        """Return the bytes of an embedded file; the key is the name of its part."""
        if key not in {row.key for row in self.info.children}:
            return super().child(key)
        with opened_parts(self._source.path, password=self._source.password) as parts:
            found = unwrapped(key, parts.read(key))
        return found.data if found else super().child(key)


def embedded_files(parts: Parts, holders: Iterable[str]) -> list[ChildFile]:
    """Return the files embedded in the given parts of an Office Open XML package."""
    return files_of(parts, (name for holder in holders for kind in _KINDS for name in parts.related(holder, kind)))


def files_of(parts: Parts, members: Iterable[str]) -> list[ChildFile]:
    """Return the files that members of a package are or hold; objects that hold no file of their own are none."""
    children: list[ChildFile] = []
    left = _MOST_BYTES
    for name in dict.fromkeys(members):
        left -= parts.size(name) or 0
        if left < 0 or len(children) == _MOST_FILES:
            break
        with suppress(ReadingError):
            found = unwrapped(name, parts.read(name))
            if found is not None:
                children.append(ChildFile(key=name, name=found.name, media_type=found.media_type, size=len(found.data)))
    return children


def unwrapped(part: str, data: bytes) -> Embedded | None:
    """Return the file an embedded part is or holds; None for an object without one, such as an old formula."""
    name = posixpath.basename(part)
    if not data.startswith(olefile.MAGIC):
        return Embedded(name, media_type_by_name(name), data) if data else None
    try:
        with olefile.OleFileIO(BytesIO(data)) as storage:
            streams = {"/".join(entry).lower(): entry for entry in storage.listdir()}
            if _NATIVE.lower() in streams:
                return native(storage.openstream(streams[_NATIVE.lower()]).read(), name)
            for inner, ending in (("package", ".zip"), ("contents", ".pdf")):
                if inner in streams:
                    return _plain(storage.openstream(streams[inner]).read(), f"{name.rpartition('.')[0]}{ending}")
    except Exception as error:
        raise ReadingError(ErrorCode.CORRUPT, detail=repr(error)) from error
    for stream, (media_type, ending) in _WHOLE.items():
        if stream in streams:
            return Embedded(name.rpartition(".")[0] + ending, media_type, data)
    return None


def _plain(data: bytes, name: str) -> Embedded | None:
    """Return a file an object holds as it is: a PDF or a package."""
    if data.startswith(b"%PDF"):
        return Embedded(name, "application/pdf", data)
    if zipfile.is_zipfile(BytesIO(data)):
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
