"""HTML, Markdown, CSV and XML become blocks, tables and links."""

from pathlib import Path

import pytest

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.identify import media_type_of
from apps.extraction.engine.readers import open_document
from apps.extraction.engine.readers.base import OpenDocument, Source
from apps.extraction.engine.readers.grids import MOST_COLUMNS, RawCell, cut_rows, grid_of
from apps.extraction.engine.readers.markup import read_markup
from apps.extraction.engine.readers.paging import CELLS_A_PAGE, paged
from apps.extraction.engine.readers.plain_text import PART_CHARACTERS
from apps.extraction.engine.types import Block, TableReading


def opened(path: Path, text: str) -> OpenDocument:
    path.write_text(text, encoding="utf-8")
    return open_document(Source(path=path, media_type=media_type_of(path, path.name)))


def tables_of(document: OpenDocument, number: int) -> list[TableReading]:
    tables = document.own_tables(number)
    assert tables is not None
    return tables


def places(table: TableReading) -> list[tuple[int, int, int, int, str]]:
    return [(cell.row, cell.column, cell.row_span, cell.column_span, cell.text) for cell in table.cells]


def test_blocks_of_html() -> None:
    page = read_markup(
        "<h2>Offer</h2><p>For <b>bob</b>.<img alt='A bolt'></p><ol start=3><li>first<ul><li>inner</ul><li value=7>last"
        "</ol><figure><figcaption>Fig. 1</figcaption></figure><pre>x\n  y</pre>after"
    )
    assert [(block.kind, block.text, block.level, block.marker) for block in page.blocks] == [
        ("heading", "Offer", 2, ""),
        ("paragraph", "For bob.", 0, ""),
        ("figure", "A bolt", 0, ""),
        ("list_item", "first", 0, "3."),
        ("list_item", "inner", 1, "-"),
        ("list_item", "last", 0, "7."),
        ("caption", "Fig. 1", 0, ""),
        ("code", "x\n  y", 0, ""),
        ("paragraph", "after", 0, ""),
    ]
    assert page.text.split("\n\n")[2:4] == ["3. first", "inner"]


def test_spans_and_headers_of_a_table() -> None:
    page = read_markup(
        "<table><caption>Sales</caption><thead><tr><th rowspan=2>Item<th colspan=2>Year</tr><tr><th>1<th>2</tr></thead>"
        "<tr><td>Bolts<td>5<td rowspan=9>6</tr><tr><td colspan=4>Nuts</tr></table>"
    )
    (table,) = page.tables
    assert (table.row_count, table.column_count, table.header_rows) == (4, 3, 2)
    assert places(table) == [
        (0, 0, 2, 1, "Item"),
        (0, 1, 1, 2, "Year"),
        (1, 1, 1, 1, "1"),
        (1, 2, 1, 1, "2"),
        (2, 0, 1, 1, "Bolts"),
        (2, 1, 1, 1, "5"),
        (2, 2, 2, 1, "6"),
        (3, 0, 1, 2, "Nuts"),
    ]
    assert [block.kind for block in page.blocks] == ["caption", "table"]


def test_tables_that_only_arrange_a_page_are_none() -> None:
    inner = "<table><tr><td>a<td>b</table>"
    page = read_markup(
        f"<table><tr><td><h1>Shop</h1>{inner}</table><table><tr><td>alone</table>"
        "<table role=presentation><tr><td>left<td>right</table><table><tr><td>one<tr><td>two</table>"
    )
    assert [table.column_count for table in page.tables] == [2]
    assert [block.text for block in page.blocks] == ["Shop", "a\tb", "alone", "left", "right", "one", "two"]
    assert page.blocks[0].kind == "heading"


