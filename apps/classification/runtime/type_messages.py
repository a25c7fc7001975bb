"""Messages between a program and its model process: MessagePack behind a four-byte length."""

import struct
from typing import IO, Any, TypeVar

import msgspec

from apps.classification.engine.document_text import DocumentText

_LENGTH = struct.Struct(">I")
_LONGEST_MESSAGE = 1 << 28
_Message = TypeVar("_Message", bound=msgspec.Struct)


class TypeRequest(msgspec.Struct):
    """One document as its type is read."""

    id: int
    document: DocumentText


class TypeReply(msgspec.Struct):
    """The contract's `type` object, or why there is none. Id 0 announces that the models are loaded."""

    id: int
    result: dict[str, Any] | None = None
    error: str | None = None


def write_message(stream: IO[bytes], message: msgspec.Struct) -> None:
    """Send one message and flush; raises OSError when the other side is gone."""
    data = msgspec.msgpack.encode(message)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def read_message(stream: IO[bytes], kind: type[_Message]) -> _Message | None:
    """Receive one message; None when the stream ended. Raises ValueError for one that is too long."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(head)
    if size > _LONGEST_MESSAGE:
        raise ValueError(f"message of {size} bytes")
    data = stream.read(size)
    return msgspec.msgpack.decode(data, type=kind) if len(data) == size else None
