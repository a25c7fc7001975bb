"""Makers of files that hold files: OLE storages, Outlook messages, workbooks, e-books, archives."""

import datetime as dt
import struct
import zipfile
from pathlib import Path
from typing import TypeAlias

import xlsxwriter

Storage: TypeAlias = "dict[str, bytes | Storage]"
"""The streams and storages of an OLE file by their names."""

_SECTOR, _SMALL_SECTOR, _SMALL_STREAM = 512, 64, 4_096
_ROOT = 5
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_UNICODE, _BINARY = 0x001F, 0x0102


class _Chains:
    """Sectors of one size, and for each the one that follows it in its stream."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.sectors: list[bytes] = []
        self.following: list[int] = []

    def put(self, data: bytes) -> int:
        """Add a stream; the number of its first sector."""
        first = len(self.sectors)
        pieces = [data[at : at + self._size].ljust(self._size, b"\0") for at in range(0, len(data), self._size)]
        self.sectors += pieces
        self.following += [*range(first + 1, first + len(pieces)), _END] if pieces else []
        return first if pieces else _END

    def table(self) -> bytes:
        """Return the numbers of the sectors that follow, as they are stored."""
        return struct.pack(f"<{len(self.following)}I", *self.following)


def ole(path: Path, root: Storage) -> Path:
    """Write an OLE file (MS-CFB, version 3)."""
    large, small = _Chains(_SECTOR), _Chains(_SMALL_SECTOR)
    entries: list[bytes] = []

    def add(name: str, content: "bytes | Storage", kind: int, right: int) -> int:
        at = len(entries)
        entries.append(b"")
        child, first, size = _NONE, _END, 0
        if isinstance(content, bytes):
            size = len(content)
            first = (small if size < _SMALL_STREAM else large).put(content)
        else:
            for inner in sorted(content, key=lambda each: (len(each), each.upper()), reverse=True):
                value = content[inner]
                child = add(inner, value, 2 if isinstance(value, bytes) else 1, child)
        if kind == _ROOT:
            stream = b"".join(small.sectors)
            first, size = large.put(stream), len(stream)
        letters = name.encode("utf-16-le") + b"\0\0"
        entries[at] = struct.pack(
            "<64sHBBIII16xI16xIQ", letters, len(letters), kind, 1, _NONE, right, child, 0, first, size
        )
        return at

    add("Root Entry", root, _ROOT, _NONE)
    small_table = large.put(_padded(small.table()))
    directory = large.put(_padded(b"".join(entries)))
    count = 1
    while (len(large.sectors) + count) * 4 > count * _SECTOR:
        count += 1
    places = [len(large.sectors) + at for at in range(count)]
    table = (large.table() + struct.pack("<I", _FAT) * count).ljust(count * _SECTOR, b"\xff")
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII109I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, count, directory, 0, _SMALL_STREAM, small_table, int(bool(small.sectors)), _END, 0),
        *places,
        *[_FREE] * (109 - count),
    )
    path.write_bytes(header + b"".join(large.sectors) + table)
    return path


def _padded(data: bytes) -> bytes:
    """Fill the last sector of a table with marks of what is free."""
    return data + b"\xff" * (-len(data) % _SECTOR)


def _properties(header: bytes, values: dict[int, str | bytes]) -> Storage:
    """Return the streams of an Outlook object's properties."""
    streams: Storage = {}
    rows = []
    for pid, value in values.items():
        kind = _UNICODE if isinstance(value, str) else _BINARY
        data = value.encode("utf-16-le") if isinstance(value, str) else value
        streams[f"__substg1.0_{pid:04X}{kind:04X}"] = data
        rows.append(struct.pack("<HHIII", kind, pid, 6, len(data) + 2 * (kind == _UNICODE), 0))
    streams["__properties_version1.0"] = header + b"".join(rows)
    return streams


def outlook(path: Path, *, body: str = "", html: bytes = b"", attachment: bytes | None = None) -> Path:
    """Write a message from alice to bob."""
    facts: dict[int, str | bytes] = {
        0x0037: "Offer for March",
        0x0C1A: "Alice",
        0x0C1F: "alice@example.org",
        0x0E04: "Bob",
    }
    if body:
        facts[0x1000] = body
    if html:
        facts[0x1013] = html
    count = int(attachment is not None)
    root = _properties(struct.pack("<8x4I8x", 0, count, 0, count), facts)
    if attachment is not None:
        root["__attach_version1.0_#00000000"] = _properties(
            b"\0" * 8, {0x3707: "..\\plans\\offer.pdf", 0x3701: attachment}
        )
    return ole(path, root)


def archive(path: Path, members: dict[str, bytes]) -> Path:
    """Write a ZIP file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as handle:
        for name, data in members.items():
            handle.writestr(name, data)
    return path


def workbook(path: Path) -> Path:
    """Write sheets with merged cells, dates, a chart, a text box, a note, and a hidden one."""
    book = xlsxwriter.Workbook(str(path))
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Sales")
    sheet.write("A1", "Sales of alice")
    sheet.merge_range("A3:B3", "Spring")
    sheet.write_row("A4", ["Item", "Pieces"])
    sheet.write_row("A5", ["Bolts", 12])
    sheet.write_row("A6", ["Nuts", 7.5])
    sheet.write_row("D4", ["Paid", True])
    sheet.write_datetime("D5", _date("2026-03-02"), date)
    sheet.write_comment("A5", "Ask bob")
    sheet.insert_textbox("F1", "Draft only")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"name": "Pieces", "categories": "=Sales!$A$5:$A$6", "values": "=Sales!$B$5:$B$6"})
    chart.set_title({"name": "Pieces sold"})
    sheet.insert_chart("F5", chart)
    hidden = book.add_worksheet("Notes")
    hidden.write("A1", "for charlie only")
    hidden.hide()
    book.close()
    return path


def _date(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def book_of(path: Path, chapters: dict[str, str], *, spine: list[str], locked: str = "") -> Path:
    """Write an EPUB."""
    items = "".join(
        f'<item id="i{at}" href="{name}" media-type="application/xhtml+xml"/>' for at, name in enumerate(chapters)
    )
    order = {name: f"i{at}" for at, name in enumerate(chapters)}
    references = "".join(f'<itemref idref="{order[name]}"/>' for name in spine)
    members = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": b'<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        b'<rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        "OPS/book.opf": (
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
            "<dc:title>Two chapters</dc:title><dc:creator>Alice</dc:creator><dc:language>en</dc:language>"
            f"<dc:date>2026-03-02T00:00:00Z</dc:date></metadata><manifest>{items}</manifest>"
            f"<spine>{references}</spine></package>"
        ).encode(),
        **{f"OPS/{name}": text.encode() for name, text in chapters.items()},
    }
    if locked:
        members["META-INF/encryption.xml"] = (
            '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData><CipherData>'
            f'<CipherReference URI="OPS/{locked}"/></CipherData></EncryptedData></encryption>'
        ).encode()
    return archive(path, members)
