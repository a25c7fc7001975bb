"""ODT: structure, tracked changes, notes, comments, repeated cells, objects, locked files."""

from pathlib import Path

import pytest

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.identify import media_type_of
from apps.extraction.engine.readers import open_document
from apps.extraction.engine.readers.base import OpenDocument, Source
from tests.unit.extraction.makers_office import odf
from tests.unit.extraction.makers_office import open_document as part


def opened(path: Path) -> OpenDocument:
    return open_document(Source(path=path, media_type=media_type_of(path, path.name)))


def written(path: Path, body: str, **members: str) -> OpenDocument:
    named = {name.replace("_", ".").replace("..", "/"): content for name, content in members.items()}
    return opened(odf(path, "text", f"<office:text>{body}</office:text>", dict(named)))


def test_headings_titles_blanks_and_breaks(tmp_path: Path) -> None:
    styles = part(
        "document-styles",
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>',
    )
    body = (
        '<text:p text:style-name="P1">The title</text:p><text:h text:outline-level="2">Head</text:h>'
        '<text:p>a<text:s text:c="3"/>b <text:span>\n c</text:span><text:tab/>d<text:line-break/>e</text:p>'
    )
    page = written(tmp_path / "a.odt", body, styles_xml=styles).read_page(1)
    assert [(block.kind, block.level, block.text) for block in page.blocks] == [
        ("title", 0, "The title"), ("heading", 2, "Head"), ("paragraph", 0, "a   b  c\td\ne"),
    ]  # fmt: skip


def test_lists_count_and_go_on(tmp_path: Path) -> None:
    styles = part(
        "document-styles",
        '<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1" '
        'style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/>'
        '</text:list-style><text:list-style style:name="B"><text:list-level-style-bullet text:level="1"/>'
        "</text:list-style>",
    )
    item = "<text:list-item><text:p>{}</text:p>{}</text:list-item>"
    inner = f"<text:list>{item.format('b', '')}{item.format('c', '')}</text:list>"
    body = (
        f'<text:list text:style-name="N">{item.format("a", inner)}{item.format("d", "")}</text:list>'
        f'<text:list text:style-name="B">{item.format("x", "")}</text:list>'
        f'<text:list text:style-name="N" text:continue-numbering="true">{item.format("e", "")}</text:list>'
        f'<text:list text:style-name="N">{item.format("f", "")}</text:list>'
    )
    found = written(tmp_path / "a.odt", body, styles_xml=styles).read_page(1).blocks
    assert [(block.marker, block.level, block.text) for block in found] == [
        ("1.", 0, "a"), ("a)", 1, "b"), ("b)", 1, "c"), ("2.", 0, "d"), ("-", 0, "x"), ("3.", 0, "e"), ("1.", 0, "f"),
    ]  # fmt: skip


def test_changes_notes_and_comments(tmp_path: Path) -> None:
    body = (
        '<text:tracked-changes><text:changed-region text:id="i"><text:insertion/></text:changed-region>'
        '<text:changed-region text:id="d"><text:deletion><text:p>deleted</text:p></text:deletion></text:changed-region>'
        '</text:tracked-changes><text:p>old <text:change-start text:change-id="i"/>new'
        '<text:change-end text:change-id="i"/><text:change text:change-id="d"/>'
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>the note</text:p></text:note-body></text:note><office:annotation><dc:creator>Bob</dc:creator>"
        "<text:p>really?</text:p></office:annotation></text:p><text:p>plain</text:p>"
    )
    page = written(tmp_path / "a.odt", body).read_page(1)
    assert [(block.text, block.marker, block.note) for block in page.blocks] == [
        ("old new[1]", "", "inserted"), ("Bob: really?", "", "comment"), ("plain", "", ""), ("the note", "[1]", ""),
    ]  # fmt: skip
    assert page.text == "old new[1]\n\nplain\n\n[1] the note"


def test_tables_keep_spans_and_bound_repeats(tmp_path: Path) -> None:
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    body = (
        "<table:table><table:table-header-rows><table:table-row>"
        + cell.format(' table:number-columns-spanned="2"', "wide")
        + "<table:covered-table-cell/></table:table-row></table:table-header-rows><table:table-row>"
        + cell.format("", "a")
        + cell.format(' table:number-columns-repeated="16384"', "")
        + "</table:table-row></table:table>"
    )
    document = written(tmp_path / "a.odt", body)
    (table,) = document.own_tables(1) or []
    assert [(cell.row, cell.column, cell.column_span, cell.text) for cell in table.cells] == [
        (0, 0, 2, "wide"), (1, 0, 1, "a"),
    ]  # fmt: skip
    assert table.header_rows == 1


def test_frames_and_formulas_follow_their_paragraph(tmp_path: Path) -> None:
    formula = '<math xmlns="m"><mi>a</mi><mo>+</mo><mn>2</mn><annotation>a + 2</annotation></math>'
    body = (
        "<text:p>anchor<draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box></draw:frame>"
        '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame></text:p><text:p>after</text:p>'
    )
    path = odf(tmp_path / "a.odt", "text", f"<office:text>{body}</office:text>", {"Object 1/content.xml": formula})
    assert [block.text for block in opened(path).read_page(1).blocks] == ["anchor", "boxed", "a + 2", "after"]


def test_headers_and_properties(tmp_path: Path) -> None:
    styles = part(
        "document-styles",
        "<style:master-page><style:header><text:p>Company</text:p></style:header></style:master-page>",
    )
    meta = part(
        "document-meta",
        "<office:meta><dc:title>T</dc:title><meta:initial-creator>Al</meta:initial-creator></office:meta>",
    )
    document = written(tmp_path / "a.odt", "<text:p>body</text:p>", styles_xml=styles, meta_xml=meta)
    assert [block.kind for block in document.read_page(1).blocks] == ["header", "paragraph"]
    assert document.read_page(1).text == "body"
    assert document.info.metadata == {"title": "T", "author": "Al"}


def test_a_locked_file_is_encrypted(tmp_path: Path) -> None:
    manifest = part("manifest", "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>")
    path = odf(
        tmp_path / "a.odt", "text", "<office:text/>", {"META-INF/manifest.xml": manifest, "content.xml": b"\x93"}
    )
    with pytest.raises(ReadingError) as caught:
        opened(path)
    assert caught.value.code == ErrorCode.ENCRYPTED


def test_an_empty_document_is_empty(tmp_path: Path) -> None:
    with pytest.raises(ReadingError) as caught:
        written(tmp_path / "a.odt", "<text:p/>")
    assert caught.value.code == ErrorCode.EMPTY
