"""The tables that say where a DOC's text lies: the header of the main stream and the pieces (MS-DOC 2.5, 2.9.38)."""

import struct
from dataclasses import dataclass, field
from typing import Final

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.office.ole import Storage

# Places in the header of Word 97 and later.
_LENGTHS_AT: Final = 76  # of the parts of the text, in this order
_PARTS: Final = ("text", "footnotes", "headers", "macros", "comments", "endnotes", "boxes", "header_boxes")
_TABLES_AT: Final = 154
_FIRST_97: Final = 0x00C1
_WORD: Final = 0xA5EC
_OLDEST: Final = 0x0065  # Word 6
_ENCRYPTED: Final = 0x0100
_SECOND_TABLE: Final = 0x0200
_COMPRESSED: Final = 0x40000000

STYLES: Final = 1
FOOTNOTE_MARKS: Final = 2
HEADER_STORIES: Final = 11
CHARACTER_PROPERTIES: Final = 12
PARAGRAPH_PROPERTIES: Final = 13
_PIECES: Final = 33
ENDNOTE_MARKS: Final = 46
LIST_DEFINITIONS: Final = 73
LISTS: Final = 74


@dataclass(frozen=True)
class Piece:
    """A run of the text: its first position and the one after its last, its first byte and the bytes a character."""

    start: int
    end: int
    offset: int
    width: int


@dataclass
class WordFile:
    """The text of a file and the tables beside it; `ranges` are the positions of its parts."""

    main: bytes
    table: bytes
    pieces: list[Piece] = field(default_factory=list)
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    text: str = ""
    has_properties: bool = True

    def region(self, index: int) -> bytes:
        """Return one of the tables of the header; empty where the file has none."""
        if not self.has_properties:
            return b""
        offset, length = struct.unpack_from("<LL", self.main, _TABLES_AT + 8 * index)
        return self.table[offset : offset + length]

    def region_and_rest(self, index: int) -> tuple[bytes, int]:
        """Return a table with all that stands behind it, and its own length."""
        if not self.has_properties:
            return b"", 0
        offset, length = struct.unpack_from("<LL", self.main, _TABLES_AT + 8 * index)
        return (self.table[offset:], length) if length else (b"", 0)

    def positions(self, index: int, width: int) -> list[int]:
        """Return the positions of a table of marks that keeps `width` bytes for each; the last is the end."""
        data = self.region(index)
        count = max(0, (len(data) - 4) // (4 + width))
        return list(struct.unpack_from(f"<{count + 1}L", data)) if count else []

    def offset_of(self, position: int) -> int:
        """Return the place of a character in the main stream."""
        low, high = 0, len(self.pieces) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.pieces[middle].start <= position else (low, middle - 1)
        piece = self.pieces[low]
        return piece.offset + (position - piece.start) * piece.width


def word_file(storage: Storage) -> WordFile:
    """Return the text of a file with its tables; raises ReadingError for a locked one and one without text."""
    main = storage.stream("WordDocument")
    if main is None or len(main) < 32:
        raise ReadingError(ErrorCode.CORRUPT, detail="no main stream")
    identity, version = struct.unpack_from("<HH", main)
    (flags,) = struct.unpack_from("<H", main, 10)
    if flags & _ENCRYPTED:
        message = "The office file is protected by a password. Remove the protection to have it read."
        raise ReadingError(ErrorCode.ENCRYPTED, message)
    if version < _FIRST_97:
        return _old_file(main, identity, version)
    table = storage.stream("1Table" if flags & _SECOND_TABLE else "0Table") or b""
    file = WordFile(main, table)
    file.pieces = _pieces(file.region(_PIECES), size=len(main))
    file.text = "".join(_decoded(main, piece) for piece in file.pieces)
    start = 0
    for name, length in zip(_PARTS, struct.unpack_from("<8L", main, _LENGTHS_AT), strict=True):
        file.ranges[name] = (start, min(start + length, len(file.text)))
        start += length
    return file


def _old_file(main: bytes, identity: int, version: int) -> WordFile:
    """Return the text of a file of Word 6 or 95, which lies in one run unless the file was saved in haste."""
    if identity not in {_WORD, 0xA5DC} or version < _OLDEST:
        raise ReadingError(ErrorCode.UNSUPPORTED_TYPE, "Files of Word before version 6 cannot be read.")
    first, end = struct.unpack_from("<LL", main, 24)
    (length,) = struct.unpack_from("<L", main, 52)
    text = main[first:end].decode("cp1252", "replace")
    pieces = [Piece(0, len(text), first, 1)]
    return WordFile(main, b"", pieces, {"text": (0, min(length or len(text), len(text)))}, text, has_properties=False)


def _pieces(data: bytes, *, size: int) -> list[Piece]:
    """Return the pieces; they hold no more characters than the main stream has bytes."""
    at = 0
    while at + 3 <= len(data) and data[at] == 1:  # properties of pieces saved in haste
        at += 3 + struct.unpack_from("<H", data, at + 1)[0]
    if at + 5 > len(data) or data[at] != 2:
        raise ReadingError(ErrorCode.CORRUPT, detail="no pieces")
    (length,) = struct.unpack_from("<L", data, at + 1)
    count = (min(length, len(data) - at - 5) - 4) // 12
    positions = struct.unpack_from(f"<{count + 1}L", data, at + 5)
    if positions[-1] > size:
        raise ReadingError(ErrorCode.CORRUPT, detail="more text than bytes")
    pieces = []
    for index in range(count):
        (place,) = struct.unpack_from("<L", data, at + 5 + 4 * (count + 1) + 8 * index + 2)
        start, end = positions[index], positions[index + 1]
        if end < start:
            raise ReadingError(ErrorCode.CORRUPT, detail="pieces out of order")
        is_narrow = bool(place & _COMPRESSED)
        offset = (place & ~_COMPRESSED) // 2 if is_narrow else place
        pieces.append(Piece(start, end, offset, 1 if is_narrow else 2))
    return pieces


def _decoded(main: bytes, piece: Piece) -> str:
    """Return a piece's text in as many characters as it has positions, so that positions hold."""
    length = piece.end - piece.start
    data = main[piece.offset : piece.offset + length * piece.width]
    if len(data) < length * piece.width:
        raise ReadingError(ErrorCode.CORRUPT, detail="text ends early")
    if piece.width == 1:
        return data.decode("cp1252", "replace")
    return "".join(map(chr, struct.unpack(f"<{length}H", data)))
