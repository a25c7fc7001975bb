"""Messages between a reading process and its parent: length-prefixed MessagePack, nothing that could run code."""

import os
import struct
from typing import TypeAlias

import msgspec

from apps.extraction.engine.errors import ErrorCode
from apps.extraction.engine.types import PageReading

_LENGTH = struct.Struct(">I")


class FileRequest(msgspec.Struct, kw_only=True, tag_field="do"):
    """What every request about a file says; a path is bytes, because it need not be valid Unicode."""

    path: bytes
    media_type: str = ""
    password: str | None = None
    max_pages: int
    cpu_s: float


class Open(FileRequest, tag="open"):
    """Identify and open a file: DocumentInfo."""

    name: str


class ReadRange(FileRequest, tag="read"):
    """The text layers of a range of pages: ReadPages."""

    first: int
    last: int


class Recognise(FileRequest, tag="recognise"):
    """Recognise one page: PageReading."""

    number: int


class FindTables(FileRequest, tag="tables"):
    """The tables of a range of pages: FoundTables."""

    first: int
    last: int
    readings: list[PageReading] = []


class Render(FileRequest, tag="render"):
    """Draw a page: WebP bytes."""

    number: int
    width_px: int


class Perform(FileRequest, tag="perform"):
    """Do one of the `operations`: whatever that gives."""

    operation: str
    arguments: msgspec.Raw


class AskGuards(msgspec.Struct, tag_field="do", tag="guards"):
    """Which guards hold in this process: dict of name to bool."""


Request: TypeAlias = Open | ReadRange | Recognise | FindTables | Render | Perform | AskGuards


class Failure(msgspec.Struct, kw_only=True):
    """The answer where there is no result."""

    code: ErrorCode
    message: str
    detail: str = ""
    media_type: str | None = None


class Answer(msgspec.Struct):
    """A result, encoded already, or a failure."""

    result: msgspec.Raw = msgspec.Raw(b"\xc0")  # nil
    failure: Failure | None = None


def write_message(descriptor: int, payload: bytes) -> None:
    """Write a whole message; raises OSError when the other side is gone."""
    view = memoryview(_LENGTH.pack(len(payload)) + payload)
    while view:
        view = view[os.write(descriptor, view) :]


def read_message(descriptor: int) -> bytes | None:
    """Return the next message, None when the other side closed the pipe."""
    head = _read_exactly(descriptor, _LENGTH.size)
    return None if head is None else _read_exactly(descriptor, _LENGTH.unpack(head)[0])


def _read_exactly(descriptor: int, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        part = os.read(descriptor, min(1 << 20, size - len(data)))
        if not part:
            return None
        data += part
    return bytes(data)


def length_of(head: bytes) -> int:
    """Return the payload's length that the first four bytes of a message announce."""
    return int(_LENGTH.unpack(head)[0])


HEAD_BYTES = _LENGTH.size