def test_links_lead_to_addresses_and_know_their_page(tmp_path: Path) -> None:
    text = "<p>" + "word " * 30_000 + "</p><p><a href=' https://example.org/x '>x</a><a href='#top'>y</a>"
    document = opened(tmp_path / "a.html", f"{text}<a href='javascript:alert(1)'>z</a></p>")
    assert [(link.page, link.target) for link in document.info.links] == [(2, "https://example.org/x")]


@pytest.mark.timeout(60)
def test_a_page_of_very_many_elements_is_read_as_text() -> None:
    page = read_markup("<script>no</script><table>" + "<tr><td>a</td><td>&amp;</td></tr>" * 110_000 + "</table>")
    assert page.tables == []
    assert page.text.startswith("a\t&\na\t&\na")


@pytest.mark.timeout(20)
@pytest.mark.parametrize(("piece", "text"), [("<div>", "inside"), ("<div><script>", ""), ("<div> ", "inside")])
def test_pages_that_are_not_built_take_no_time_either(piece: str, text: str) -> None:
    assert read_markup(piece * 200_000 + "inside").text == text


def test_markdown_is_read_as_it_is_meant(tmp_path: Path) -> None:
    document = opened(
        tmp_path / "a.md",
        '---\ntitle: "Offer 7"\n---\n# Offer\n\nSee **this** [page](https://example.org) &amp; more.\n\n'
        "- [x] one\n- two\n\n"
        "| Item | EUR |\n|---|---|\n| Bolts | 12 |\n\n<p>Raw <i>HTML</i></p>\n\n```\n# code\n```\n",
    )
    page = document.read_page(1)
    assert [(block.kind, block.text) for block in page.blocks] == [
        ("code", 'title: "Offer 7"'),
        ("heading", "Offer"),
        ("paragraph", "See this page & more."),
        ("list_item", "[x] one"),
        ("list_item", "two"),
        ("table", "Item\tEUR\nBolts\t12"),
        ("paragraph", "Raw HTML"),
        ("code", "# code"),
    ]
    assert document.info.metadata == {"title": "Offer 7"}
    assert [link.target for link in document.info.links] == ["https://example.org"]
    assert [cell.text for cell in tables_of(document, 1)[0].cells] == ["Item", "EUR", "Bolts", "12"]


def test_marks_of_recognisers_are_no_text(tmp_path: Path) -> None:
    document = opened(tmp_path / "a.md", "<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\nWhat is read.\n")
    assert document.read_page(1).text == "What is read."


def test_markdown_nested_beyond_sense_stays_as_it_is(tmp_path: Path) -> None:
    assert opened(tmp_path / "a.md", ">" * 5_000 + "x").read_page(1).text == ">" * 5_000 + "x"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["Item", "Price, EUR" if delimiter != "," else "Price"], ["Bolts", "1.5"], ["Nuts", "2.5"]]
    document = opened(tmp_path / "a.csv", "\n".join(delimiter.join(row) for row in rows))
    (table,) = tables_of(document, 1)
    assert [cell.text for cell in table.cells] == [cell for row in rows for cell in row]
    assert table.header_rows == 1
    assert document.read_page(1).text == "\n".join("\t".join(row) for row in rows)


def test_quoted_cells_may_hold_anything(tmp_path: Path) -> None:
    document = opened(tmp_path / "a.csv", 'a,b\n"x, y","two\nlines"\n\n,,\n"say ""hi""",z\n')
    (table,) = tables_of(document, 1)
    assert [cell.text for cell in table.cells] == ["a", "b", "x, y", "two\nlines", 'say "hi"', "z"]


def test_long_tables_are_cut_at_rows_and_go_on(tmp_path: Path) -> None:
    document = opened(tmp_path / "a.csv", "n,m\n" + "1,2\n" * CELLS_A_PAGE)
    tables = [tables_of(document, number)[0] for number in range(1, document.info.page_count + 1)]
    assert [table.continues for table in tables] == [False, True, True]
    assert sum(table.row_count for table in tables) == CELLS_A_PAGE + 1
    assert [table.header_rows for table in tables] == [1, 0, 0]


