"""Heads, spans and parts of tables: rows of the head, tables that go on over pages, tables of scans."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pdfplumber
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from apps.extraction.engine.edges import Edge
from apps.extraction.engine.guard import GuardedReader
from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.readers.pdf import open_document
from apps.extraction.engine.reading import Engine
from apps.extraction.engine.tables import find_tables
from apps.extraction.engine.tables.heads import header_rows_of
from apps.extraction.engine.tables.lines import Line, Segment
from apps.extraction.engine.tables.pictures import picture_edges
from apps.extraction.engine.tables.rows import Column, rows_of
from apps.extraction.engine.tables.rules import rules_of
from apps.extraction.engine.types import CellReading, PageReading, TableReading
from tests.unit.extraction import makers_tables

HEAD = ["Port", "Ships", "Tons"]
BODY = [
    [f"Harbour {name}", str(10 + row), f"{row}.50"] for row, name in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGH")
]


@pytest.fixture(scope="module")
def reader() -> Iterator[GuardedReader]:
    with GuardedReader() as guarded:
        yield guarded


def texts_of(table: TableReading) -> list[list[str]]:
    rows = [[""] * table.column_count for _ in range(table.row_count)]
    for cell in table.cells:
        rows[cell.row][cell.column] = cell.text
    return rows


def tables_in(path: Path, first: int = 1, last: int = 9) -> list[TableReading]:
    engine = Engine()
    try:
        return engine.find_tables(Source(path=path, media_type="application/pdf"), first, last).tables
    finally:
        engine.close()


def table_of(rows: list[list[str]]) -> TableReading:
    cells = [
        CellReading(row=row, column=column, text=text)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    return TableReading(page=1, box=None, row_count=len(rows), column_count=len(rows[0]), cells=cells)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([HEAD, *BODY[:4]], 1),
        ([["", "In thousands", ""], HEAD, *BODY[:4]], 2),
        ([["", "2024", "2025"], *BODY[:4]], 1),
        (BODY[:4], 0),
        ([["Name", "Remark"], ["Alice", "the longest of remarks"], ["Bob", "a shorter remark"]], 1),
        ([["Alice Anderson of Aberdeen", "came first"], ["Bob", "second"], ["Charlie", "last"]], 0),
        ([HEAD, ["North", "", ""], *BODY[:4]], 1),
    ],
)
def test_rows_of_the_head(rows: list[list[str]], expected: int) -> None:
    assert header_rows_of(table_of(rows)) == expected


def test_rules_part_the_head_and_show_what_it_spans(tmp_path: Path) -> None:
    """A table as papers have it: three rules, one more under a head over two columns, names of two lines."""
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=makers_tables.A4)
    canvas.setFont("Helvetica", 10)
    for y, texts in [
        (700, [(260, "Both years")]),
        (684, [(76, "Name of"), (220, "First"), (320, "Second")]),
        (672, [(76, "the port"), (220, "year"), (320, "year")]),
        *[(650 - 14 * row, [(76, BODY[row][0]), (220, "12.5"), (320, "13.5")]) for row in range(6)],
    ]:
        for x, text in texts:
            canvas.drawString(x, y, text)
    for y, x0, x1 in [(714, 72, 372), (696, 215, 372), (664, 72, 372), (572, 72, 372)]:
        canvas.line(x0, y, x1, y)
    canvas.save()
    (table,) = tables_in(path)
    assert texts_of(table)[:3] == [
        ["", "Both years", ""],
        ["Name of\nthe port", "First\nyear", "Second\nyear"],
        ["Harbour A", "12.5", "13.5"],
    ]
    assert next(cell for cell in table.cells if cell.text == "Both years").column_span == 2
    assert (table.row_count, table.header_rows) == (8, 2)


def test_a_head_over_the_middle_of_its_columns_spans_them(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=makers_tables.A4)
    canvas.setFont("Helvetica", 10)
    canvas.drawCentredString(240, 700, "North")
    canvas.drawCentredString(400, 700, "South")
    for column, text in enumerate(["", "Ships", "Tons", "Ships", "Tons"]):
        canvas.drawCentredString(120 + 80 * column, 684, text)
    for row in range(6):
        canvas.drawString(76, 668 - 16 * row, f"Year {row}")
        for column in range(1, 5):
            canvas.drawCentredString(120 + 80 * column, 668 - 16 * row, f"1{column}.{row}")
    canvas.save()
    (table,) = tables_in(path)
    spans = {cell.text: (cell.row, cell.column, cell.column_span) for cell in table.cells if cell.row == 0}
    assert spans == {"North": (0, 1, 2), "South": (0, 3, 2)}
    assert table.header_rows == 2


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize("repeated", [True, False])
def test_tables_go_on_over_pages(tmp_path: Path, *, ruled: bool, repeated: bool) -> None:
    again = [HEAD] if repeated else []
    pages = [[HEAD, *BODY], [*again, *BODY], [*again, *BODY[:9]]]
    path = makers_tables.report(tmp_path / "a.pdf", pages, ruled=ruled)
    assert [(table.page, table.continues) for table in tables_in(path)] == [(1, False), (2, True), (3, True)]
    assert [(table.page, table.continues) for table in tables_in(path, 3, 3)] == [(3, True)]


def test_other_tables_do_not_go_on(tmp_path: Path) -> None:
    other_columns = [[HEAD, *BODY], [["Other", "head"], *[row[:2] for row in BODY[:9]]]]
    path = makers_tables.report(tmp_path / "a.pdf", other_columns, ruled=True)
    assert [table.continues for table in tables_in(path)] == [False, False]
    other_head = [[HEAD, *BODY], [["Town", "People", "Houses"], *BODY[:9]]]
    path = makers_tables.report(tmp_path / "b.pdf", other_head, ruled=True)
    assert [table.continues for table in tables_in(path)] == [False, False]
    path = makers_tables.report(tmp_path / "c.pdf", [[HEAD, *BODY[:9]], BODY[:9]], ruled=True, full=False)
    assert [table.continues for table in tables_in(path)] == [False, False]


@pytest.mark.parametrize("turned", [0.0, 0.4])
def test_lines_of_a_scan(tmp_path: Path, turned: float) -> None:
    path = makers_tables.report(tmp_path / "a.pdf", [[HEAD, *BODY[:9]]], ruled=True)
    with open_document(Source(path=path, media_type="application/pdf")) as pdf:
        reading = pdf.read_page(1)
        drawn = pdf.edges(1)
    seen = picture_edges(makers_tables.picture_of(path, turned=turned), reading)
    level = [rule.y for rule in rules_of(seen)]
    assert level == pytest.approx([rule.y for rule in rules_of(drawn)], abs=3)
    upright = sorted({round(edge.x0 / 10) for edge in seen if not edge.is_horizontal})
    assert upright == sorted({round(edge.x0 / 10) for edge in drawn if not edge.is_horizontal})


def test_a_table_of_a_scan(reader: GuardedReader, tmp_path: Path) -> None:
    rows = [
        ["Name", "Amount", "Place"],
        *[[f"Ship {name}", f"{n}00 tons", "Left\u00a0side"] for n, name in enumerate(["one", "two", "three"], 1)],
    ]
    drawn = makers_tables.report(tmp_path / "a.pdf", [rows], ruled=True)
    path = makers_tables.scan_of(drawn, tmp_path / "b.pdf")
    page = reader.recognise_page(path, media_type="application/pdf", number=1)
    found = reader.find_tables(path, media_type="application/pdf", first=1, last=1, readings=[page])
    (table,) = found.tables
    assert texts_of(table) == [[text.replace("\u00a0", " ") for text in row] for row in rows]
    assert table.header_rows == 1


def test_noise_is_no_line() -> None:
    """A picture full of dots and dashes is answered in time and without a line."""
    noise = np.random.default_rng(7).integers(0, 256, (1200, 900), dtype=np.uint8)
    page = PageReading(number=1, width=595, height=842, rotation=0, text="", text_source="ocr")
    assert picture_edges(Image.fromarray(noise), page) == []
    stripes = np.tile(np.array([[0], [255], [255]], dtype=np.uint8), (400, 900))
    assert len(picture_edges(Image.fromarray(stripes), page)) <= 400


def test_ruled_tables_agree_with_pdfplumber_cell_by_cell(tmp_path: Path) -> None:
    """Every cell of a grid with spans stands where stock pdfplumber finds it, within a point."""
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=makers_tables.A4)
    for index, row in enumerate([HEAD, *BODY[:9]]):
        for column, text in enumerate(row):
            canvas.drawString(76 + column * 120, 706 - 20 * index, text)
    canvas.grid([72, 192, 312, 432], [720 - 20 * index for index in range(11)])
    canvas.rect(72, 720, 360, 24)
    canvas.drawString(200, 728, "All harbours")
    canvas.save()
    pdf = open_document(Source(path=path, media_type="application/pdf"))
    reading = pdf.read_page(1)
    (ours,) = find_tables(reading, pdf.edges(1))
    pdf.close()
    stock = pdfplumber.open(path)
    (theirs,) = stock.pages[0].find_tables()
    stock.close()
    size = (reading.width, reading.height) * 2
    boxes = sorted(tuple(side * whole for side, whole in zip(cell.box or (), size, strict=True)) for cell in ours.cells)
    assert len(boxes) == len(theirs.cells)
    for box, other in zip(boxes, sorted(theirs.cells), strict=True):
        assert box == pytest.approx(other, abs=1)


def test_rules_at_one_height_are_one() -> None:
    edges = [Edge(10, 5, 50, 5), Edge(50.5, 6, 90, 6), Edge(100, 5, 140, 5), Edge(10, 60, 10, 5)]
    (rule,) = rules_of(edges)
    assert list(rule.parts) == [(10.0, 90.0), (100.0, 140.0)]
    assert rule.is_full(10, 140)
    assert not rule.is_full(10, 300)


def line_at(top: float, *texts: tuple[float, float]) -> Line:
    return Line(top, top + 10, tuple(Segment(x0, top, x1, top + 10, ()) for x0, x1 in texts))


@pytest.mark.parametrize(
    "block",
    [
        # A wide head at the left reaches into the column that the next head's middle stands over.
        [line_at(0, (0, 130), (185, 215)), line_at(30, (0, 60), (100, 160), (220, 300)), line_at(60, (0, 60))],
        # A label goes on under a text that spans two columns, closer than rows are.
        [line_at(0, (0, 60), (100, 160), (220, 300)), line_at(30, (0, 130), (220, 300)), line_at(35, (0, 60))],
    ],
)
def test_cells_of_a_row_never_overlap(block: list[Line]) -> None:
    columns = [Column(0, 60), Column(100, 160), Column(220, 300)]
    rows = rows_of(block, columns, []).rows
    for row in rows:
        covered = [column for cell in row for column in cell.columns]
        assert len(covered) == len(set(covered))
    placed = sum(len(cell.segments) for row in rows for cell in row)
    assert placed == sum(len(line.segments) for line in block)
