"""A page's words as one compressed array: boxes in 1/65535 of the page, confidences in 1/200, texts by line."""

import sys
import zlib
from array import array
from collections.abc import Sequence
from functools import cache

# x0, y0, x1, y1 as fractions of the shown page, text, confidence or None
WordRow = tuple[float, float, float, float, str, float | None]

VERSION = 1
BOX_UNIT = 65_535
CONFIDENCE_UNIT = 200
NO_CONFIDENCE = 255


def pack(words: Sequence[WordRow]) -> bytes:
    """Pack words; a text must hold no line break (a word never does)."""
    boxes = array("H", (round(side * BOX_UNIT) for word in words for side in word[:4]))
    if sys.byteorder == "big":
        boxes.byteswap()
    confidences = bytes(NO_CONFIDENCE if word[5] is None else round(word[5] * CONFIDENCE_UNIT) for word in words)
    texts = "\n".join(word[4] for word in words).encode()
    body = len(words).to_bytes(4, "little") + boxes.tobytes() + confidences + texts
    return bytes([VERSION]) + zlib.compress(body, 1)


def unpack(packed: bytes) -> list[WordRow]:
    """Unpack what `pack` made; raises ValueError for another version."""
    if packed[0] != VERSION:
        raise ValueError(f"words of version {packed[0]} cannot be read")
    body = zlib.decompress(packed[1:])
    count = int.from_bytes(body[:4], "little")
    boxes = array("H", body[4 : 4 + 8 * count])
    if sys.byteorder == "big":
        boxes.byteswap()
    confidences = body[4 + 8 * count : 4 + 9 * count]
    texts = body[4 + 9 * count :].decode().split("\n") if count else []
    all_sides, all_shares = _numbers()
    sides = [all_sides[side] for side in boxes]
    shares = [all_shares[unit] for unit in confidences]
    return list(zip(sides[::4], sides[1::4], sides[2::4], sides[3::4], texts, shares, strict=True))


@cache
def _numbers() -> tuple[list[float], list[float | None]]:
    """Return every side and confidence that a packed word can have: to look one up is quicker than to round it."""
    sides = [round(side / BOX_UNIT, 5) for side in range(BOX_UNIT + 1)]
    shares = [None if unit == NO_CONFIDENCE else unit / CONFIDENCE_UNIT for unit in range(NO_CONFIDENCE + 1)]
    return sides, shares
