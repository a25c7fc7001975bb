"""Opens an RTF file."""

import struct
from contextlib import suppress
from typing import Final

import olefile

from apps.extraction.engine.errors import ReadingError
from apps.extraction.engine.readers.base import BlockDocument, Source
from apps.extraction.engine.readers.office.margins import with_margins
from apps.extraction.engine.readers.office.objects import Embedded, native, unwrapped
from apps.extraction.engine.readers.paging import Paged, paged
from apps.extraction.engine.readers.rtf.parser import Content, Parser
from apps.extraction.engine.types import ChildFile

_MOST_FILES: Final = 500
_NOT_HEX: Final = bytes(set(range(256)) - set(b"0123456789abcdefABCDEF"))


class RtfDocument(BlockDocument):
    """An RTF file. The key of an embedded file is where its data begin and end."""

    def __init__(self, source: Source, cut: Paged, content: Content, children: list[ChildFile]) -> None:
        self._path = source.path
        super().__init__(source, cut.pages, content.header.metadata(), children=children)

    def child(self, key: str) -> bytes:
        """Return the bytes of an embedded file."""
        if key not in {row.key for row in self.info.children}:
            return super().child(key)
        start, _, end = key.partition("-")
        found = _embedded(self._path.read_bytes()[int(start) : int(end)])
        return found.data if found else super().child(key)


def open_document(source: Source) -> RtfDocument:
    """Read the whole file."""
    data = source.path.read_bytes()
    content = Parser(data).read()
    headers = [block for block in content.margins if block.kind == "header"]
    footers = [block for block in content.margins if block.kind == "footer"]
    cut = paged(with_margins(headers, [*content.body.blocks, *content.notes], footers), content.body.tables)
    return RtfDocument(source, cut, content, _children(data, content.objects))


def _children(data: bytes, places: list[tuple[int, int]]) -> list[ChildFile]:
    children = []
    for start, end in places[:_MOST_FILES]:
        found = _embedded(data[start:end])
        if found is not None:
            key = f"{start}-{end}"
            children.append(ChildFile(key=key, name=found.name, media_type=found.media_type, size=len(found.data)))
    return children


def _embedded(text: bytes) -> Embedded | None:
    """Return the file of an object's hexadecimal data: an OLE 1.0 object (MS-OLEDS 2.2.5) around it."""
    digits = text.translate(None, _NOT_HEX)
    data = bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
    with suppress(struct.error, ReadingError):
        at = 8
        class_name = b""
        for _ in range(3):  # the names of class, topic and item
            (length,) = struct.unpack_from("<L", data, at)
            class_name = class_name or data[at + 4 : at + 4 + length]
            at += 4 + length
        (size,) = struct.unpack_from("<L", data, at)
        inner = data[at + 4 : at + 4 + size]
        if inner.startswith(olefile.MAGIC):
            return unwrapped("object.bin", inner)
        if class_name.rstrip(b"\0") == b"Package":
            return native(b"\0" * 4 + inner, "object.bin")
    return None
