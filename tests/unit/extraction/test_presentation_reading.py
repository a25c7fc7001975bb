"""PPTX, ODP and PPT: slides as pages, titles first, lists, tables, groups, notes, comments."""

from pathlib import Path

import pytest

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.identify import media_type_of
from apps.extraction.engine.readers import open_document
from apps.extraction.engine.readers.base import OpenDocument, Source
from tests.unit.extraction.makers_office import odf, ole, ppt, pptx, shape, show

TITLE = '<p:ph type="title"/>'


def opened(path: Path, *, max_pages: int = 100) -> OpenDocument:
    return open_document(Source(path=path, media_type=media_type_of(path, path.name), max_pages=max_pages))


def texts(document: OpenDocument, number: int) -> list[tuple[str, str, str]]:
    return [(block.kind, block.marker, block.text) for block in document.read_page(number).blocks]


def test_each_slide_is_a_page_with_its_title_first(tmp_path: Path) -> None:
    group = f"<p:grpSp>{shape(['in a group'])}<p:grpSp>{shape(['deeper'])}</p:grpSp></p:grpSp>"
    document = opened(pptx(tmp_path / "a.pptx", [group + shape(["Offer"], TITLE), shape(["two"])]))
    assert document.info.page_count == 2
    assert texts(document, 1) == [
        ("heading", "", "Offer"), ("paragraph", "", "in a group"), ("paragraph", "", "deeper"),
    ]  # fmt: skip
    assert document.read_page(2).text == "two"


def test_bullets_and_numbers_are_marks(tmp_path: Path) -> None:
    numbered = shape(["a", "b"], properties='<a:pPr><a:buAutoNum type="alphaLcParenR" startAt="3"/></a:pPr>')
    bullets = shape(["c"], properties='<a:pPr lvl="1"><a:buChar char="*"/></a:pPr>')
    document = opened(pptx(tmp_path / "a.pptx", [numbered + bullets + shape(["d"])]))
    assert texts(document, 1) == [
        ("list_item", "c)", "a"), ("list_item", "d)", "b"), ("list_item", "-", "c"), ("paragraph", "", "d"),
    ]  # fmt: skip
    assert document.read_page(1).blocks[2].level == 1


def test_bullets_are_taken_over_from_the_layout(tmp_path: Path) -> None:
    place = '<p:ph type="body" idx="1"/>'
    styled = shape(["Click"], place).replace(
        "<p:txBody>", '<p:txBody><a:lstStyle><a:lvl1pPr><a:buChar char="*"/></a:lvl1pPr></a:lstStyle>'
    )
    layout = show("sldLayout", f"<p:cSld><p:spTree>{styled}</p:spTree></p:cSld>")
    path = pptx(tmp_path / "a.pptx", [shape(["from layout"], place)], {"l.xml": ("slideLayout", layout)})
    assert texts(opened(path), 1) == [("list_item", "-", "from layout")]


