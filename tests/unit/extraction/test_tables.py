"""Ruled tables agree with stock pdfplumber; tables without rules are found, running text is not taken for one."""

from pathlib import Path
from random import Random

import pdfplumber
import pytest
from msgspec import structs
from pdfplumber.table import edges_to_intersections, intersections_to_cells
from reportlab.pdfgen.canvas import Canvas

from apps.extraction.engine.edges import Edge
from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.readers.pdf import open_document
from apps.extraction.engine.reading import Engine
from apps.extraction.engine.tables import find_tables
from apps.extraction.engine.tables.crossings import cells_of, crossings_of
from apps.extraction.engine.tables.ruled import _as_pdfplumber
from apps.extraction.engine.types import TableReading
from tests.unit.extraction import makers

ROWS = [
    ["Item", "Quantity", "Price"],
    ["Paper", "10", "4.50"],
    ["Blue ink", "2", "12.90"],
    ["Desk lamp", "1", "39.00"],
    ["Total", "13", "56.40"],
]


def tables_of(path: Path) -> list[TableReading]:
    with open_document(Source(path=path, media_type="application/pdf")) as pdf:
        return find_tables(pdf.read_page(1), pdf.edges(1))


def texts_of(table: TableReading) -> list[list[str]]:
    rows = [[""] * table.column_count for _ in range(table.row_count)]
    for cell in table.cells:
        rows[cell.row][cell.column] = cell.text
    return rows


@pytest.mark.parametrize("ruled", [True, False])
def test_a_table_is_found_with_its_cells(tmp_path: Path, *, ruled: bool) -> None:
    path = makers.table_pdf(tmp_path / "a.pdf", ROWS, ruled=ruled)
    (table,) = tables_of(path)
    assert texts_of(table) == ROWS
    assert table.page == 1
    assert table.confidence is None
    assert table.box is not None
    assert table.box[0] == pytest.approx(72 / 595, abs=0.01)
    assert table.box[1] == pytest.approx(1 - 720 / 842, abs=0.01)
    price = next(cell for cell in table.cells if cell.text == "12.90")
    assert (price.row, price.column) == (2, 2)
    assert price.box is not None
    assert price.box[0] > 0.4


def test_ruled_tables_agree_with_pdfplumber(tmp_path: Path) -> None:
    path = makers.table_pdf(tmp_path / "a.pdf", ROWS, ruled=True)
    (ours,) = tables_of(path)
    with pdfplumber.open(path) as pdf:
        (theirs,) = pdf.pages[0].find_tables()
        assert texts_of(ours) == theirs.extract()
        scale = (pdf.pages[0].width, pdf.pages[0].height) * 2
    assert ours.box == pytest.approx([side / whole for side, whole in zip(theirs.bbox, scale, strict=True)], abs=0.003)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_rotated_pages(tmp_path: Path, degrees: int) -> None:
    """A table stays the same table when its page is drawn turned and shown upright."""
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=(842, 595) if degrees != 180 else makers.A4)
    canvas.rotate(degrees)
    canvas.translate(*{90: (0, -842), 180: (-595, -842), 270: (-595, 0)}[degrees])
    canvas.setFont("Helvetica", 10)
    for index, row in enumerate(ROWS):
        for column, text in enumerate(row):
            canvas.drawString(76 + column * 110, 706 - index * 20, text)
    canvas.grid([72, 182, 292, 402], [720 - index * 20 for index in range(6)])
    canvas.save()
    turned = makers.rotated(path, tmp_path / "b.pdf", degrees)
    (table,) = tables_of(turned)
    assert texts_of(table) == ROWS


def test_spans(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=makers.A4)
    canvas.rect(72, 700, 300, 20)
    canvas.grid([72, 222, 372], [660, 680, 700])
    for x, y, text in [(76, 706, "Both"), (76, 686, "a"), (226, 686, "b"), (76, 666, "c"), (226, 666, "d")]:
        canvas.drawString(x, y, text)
    canvas.save()
    (table,) = tables_of(path)
    head = table.cells[0]
    assert (head.text, head.row, head.column, head.row_span, head.column_span) == ("Both", 0, 0, 1, 2)
    assert (table.row_count, table.column_count, len(table.cells)) == (3, 2, 5)


