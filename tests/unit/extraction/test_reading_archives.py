"""ZIP archives, e-books, and formats told by what is inside a container."""

import zipfile
from pathlib import Path

import pytest

from apps.extraction.engine import containers
from apps.extraction.engine.containers import directory_bytes, kind_of
from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.identify import media_type_of
from apps.extraction.engine.readers import open_document, packages
from apps.extraction.engine.readers.base import OpenDocument, Source
from apps.extraction.engine.readers.names import media_type_by_name, safe_name
from tests.unit.extraction import makers_containers
from tests.unit.extraction.makers_containers import Storage, archive


def opened(path: Path, password: str | None = None) -> OpenDocument:
    return open_document(Source(path=path, media_type=media_type_of(path, path.name), password=password))


def refusal(path: Path, password: str | None = None) -> ReadingError:
    with pytest.raises(ReadingError) as caught:
        opened(path, password)
    return caught.value


def test_members_are_files_inside(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "a.zip",
        {
            "bills/one.pdf": b"%PDF",
            "two.docx": b"x",
            "__MACOSX/._two.docx": b"y",
            "bills/Thumbs.db": b"z",
            "empty/": b"",
        },
    )
    document = opened(path)
    assert [(child.key, child.name, child.media_type, child.size) for child in document.info.children] == [
        ("bills/one.pdf", "one.pdf", "application/pdf", 4),
        ("two.docx", "two.docx", containers.DOCX, 1),
    ]
    assert document.read_page(1).text == "bills/one.pdf\ntwo.docx"
    assert document.child("bills/one.pdf") == b"%PDF"


def test_names_lead_nowhere(tmp_path: Path) -> None:
    document = opened(archive(tmp_path / "a.zip", {"../../etc/passwd": b"x", "..\\win.txt": b"y"}))
    assert [child.name for child in document.info.children] == ["passwd", "win.txt"]
    assert (safe_name("a/b\\c\n.txt"), safe_name("x/")) == ("c .txt", "")
    assert (media_type_by_name("A.ODT"), media_type_by_name("b")) == (containers.ODT, "application/octet-stream")


def test_an_archive_of_nothing_is_empty(tmp_path: Path) -> None:
    assert refusal(archive(tmp_path / "a.zip", {"folder/": b""})).code == ErrorCode.EMPTY


def test_a_split_archive_and_other_kinds_are_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "part.zip"
    path.write_bytes(b"PK\x07\x08PK\x03\x04" + b"\0" * 100)
    assert "Join" in refusal(path).message
    path = tmp_path / "a.tar.gz"
    path.write_bytes(b"\x1f\x8b\x08" + b"\0" * 100)
    assert "ZIP" in refusal(path).message
    path = tmp_path / "a.heic"
    path.write_bytes(b"\0\0\0\x24ftypheic" + b"\0" * 100)
    assert "JPEG" in refusal(path).message


# A file of one byte, `x`, encrypted with the password `secret` by the method of PKZIP (APPNOTE 6.1).
def _encrypted(path: Path) -> Path:
    keys = [0x12345678, 0x23456789, 0x34567890]
    crc_table = [_crc(number) for number in range(256)]

    def update(byte: int) -> None:
        keys[0] = (keys[0] >> 8) ^ crc_table[(keys[0] ^ byte) & 0xFF]
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = (keys[2] >> 8) ^ crc_table[(keys[2] ^ (keys[1] >> 24)) & 0xFF]

    def encrypt(byte: int) -> int:
        key = (keys[2] | 2) & 0xFFFF
        coded = byte ^ ((key * (key ^ 1)) >> 8) & 0xFF
        update(byte)
        return coded

    archive(path, {"note.txt": b"x"})
    with zipfile.ZipFile(path) as handle:
        info = handle.infolist()[0]
    for byte in b"secret":
        update(byte)
    plain = bytes(11) + bytes([info.CRC >> 24]) + _stored(path, info)
    coded = bytes(encrypt(byte) for byte in plain)
    data = bytearray(path.read_bytes())
    start = 30 + len(info.filename)
    data[start : start + info.compress_size] = coded
    data[6] |= 1
    data[18:22] = len(coded).to_bytes(4, "little")
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    data[central + 20 : central + 24] = len(coded).to_bytes(4, "little")
    end = data.index(b"PK\x05\x06")
    data[end + 16 : end + 20] = central.to_bytes(4, "little")
    path.write_bytes(bytes(data))
    return path


def _stored(path: Path, info: zipfile.ZipInfo) -> bytes:
    start = 30 + len(info.filename)
    return path.read_bytes()[start : start + info.compress_size]


def _crc(number: int) -> int:
    for _ in range(8):
        number = (number >> 1) ^ 0xEDB88320 if number & 1 else number >> 1
    return number


def test_a_locked_archive_opens_with_its_password(tmp_path: Path) -> None:
    path = _encrypted(tmp_path / "a.zip")
    assert refusal(path).code == ErrorCode.ENCRYPTED
    assert refusal(path, "wrong").code == ErrorCode.WRONG_PASSWORD
    assert opened(path, "secret").child("note.txt") == b"x"