def test_tables_notes_comments_and_furniture(tmp_path: Path) -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<a:tc{more}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"

    table = (
        '<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow="1"/><a:tr>'
        + cell("wide", ' gridSpan="2"')
        + cell("", ' hMerge="1"')
        + "</a:tr><a:tr>"
        + cell("a")
        + cell("b")
        + "</a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )
    notes = show("notes", "<p:cSld><p:spTree>" + shape(["say this"], '<p:ph type="body"/>') + "</p:spTree></p:cSld>")
    comments = show("cmLst", '<p:cm authorId="0"><p:text>why?</p:text></p:cm>')
    path = pptx(
        tmp_path / "a.pptx",
        [table + shape(["7"], '<p:ph type="sldNum"/>')],
        {"n.xml": ("notesSlide", notes), "c.xml": ("comments", comments)},
    )
    document = opened(path)
    page = document.read_page(1)
    assert [(block.kind, block.note, block.text) for block in page.blocks] == [
        ("table", "", "wide\na\tb"), ("page_number", "", "7"), ("paragraph", "speaker", "say this"),
        ("paragraph", "comment", "why?"),
    ]  # fmt: skip
    assert page.text == "wide\na\tb\n\nsay this"
    (found,) = document.own_tables(1) or []
    assert (found.header_rows, [cell.column_span for cell in found.cells]) == (1, [2, 1, 1])


def test_what_the_layout_shows_is_a_header_unless_there_is_no_other_text(tmp_path: Path) -> None:
    prompt = shape(["Click to edit"], TITLE)
    layout = show("sldLayout", f"<p:cSld><p:spTree>{prompt}{shape(['ACME'])}</p:spTree></p:cSld>")
    parts: dict[str, tuple[str, str | bytes]] = {"l.xml": ("slideLayout", layout)}
    page = opened(pptx(tmp_path / "a.pptx", [shape(["Offer"])], parts)).read_page(1)
    assert [(block.kind, block.text) for block in page.blocks] == [("header", "ACME"), ("paragraph", "Offer")]
    assert page.text == "Offer"
    assert opened(pptx(tmp_path / "b.pptx", [shape([""])], parts)).read_page(1).text == "ACME"


def test_charts_and_diagrams_give_their_texts(tmp_path: Path) -> None:
    chart = (
        '<c:chartSpace xmlns:c="c" xmlns:a="a"><c:title><a:t>Sales</a:t></c:title><c:ser><c:tx><c:v>2025</c:v></c:tx>'
        "<c:cat><c:pt><c:v>Q1</c:v></c:pt></c:cat><c:val><c:pt><c:v>12</c:v></c:pt></c:val></c:ser></c:chartSpace>"
    )
    inside = '<a:graphicData><c:chart xmlns:c="c" r:id="r0"/></a:graphicData>'
    frame = f"<p:graphicFrame><a:graphic>{inside}</a:graphic></p:graphicFrame>"
    path = pptx(tmp_path / "a.pptx", [frame], {"chart.xml": ("chart", chart)})
    assert opened(path).read_page(1).text == "Sales\n\n2025\tQ1 12"


def test_a_damaged_slide_leaves_the_others(tmp_path: Path) -> None:
    document = opened(pptx(tmp_path / "a.pptx", [shape(["one"]), "<p:sp>", shape(["three"])]))
    assert [document.read_page(number).text for number in (1, 2, 3)] == ["one", "", "three"]


def test_too_many_slides_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError) as caught:
        opened(pptx(tmp_path / "a.pptx", [shape(["x"])] * 3), max_pages=2)
    assert caught.value.code == ErrorCode.TOO_MANY_PAGES


def test_odp_slides_titles_and_notes(tmp_path: Path) -> None:
    def frame(kind: str, text: str) -> str:
        box = f"<draw:text-box><text:p>{text}</text:p></draw:text-box>"
        return f'<draw:frame presentation:class="{kind}">{box}</draw:frame>'

    slide = (
        f"<draw:page>{frame('outline', 'body')}<draw:g><draw:custom-shape><text:p>shape</text:p></draw:custom-shape>"
        f"</draw:g>{frame('title', 'Title')}{frame('footer', 'foot')}"
        f"<presentation:notes>{frame('notes', 'say')}</presentation:notes></draw:page>"
    )
    document = opened(
        odf(tmp_path / "a.odp", "presentation", f"<office:presentation>{slide * 2}</office:presentation>")
    )
    assert document.info.page_count == 2
    assert texts(document, 2) == [
        ("heading", "", "Title"), ("paragraph", "", "body"), ("paragraph", "", "shape"), ("footer", "", "foot"),
        ("paragraph", "", "say"),
    ]  # fmt: skip


def test_ppt_slides(tmp_path: Path) -> None:
    path = tmp_path / "a.ppt"
    path.write_bytes(ppt(["Grüße\rzweite Zeile", "Two"]))
    document = opened(path)
    assert [document.read_page(number).text for number in (1, 2)] == ["Grüße\n\nzweite Zeile", "Two"]


def test_objects_of_a_ppt_are_children(tmp_path: Path) -> None:
    path = tmp_path / "a.ppt"
    path.write_bytes(ppt(["One"], (ole({"CONTENTS": b"%PDF-1.7"}), ole({"Equation Native": b"1"}))))
    document = opened(path)
    (child,) = document.info.children
    assert (child.key, child.name, child.media_type) == ("1", "object1.pdf", "application/pdf")
    assert document.child("1").startswith(b"%PDF-1.7")
    with pytest.raises(ReadingError):
        document.child("2")


@pytest.mark.parametrize("stream", [b"", b"\xff" * 5_000, b"\x0f\0\xe8\x03\xff\xff\xff\x7f"])
def test_a_damaged_ppt_is_corrupt(tmp_path: Path, stream: bytes) -> None:
    path = tmp_path / "a.ppt"
    path.write_bytes(ole({"PowerPoint Document": stream}))
    with pytest.raises(ReadingError) as caught:
        opened(path)
    assert caught.value.code in {ErrorCode.CORRUPT, ErrorCode.EMPTY}