@pytest.mark.parametrize("text", ["x," * MOST_COLUMNS + "x\n1\n", "a" * 300_000 + ",b\n"])
def test_what_is_no_table_for_a_person_stays_text(tmp_path: Path, text: str) -> None:
    document = opened(tmp_path / "a.csv", text)
    assert tables_of(document, 1) == []
    pages = [document.read_page(number).text for number in range(1, document.info.page_count + 1)]
    assert "".join(pages) == text


def test_blank_tables_are_empty(tmp_path: Path) -> None:
    with pytest.raises(ReadingError) as error:
        opened(tmp_path / "a.csv", ",,\n,,\n")
    assert error.value.code == ErrorCode.EMPTY


def test_grids_never_overlap() -> None:
    rows = [[RawCell("a", 3, 1), RawCell("b", 1, 2)], [RawCell("c", 1, 9)], [RawCell("d")]]
    table = grid_of(rows)
    assert table is not None
    taken = [
        (cell.row + down, cell.column + right)
        for cell in table.cells
        for down in range(cell.row_span)
        for right in range(cell.column_span)
    ]
    assert len(taken) == len(set(taken))
    assert max(row for row, _ in taken) < table.row_count
    assert max(column for _, column in taken) < table.column_count
    assert grid_of([[RawCell("x")] * (MOST_COLUMNS + 1)]) is None


def test_rows_of_a_table_keep_the_reach_of_cells() -> None:
    table = grid_of([[RawCell("a", 3, 1), RawCell("b")], [RawCell("c")], [RawCell("d")]], header_rows=1)
    assert table is not None
    rest = cut_rows(table, 1, 3)
    assert places(rest) == [(0, 0, 2, 1, ""), (0, 1, 1, 1, "c"), (1, 1, 1, 1, "d")]
    assert (rest.continues, rest.header_rows) == (True, 0)


def test_pages_are_cut_at_blocks_and_long_blocks_at_words() -> None:
    blocks = [Block(kind="paragraph", text="x " * (PART_CHARACTERS // 3)), Block(kind="paragraph", text="y " * 70_000)]
    cut = paged(blocks, [])
    assert [len(page.blocks) for page in cut.pages] == [1, 1, 1]
    assert cut.page_of == [1, 2]
    assert all(len(block.text) <= PART_CHARACTERS for page in cut.pages for block in page.blocks)


def test_xml_is_read_by_its_structure(tmp_path: Path) -> None:
    document = opened(
        tmp_path / "a.xml",
        "<?xml version='1.0'?><!-- no --><article><title>Bolts</title><meta year='2026'/><p>One <b>bold</b> word.</p>"
        "<table><thead><tr><th>Item</th><th>EUR</th></tr></thead><tr><td>Nut</td><td>2</td></tr></table>"
        "<data><n>1</n><n>2</n></data></article>",
    )
    page = document.read_page(1)
    assert [(block.kind, block.text) for block in page.blocks] == [
        ("heading", "Bolts"),
        ("paragraph", "One bold word."),
        ("table", "Item\tEUR\nNut\t2"),
        ("paragraph", "1"),
        ("paragraph", "2"),
    ]
    assert tables_of(document, 1)[0].header_rows == 1


def test_xml_of_attributes_alone_is_read_by_their_values(tmp_path: Path) -> None:
    text = "<?xml version='1.0'?><l xmlns='urn:x'><arc from='Assets' to='Cash' role='http://www.example.org/r'/></l>"
    assert opened(tmp_path / "a.xml", text).read_page(1).text == "Assets Cash"


@pytest.mark.parametrize("body", ["<l>v &a; w</l>", "<l>v &b; w</l>"])
def test_nothing_comes_into_xml_from_outside(tmp_path: Path, body: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden treasure")
    head = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
    assert "treasure" not in opened(tmp_path / "a.xml", head + body).read_page(1).text