def test_open_sides_are_closed(tmp_path: Path) -> None:
    """Rules that run on beyond the outer upright lines make columns too."""
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=makers.A4)
    for index, row in enumerate(ROWS):
        for column, text in enumerate(row):
            canvas.drawString(76 + column * 110, 706 - index * 20, text)
    for index in range(6):
        canvas.line(72, 720 - index * 20, 402, 720 - index * 20)
    canvas.line(182, 720, 182, 620)
    canvas.line(292, 720, 292, 620)
    canvas.save()
    (table,) = tables_of(path)
    assert texts_of(table) == ROWS


def test_rows_without_rules_between_them_are_parted(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=makers.A4)
    for index, row in enumerate(ROWS):
        for column, text in enumerate(row):
            canvas.drawString(76 + column * 110, 706 - index * 16, text)
    canvas.grid([72, 182, 292, 402], [720, 700, 630])  # the head and one box for all figures
    canvas.save()
    (table,) = tables_of(path)
    assert texts_of(table) == ROWS


def test_close_columns_of_figures_are_parted(tmp_path: Path) -> None:
    figures = [[str(1000 + 7 * row), f"{row}.{row}"] for row in range(10, 18)]
    texts = [(72.0, 700.0 - 16 * row, f"Region number {row}") for row in range(8)]
    texts += [(200.0, 700.0 - 16 * row, first) for row, (first, _) in enumerate(figures)]
    texts += [(231.0, 700.0 - 16 * row, second) for row, (_, second) in enumerate(figures)]
    (table,) = tables_of(makers.text_pdf(tmp_path / "a.pdf", [texts]))
    assert [row[1:] for row in texts_of(table)] == figures


def test_frames_and_text_are_no_tables(tmp_path: Path) -> None:
    line = "running text that goes on to the end of its line and then some"
    two_columns = [(x, 760.0 - 14 * row, line[: 44 - row % 3]) for row in range(40) for x in (50.0, 310.0)]
    assert tables_of(makers.text_pdf(tmp_path / "a.pdf", [two_columns])) == []
    assert tables_of(makers.table_pdf(tmp_path / "b.pdf", [["A note in a frame"]], ruled=True)) == []
    one_column = [(72.0, 760.0 - 14 * row, line) for row in range(40)]
    assert tables_of(makers.text_pdf(tmp_path / "c.pdf", [one_column])) == []


def test_many_crossing_lines_are_given_up_in_time(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    canvas = Canvas(str(path), pagesize=makers.A4)
    canvas.grid([index * 0.2 for index in range(3000)], [index * 0.25 for index in range(3000)])
    for index in range(10):
        canvas.drawString(72, 700 - 20 * index, "word")
    canvas.save()
    assert tables_of(path) == []


def test_pages_that_are_given_are_searched_in_place_of_the_file_s_and_not_kept(tmp_path: Path) -> None:
    path = makers.table_pdf(tmp_path / "t.pdf", [["crates", "12"], ["sacks", "7"], ["casks", "3"]], ruled=True)
    source = Source(path=path, media_type="application/pdf")
    read = Engine().read_pages(source, 1, 1)
    engine = Engine()
    assert engine.find_tables(source, 1, 1, [structs.replace(read.pages[0], words=[])]).tables == []
    assert engine.read_pages(source, 1, 1) == read
    assert [table.row_count for table in engine.find_tables(source, 1, 1).tables] == [3]


@pytest.mark.parametrize("seed", range(30))
def test_cells_are_those_of_pdfplumber(seed: int) -> None:
    chance = Random(seed)  # noqa: S311  (no secret)
    places = [20.0 * number + chance.choice([0.0, 0.5, 2.0]) for number in range(chance.randint(2, 9))]

    def span() -> tuple[float, float]:
        ends = sorted(chance.sample(places, 2))
        return ends[0] + chance.choice([-2.0, 0.0, 3.0]), ends[1] + chance.choice([0.0, 2.5, 6.0])

    edges = [Edge(x0, y, x1, y) for y in places for x0, x1 in [span(), span()]]
    edges += [Edge(x, top, x, bottom) for x in places for top, bottom in [span()]]
    chance.shuffle(edges)
    stock = edges_to_intersections([_as_pdfplumber(edge) for edge in edges], 3, 3)
    ours = crossings_of(edges, 3)
    assert ours.keys() == stock.keys()
    assert cells_of(ours) == intersections_to_cells(stock)
