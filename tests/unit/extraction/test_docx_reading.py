"""DOCX: structure, tracked changes, notes, comments, boxes, formulas, embedded files, damage."""

import zipfile
from pathlib import Path

import pytest

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.identify import media_type_of
from apps.extraction.engine.readers import open_document
from apps.extraction.engine.readers.base import OpenDocument, Source
from apps.extraction.engine.types import Block
from tests.unit.extraction.makers_office import docx, ole, paragraph, word

STYLES = word(
    "styles",
    '<w:style w:styleId="T"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="H2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="H2"/></w:style>'
    '<w:style w:styleId="Code"><w:name w:val="Source Code"/></w:style>',
)
NUMBERING = word(
    "numbering",
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/>'
    '<w:lvlText w:val="%1.%2)"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>'
    "</w:lvlOverride></w:num>",
)


def opened(path: Path) -> OpenDocument:
    return open_document(Source(path=path, media_type=media_type_of(path, path.name)))


def blocks_of(path: Path) -> list[Block]:
    return opened(path).read_page(1).blocks


def item(text: str, list_id: int, level: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def test_styles_make_titles_headings_and_code(tmp_path: Path) -> None:
    body = "".join(
        paragraph(name, f'<w:pStyle w:val="{name}"/>') for name in ("T", "H2", "Mine", "Code", "Unknown")
    ) + paragraph("direct", '<w:outlineLvl w:val="3"/>')
    found = blocks_of(docx(tmp_path / "a.docx", body, {"styles.xml": ("styles", STYLES)}))
    assert [(block.kind, block.level) for block in found] == [
        ("title", 0), ("heading", 2), ("heading", 2), ("code", 0), ("paragraph", 0), ("heading", 4),
    ]  # fmt: skip


def test_lists_count_as_a_word_processor_does(tmp_path: Path) -> None:
    body = "".join(
        [item("a", 1), item("b", 1, 1), item("c", 1, 1), item("x", 2), item("d", 1), item("e", 1, 1), item("f", 3)]
    )
    found = blocks_of(docx(tmp_path / "a.docx", body, {"numbering.xml": ("numbering", NUMBERING)}))
    markers = [(block.marker, block.level) for block in found]
    assert markers == [("1.", 0), ("1.a)", 1), ("1.b)", 1), ("-", 0), ("2.", 0), ("2.a)", 1), ("5.", 0)]
    assert opened(tmp_path / "a.docx").read_page(1).text.startswith("1. a\n1.a) b\n")


def test_deleted_and_moved_away_text_is_gone_and_inserted_text_is_marked(tmp_path: Path) -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        f"<w:p>{run.format('stays ')}<w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>"
        f"<w:moveFrom>{run.format('moved')}</w:moveFrom><w:ins>{run.format('new')}</w:ins></w:p>"
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>" + paragraph("plain")
    )
    document = opened(docx(tmp_path / "a.docx", body))
    page = document.read_page(1)
    assert [(block.text, block.note) for block in page.blocks] == [
        ("stays new", "inserted"), ("secret", "hidden"), ("plain", ""),
    ]  # fmt: skip
    assert page.text == "stays new\n\nplain"


def test_links_fields_controls_and_breaks_are_text(tmp_path: Path) -> None:
    body = (
        '<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent><w:p><w:hyperlink r:id="x"><w:r><w:t>link</w:t></w:r>'
        "</w:hyperlink><w:r><w:tab/><w:t>tab</w:t><w:br/><w:t>line</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
        '<w:fldSimple w:instr="DATE"><w:r><w:t> 2026</w:t></w:r></w:fldSimple></w:p></w:sdtContent></w:sdt>'
    )
    assert opened(docx(tmp_path / "a.docx", body)).read_page(1).text == "link\ttab\nline 2026"


def test_text_boxes_are_read_once_and_after_their_paragraph(tmp_path: Path) -> None:
    box = "<w:txbxContent>" + paragraph("boxed") + "</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>anchor</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>" + paragraph("after")
    )
    assert [block.text for block in blocks_of(docx(tmp_path / "a.docx", body))] == ["anchor", "boxed", "after"]


def test_notes_and_comments_are_joined_to_their_places(tmp_path: Path) -> None:
    notes = word("footnotes", f'<w:footnote w:id="2">{paragraph("second")}</w:footnote>'
                 f'<w:footnote w:id="7">{paragraph("first")}</w:footnote>')  # fmt: skip
    comments = word("comments", f'<w:comment w:id="0" w:author="Alice">{paragraph("check this")}</w:comment>')
    body = (
        '<w:p><w:r><w:t>A</w:t><w:footnoteReference w:id="7"/><w:t>B</w:t><w:footnoteReference w:id="2"/></w:r>'
        '<w:r><w:commentReference w:id="0"/></w:r></w:p>'
    )
    path = docx(tmp_path / "a.docx", body, {"f.xml": ("footnotes", notes), "c.xml": ("comments", comments)})
    document = opened(path)
    found = document.read_page(1).blocks
    assert [(block.text, block.marker, block.note) for block in found] == [
        ("A[1]B[2]", "", ""), ("Alice: check this", "", "comment"), ("first", "[1]", ""), ("second", "[2]", ""),
    ]  # fmt: skip
    assert "check" not in document.read_page(1).text