TYPES = (
    '<Types><Override PartName="/{}" ContentType="application/vnd.openxmlformats-officedocument.{}.main+xml"/></Types>'
)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"[Content_Types].xml": TYPES.format("a.xml", "wordprocessingml.document"), "a.xml": ""}, containers.DOCX),
        ({"[Content_Types].xml": TYPES.format("a.xml", "spreadsheetml.sheet"), "word/x": ""}, containers.XLSX),
        ({"[Content_Types].xml": TYPES.format("a.xml", "presentationml.slideshow"), "a.xml": ""}, containers.PPTX),
        ({"[Content_Types].xml": "<Types/>", "word/document.xml": ""}, containers.DOCX),
        ({"mimetype": containers.ODT, "word/document.xml": "", "content.xml": ""}, containers.ODT),
        ({"mimetype": f"{containers.ODS}-template"}, containers.ODS),
        ({"mimetype": "application/epub+zip\n"}, containers.EPUB),
        ({"word/report.docx": "", "xl/sheet.xlsx": ""}, containers.ZIP),
        ({"a/[Content_Types].xml": TYPES}, containers.ZIP),
    ],
)
def test_zip_kinds(tmp_path: Path, members: dict[str, str], expected: str) -> None:
    path = archive(tmp_path / "x", {name: text.encode() for name, text in members.items()})
    assert media_type_of(path, "x.bin") == expected


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ({"WordDocument": b"x", "ObjectPool": {"Workbook": b"x"}}, containers.DOC),
        ({"Workbook": b"x"}, containers.XLS),
        ({"Book": b"x"}, containers.XLS),
        ({"PowerPoint Document": b"x" * 5_000}, containers.PPT),
        ({"__properties_version1.0": b"x"}, containers.MSG),
        ({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}, containers.PROTECTED),
        ({"ObjectPool": {"WordDocument": b"x"}}, containers.OLE),
    ],
)
def test_ole_kinds(tmp_path: Path, root: Storage, expected: str) -> None:
    path = makers_containers.ole(tmp_path / "x", root)
    assert media_type_of(path, "x.doc") == expected


def test_a_locked_office_file_is_encrypted(tmp_path: Path) -> None:
    error = refusal(makers_containers.ole(tmp_path / "a.docx", {"EncryptedPackage": b"x"}))
    assert error.code == ErrorCode.ENCRYPTED


def test_broken_containers_keep_a_kind(tmp_path: Path) -> None:
    whole = makers_containers.ole(tmp_path / "a.doc", {"WordDocument": b"x"}).read_bytes()
    path = tmp_path / "b.doc"
    path.write_bytes(whole[:600])
    assert kind_of(path, whole[:512]) == containers.OLE
    path.write_bytes(b"PK\x03\x04" + b"\0" * 60)
    assert kind_of(path, b"PK\x03\x04") == containers.ZIP
    assert refusal(path).code == ErrorCode.CORRUPT


def test_an_endless_table_of_contents_is_never_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path / "a.zip", {f"{number}.txt": b"" for number in range(100)})
    size = directory_bytes(path)
    with zipfile.ZipFile(path) as handle:
        assert size == sum(46 + len(name) for name in handle.namelist())
    monkeypatch.setattr(packages, "MOST_DIRECTORY_BYTES", size - 1)
    assert refusal(path).code == ErrorCode.TOO_LARGE
    assert directory_bytes(archive(tmp_path / "b.zip", {})) == 0


CHAPTERS = {
    "two.xhtml": "<html><body><h1>Second</h1><p>More of <a href='https://example.org'>it</a>.</p></body></html>",
    "one%20.xhtml": "<html><body><h1>First</h1><p>Once.</p></body></html>",
    "left.xhtml": "<html><body><p>Not in the book.</p></body></html>",
}


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    chapters = {name.replace("%20", ""): text for name, text in CHAPTERS.items()}
    path = makers_containers.book_of(tmp_path / "a.epub", chapters, spine=["one.xhtml", "two.xhtml"])
    document = opened(path)
    assert [document.read_page(number).text for number in (1, 2)] == ["First\n\nOnce.", "Second\n\nMore of it."]
    assert document.info.metadata == {
        "title": "Two chapters",
        "author": "Alice",
        "language": "en",
        "created_at": "2026-03-02",
    }
    assert [(mark.title, mark.page) for mark in document.info.outline] == [("First", 1), ("Second", 2)]
    assert [(link.page, link.target) for link in document.info.links] == [(2, "https://example.org")]


def test_a_book_protected_against_copying_says_so(tmp_path: Path) -> None:
    chapters = {"one.xhtml": CHAPTERS["two.xhtml"]}
    path = makers_containers.book_of(tmp_path / "a.epub", chapters, spine=["one.xhtml"], locked="one.xhtml")
    assert refusal(path).code == ErrorCode.ENCRYPTED
    fonts = makers_containers.book_of(tmp_path / "b.epub", chapters, spine=["one.xhtml"], locked="font.otf")
    assert opened(fonts).info.page_count == 1


def test_a_book_without_a_package_document_is_corrupt(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "a.epub", {"mimetype": b"application/epub+zip", "META-INF/container.xml": b"<container/>"}
    )
    assert refusal(path).code == ErrorCode.CORRUPT
