"""DOC: text by pieces, fields, notes, styles, tables, locked and damaged files."""

import struct
from pathlib import Path

import pytest

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.identify import media_type_of
from apps.extraction.engine.readers import open_document
from apps.extraction.engine.readers.base import OpenDocument, Source
from tests.unit.extraction.makers_office import doc, ole


def opened(path: Path, data: bytes) -> OpenDocument:
    path.write_bytes(data)
    return open_document(Source(path=path, media_type=media_type_of(path, path.name)))


def test_paragraphs_fields_signs_and_letters_of_all_kinds(tmp_path: Path) -> None:
    text = "Grüße\x0b日本 😀\r\x13 HYPERLINK \x13 DATE \x14now\x15 x \x14link\x15 non\x1ebreaking\r\x01picture\r"
    assert opened(tmp_path / "a.doc", doc(text)).read_page(1).text == "Grüße\n日本 😀\n\nlink non-breaking\n\npicture"


def test_styles_make_headings(tmp_path: Path) -> None:
    text = "One\rTwo\rbody\r"
    document = opened(tmp_path / "a.doc", doc(text, styles={3: 1, 7: 2, 12: 0}))
    assert [(block.kind, block.level) for block in document.read_page(1).blocks] == [
        ("heading", 1), ("heading", 2), ("paragraph", 0),
    ]  # fmt: skip


def test_lists_count_and_tables_end_with_their_rows(tmp_path: Path) -> None:
    def item(level: int) -> bytes:
        return b"\x0b\x46\1\0\x0a\x26" + bytes([level])

    in_table, row_end = b"\x16\x24\1", b"\x16\x24\1\x17\x24\1"
    text = "a\rb\rc\rd\r\x07x\x07\x07end\r"
    ends = {1: item(0), 3: item(1), 5: item(1), 7: item(0), 8: in_table, 10: in_table, 11: row_end, 15: b""}
    document = opened(tmp_path / "a.doc", doc(text, styles=dict.fromkeys(ends, 0), modifiers=ends))
    assert [(block.kind, block.level, block.marker, block.text) for block in document.read_page(1).blocks] == [
        ("list_item", 0, "1.", "a"), ("list_item", 1, "1.a)", "b"), ("list_item", 1, "1.b)", "c"),
        ("list_item", 0, "2.", "d"), ("table", 0, "", "\tx"), ("paragraph", 0, "", "end"),
    ]  # fmt: skip
    (table,) = document.own_tables(1) or []
    assert [(cell.row, cell.column, cell.text) for cell in table.cells] == [(0, 0, ""), (0, 1, "x")]


def test_notes_have_labels(tmp_path: Path) -> None:
    document = opened(tmp_path / "a.doc", doc("A\x02 B\r", notes="\x02 the note\r", note_at=1))
    assert document.read_page(1).text == "A[1] B\n\n[1] the note"


@pytest.mark.timeout(20)
@pytest.mark.parametrize(("count", "metadata"), [(1, {"title": "Größe"}), (0xFFFFFFFF, {"title": "Größe"})])
def test_properties_are_metadata_whatever_their_number_says(
    tmp_path: Path, count: int, metadata: dict[str, object]
) -> None:
    title = "Größe".encode("cp1252") + b"\0"
    section = struct.pack("<LLLLLL", 0, count, 2, 16, 0x1E, len(title)) + title
    summary = b"\0" * 44 + struct.pack("<L", 48) + section
    assert opened(tmp_path / "a.doc", doc("x\r", summary=summary)).info.metadata.items() >= metadata.items()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (doc("x\r", flags=0x0300), ErrorCode.ENCRYPTED),
        (ole({"WordDocument": b"\xec\xa5\xc1\0" + b"\0" * 2_000}), ErrorCode.CORRUPT),
        (ole({"WordDocument": b"\x9b\xa5\x21\0" + b"\0" * 2_000}), ErrorCode.UNSUPPORTED_TYPE),
        (doc("\r"), ErrorCode.EMPTY),
    ],
)
def test_locked_damaged_and_old_files_are_refused(tmp_path: Path, data: bytes, code: ErrorCode) -> None:
    with pytest.raises(ReadingError) as caught:
        opened(tmp_path / "a.doc", data)
    assert caught.value.code == code


def test_every_cut_of_a_file_ends_with_an_answer(tmp_path: Path) -> None:
    whole = doc("Some text\rmore\r", styles={9: 1, 14: 2})
    for end in range(512, len(whole), 512):
        try:
            opened(tmp_path / "a.doc", whole[:end])
        except ReadingError as error:
            codes = {error.code}
            assert codes <= {ErrorCode.CORRUPT, ErrorCode.EMPTY, ErrorCode.UNSUPPORTED_TYPE}
