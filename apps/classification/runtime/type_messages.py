"""Messages between a program and its model process: MessagePack behind a four-byte length."""

import struct
from typing import IO, Any, TypeAlias, TypeVar

import msgspec

from apps.classification.engine.document_text import DocumentText

_LENGTH = struct.Struct(">I")
_LONGEST_MESSAGE = 1 << 28
_Message = TypeVar("_Message")


class TypeRequest(msgspec.Struct, tag="type"):
    """One document as its type is read."""

    id: int
    document: DocumentText


class MentionsRequest(msgspec.Struct, tag="mentions"):
    """The texts of one document's pages, in which mentions of entities are looked for."""

    id: int
    texts: list[str]


ModelRequest: TypeAlias = TypeRequest | MentionsRequest


class ModelReply(msgspec.Struct):
    """What was found, or why there is nothing. Id 0 announces that the models are loaded.

    For a `TypeRequest` the contract's `type` object; for a `MentionsRequest` a list for each text, of lists of kind,
    begin, end and probability.
    """

    id: int
    result: Any = None
    error: str | None = None


def write_message(stream: IO[bytes], message: msgspec.Struct) -> None:
    """Send one message and flush; raises OSError when the other side is gone."""
    data = msgspec.msgpack.encode(message)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def read_message(stream: IO[bytes], decoder: "msgspec.msgpack.Decoder[_Message]") -> _Message | None:
    """Receive one message; None when the stream ended. Raises ValueError for one that is too long."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(head)
    if size > _LONGEST_MESSAGE:
        raise ValueError(f"message of {size} bytes")
    data = stream.read(size)
    return decoder.decode(data) if len(data) == size else None
