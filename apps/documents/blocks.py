"""A page's blocks (headings, paragraphs, lists, tables in reading order) as one versioned, compressed value."""

import zlib
from collections.abc import Sequence
from typing import Any

import msgspec

VERSION = 1
BlockRow = dict[str, Any]
"""kind and text; where they say something: box, level, marker, note, table."""


def pack(blocks: Sequence[BlockRow]) -> bytes:
    """Pack blocks."""
    return bytes([VERSION]) + zlib.compress(msgspec.msgpack.encode(blocks), 1)


def unpack(packed: bytes) -> list[BlockRow]:
    """Unpack what `pack` made; raises ValueError for another version."""
    if packed[0] != VERSION:
        raise ValueError(f"blocks of version {packed[0]} cannot be read")
    return msgspec.msgpack.decode(zlib.decompress(packed[1:]), type=list[BlockRow])
