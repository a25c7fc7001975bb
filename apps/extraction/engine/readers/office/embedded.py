"""Files embedded in the packages of office documents, taken out of the OLE objects they are wrapped in."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from apps.extraction.engine.errors import ReadingError
from apps.extraction.engine.readers.base import BlockDocument, LogicalPage, Source
from apps.extraction.engine.readers.office.objects import unwrapped
from apps.extraction.engine.readers.office.opc import Parts, opened_parts
from apps.extraction.engine.types import ChildFile

_KINDS: Final = ("package", "oleObject", "aFChunk")
# Bounds of caution, not measured: each file becomes a document, and is looked into before.
_MOST_FILES: Final = 500
_MOST_BYTES: Final = 256 << 20  # of all objects that are looked into


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