def test_tables_keep_spans_header_rows_and_nested_text(tmp_path: Path) -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"

    inner = f"<w:tbl><w:tr>{cell('in')}{cell('side')}</w:tr></w:tbl>"
    body = (
        "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>"
        + cell("wide", '<w:gridSpan w:val="2"/>')
        + cell("h3")
        + "</w:tr><w:tr>"
        + cell("tall", '<w:vMerge w:val="restart"/>')
        + cell("b")
        + f"<w:tc>{inner}<w:p/></w:tc>"
        + "</w:tr><w:tr>"
        + cell("", "<w:vMerge/>")
        + cell("d")
        + cell("e")
        + "</w:tr><w:tr><w:trPr><w:del/></w:trPr>"
        + cell("gone")
        + "</w:tr></w:tbl>"
    )
    document = opened(docx(tmp_path / "a.docx", body))
    (table,) = document.own_tables(1) or []
    shown = [(cell.row, cell.column, cell.row_span, cell.column_span, cell.text) for cell in table.cells]
    assert shown == [
        (0, 0, 1, 2, "wide"), (0, 2, 1, 1, "h3"), (1, 0, 2, 1, "tall"), (1, 1, 1, 1, "b"), (1, 2, 1, 1, "in\tside"),
        (2, 1, 1, 1, "d"), (2, 2, 1, 1, "e"),
    ]  # fmt: skip
    assert (table.header_rows, table.row_count, table.column_count) == (1, 3, 3)
    assert document.read_page(1).blocks[0].table == 0


def test_formulas_are_latex(tmp_path: Path) -> None:
    run = "<m:r><m:t>{}</m:t></m:r>"
    body = (
        f"<w:p><m:oMath><m:sSup><m:e>{run.format('r')}</m:e><m:sup>{run.format('2')}</m:sup></m:sSup>"
        f"{run.format('π')}<m:f><m:num>{run.format('a')}</m:num><m:den>{run.format('b')}</m:den></m:f>"
        f"<m:rad><m:deg/><m:e>{run.format('x')}</m:e></m:rad></m:oMath></w:p>"
    )
    assert opened(docx(tmp_path / "a.docx", body)).read_page(1).text == r"$r^{2}\pi \frac{a}{b}\sqrt{x}$"


def test_headers_and_footers_stay_out_of_the_text_unless_there_is_no_other(tmp_path: Path) -> None:
    parts: dict[str, tuple[str, str | bytes]] = {
        "h.xml": ("header", word("hdr", paragraph("Company"))),
        "g.xml": ("footer", word("ftr", paragraph("page 1"))),
    }
    page = opened(docx(tmp_path / "a.docx", paragraph("body"), parts)).read_page(1)
    assert [(block.kind, block.text) for block in page.blocks] == [
        ("header", "Company"), ("paragraph", "body"), ("footer", "page 1"),
    ]  # fmt: skip
    assert page.text == "body"
    assert opened(docx(tmp_path / "b.docx", "<w:p/>", parts)).read_page(1).text == "Company\n\npage 1"


def test_embedded_files_are_children(tmp_path: Path) -> None:
    native = b"\x02\x00note.txt\0C:\\note.txt\0\0\0\3\0" + b"\x04\0\0\0C:\\a" + b"\5\0\0\0hello"
    stream = (len(native)).to_bytes(4, "little") + native
    parts: dict[str, tuple[str, str | bytes]] = {
        "embeddings/book.xlsx": ("package", b"PK zipped"),
        "embeddings/o1.bin": ("oleObject", ole({"\x01Ole10Native": stream})),
        "embeddings/o2.bin": ("oleObject", ole({"Equation Native": b"1"})),
    }
    document = opened(docx(tmp_path / "a.docx", paragraph("x"), parts))
    assert [(child.name, child.size) for child in document.info.children] == [("book.xlsx", 9), ("note.txt", 5)]
    assert document.child("word/embeddings/o1.bin") == b"hello"
    with pytest.raises(ReadingError):
        document.child("word/document.xml")


def test_properties_are_metadata(tmp_path: Path) -> None:
    core = (
        '<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title> A  title </dc:title><dc:creator>Bob</dc:creator>'
        "<dc:language>de</dc:language></c>"
    )
    path = docx(tmp_path / "a.docx", paragraph("x"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("docProps/core.xml", core)
    assert opened(path).info.metadata == {"title": "A title", "author": "Bob", "language": "de"}


@pytest.mark.parametrize("body", ["<w:p><w:r><w:t>open", "<w:tbl><w:tr><w:tc>" * 3_000])
def test_damaged_xml_is_corrupt(tmp_path: Path, body: str) -> None:
    with pytest.raises(ReadingError) as caught:
        opened(docx(tmp_path / "a.docx", body))
    assert caught.value.code == ErrorCode.CORRUPT


@pytest.mark.parametrize("depth", [10, 80])
def test_tables_within_tables_are_read(tmp_path: Path, depth: int) -> None:
    deep = "<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc>" * depth + paragraph("x") + "</w:tc></w:tr></w:tbl>" * depth
    assert opened(docx(tmp_path / "a.docx", deep)).read_page(1).text.strip() == "x"


def test_a_locked_file_is_encrypted(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(ole({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}))
    with pytest.raises(ReadingError) as caught:
        opened(path)
    assert caught.value.code == ErrorCode.ENCRYPTED


def test_the_strict_form_is_read_too(tmp_path: Path) -> None:
    strict = tmp_path / "strict.docx"
    with zipfile.ZipFile(docx(tmp_path / "a.docx", paragraph("strictly"))) as old, zipfile.ZipFile(strict, "w") as new:
        for name in old.namelist():
            text = old.read(name).replace(b"schemas.openxmlformats.org/", b"purl.oclc.org/ooxml/")
            new.writestr(name, text.replace(b"/2006/main", b"/main").replace(b"/2006/relation", b"/relation"))
    assert opened(strict).read_page(1).text == "strictly"
