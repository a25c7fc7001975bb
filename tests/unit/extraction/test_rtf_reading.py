"""RTF: structure, character sets, destinations, tables, notes, embedded files, hostile nesting."""

from pathlib import Path

import pytest

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.identify import media_type_of
from apps.extraction.engine.readers import open_document
from apps.extraction.engine.readers.base import OpenDocument, Source
from tests.unit.extraction.makers_office import ole


def opened(path: Path, body: str | bytes) -> OpenDocument:
    path.write_bytes(b"{\\rtf1\\ansi " + (body if isinstance(body, bytes) else body.encode("ascii")) + b"}")
    return open_document(Source(path=path, media_type=media_type_of(path, path.name)))


def text_of(path: Path, body: str | bytes) -> str:
    return opened(path, body).read_page(1).text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"\'e4\'f6\'fc", "äöü"),
        (r"\ansicpg1251 \'cf\'f0\'e8", "При"),
        (r"{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset238 B;}}\f1\'b3\f0\'b3", "ł³"),
        (r"{\fonttbl{\f1\fcharset128 M;}}\f1\'83\'5e\'83\'43", "タイ"),
        (r"\uc1\u8364?5 \uc2\u252\'81\'40x", "€5 üx"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"a\~b\_c\-d\{e\}\\", "a\u00a0b-cd{e}\\"),
        (r"one\line two\tab three\emdash\lquote x\rquote", "one\ntwo\tthree—‘x’"),  # noqa: RUF001  (as written)
        (r"{\*\unknown gone}{\pict 00ff}{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}", "link"),
        (r"a{\v hidden}b{\deleted gone}c", "abc"),
        (r"{\loch kept \*\cs7 text}", "kept text"),
        (r"{\upr{gr??e}{\*\ud{gr\u252?n}}}", "grün"),
        ("x\r\ny{\\pict\\bin4 }{{}z}w", "xyw"),
    ],
)
def test_text_and_characters(tmp_path: Path, body: str, expected: str) -> None:
    assert text_of(tmp_path / "a.rtf", body) == expected


def test_headings_lists_and_marks(tmp_path: Path) -> None:
    body = (
        r"{\stylesheet{\s1\outlinelevel0 Big;}{\s2 heading 2;}{\s3 Normal;}}{\info{\title Offer}{\author Alice}"
        r"{\creatim\yr2026\mo2\dy3\hr4\min5}}\pard\s1 One\par\pard\s2 Two\par"
        r"\pard\s3{\listtext\tab 1.\tab}\ilvl1 item\par"
        r"\pard\fi-360\'95\tab bullet\par\pard{\revised new} old\par"
    )
    document = opened(tmp_path / "a.rtf", body)
    assert [(block.kind, block.level, block.marker, block.text) for block in document.read_page(1).blocks] == [
        ("heading", 1, "", "One"), ("heading", 2, "", "Two"), ("list_item", 1, "1.", "item"),
        ("list_item", 0, "-", "bullet"), ("paragraph", 0, "", "new old"),
    ]  # fmt: skip
    assert document.read_page(1).blocks[-1].note == "inserted"
    assert document.info.metadata == {"title": "Offer", "author": "Alice", "created_at": "2026-02-03T04:05:00"}


def test_tables_take_spans_from_their_edges(tmp_path: Path) -> None:
    body = (
        r"\trowd\trhdr\cellx2000\cellx3000\intbl wide\cell c\cell\row"
        r"\trowd\clvmgf\cellx1000\cellx2010\cellx3000\intbl tall\cell b\cell\pard\intbl d\par e\cell\row"
        r"\trowd\clvmrg\cellx1000\cellx2000\cellx3000\intbl\cell f\cell g\cell\row\pard after\par"
    )
    document = opened(tmp_path / "a.rtf", body)
    (table,) = document.own_tables(1) or []
    assert [(cell.row, cell.column, cell.row_span, cell.column_span, cell.text) for cell in table.cells] == [
        (0, 0, 1, 2, "wide"), (0, 2, 1, 1, "c"), (1, 0, 2, 1, "tall"), (1, 1, 1, 1, "b"), (1, 2, 1, 1, "d\ne"),
        (2, 1, 1, 1, "f"), (2, 2, 1, 1, "g"),
    ]  # fmt: skip
    assert table.header_rows == 1
    assert [block.kind for block in document.read_page(1).blocks] == ["table", "paragraph"]


def test_notes_comments_boxes_and_margins(tmp_path: Path) -> None:
    body = (
        r"{\header Company\par}A{\super\chftn{\footnote\chftn  the note}}B"
        r"{\*\atnid x}{\*\atnauthor Bob}{\*\annotation why}"
        r"{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt boxed\par}}{\shprslt old}}\par C\par"
    )
    page = opened(tmp_path / "a.rtf", body).read_page(1)
    assert [(block.kind, block.text, block.marker, block.note) for block in page.blocks] == [
        ("header", "Company", "", ""), ("paragraph", "A[1]B", "", ""), ("paragraph", "Bob: why", "", "comment"),
        ("paragraph", "boxed", "", ""), ("paragraph", "C", "", ""), ("paragraph", "the note", "[1]", ""),
    ]  # fmt: skip


def test_text_in_a_margin_alone_is_the_text(tmp_path: Path) -> None:
    assert text_of(tmp_path / "a.rtf", r"{\footer only here\par}\par") == "only here"


def test_embedded_files_are_children(tmp_path: Path) -> None:
    package = b"\2\0note.txt\0C:\\note.txt\0\0\0\3\0" + b"\4\0\0\0C:\\a" + b"\5\0\0\0hello"
    inner = ole({"\x01Ole10Native": len(package).to_bytes(4, "little") + package})
    names = b"\x08\0\0\0Package\0" + b"\0\0\0\0" * 2
    data = b"\1\5\0\0\2\0\0\0" + names + len(inner).to_bytes(4, "little") + inner
    body = rb"{\object\objemb{\*\objdata " + data.hex("\n", 32).encode() + rb"}{\result shown}}"
    document = opened(tmp_path / "a.rtf", body)
    (child,) = document.info.children
    assert (child.name, child.media_type, child.size) == ("note.txt", "text/plain", 5)
    assert document.child(child.key) == b"hello"
    assert document.read_page(1).text == "shown"


@pytest.mark.timeout(20)
@pytest.mark.parametrize("body", ["{" * 100_000 + "x" + "}" * 100_000, r"{\footnote a" * 20_000 + "x" + "}" * 20_000])
def test_deep_nesting_is_read_in_time(tmp_path: Path, body: str) -> None:
    assert "x" in text_of(tmp_path / "a.rtf", body)


@pytest.mark.timeout(20)
def test_nesting_that_no_program_writes_is_corrupt(tmp_path: Path) -> None:
    with pytest.raises(ReadingError) as caught:
        text_of(tmp_path / "a.rtf", "{" * 300_000)
    assert caught.value.code == ErrorCode.CORRUPT


@pytest.mark.parametrize("end", [b"", b"\\", b"\\'", b"\\'4", b"\\bin999999999 ab", b"{\\pict", b"\\u", b"\xff\xfe"])
def test_a_file_that_ends_early_is_read_as_far_as_it_goes(tmp_path: Path, end: bytes) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(b"{\\rtf1 start" + end)
    document = open_document(Source(path=path, media_type="application/rtf"))
    assert document.read_page(1).text.startswith("start")
