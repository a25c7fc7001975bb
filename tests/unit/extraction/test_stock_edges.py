"""Lines by stock pdfplumber stand where pdfium's do, and take their place where pdfium fails."""

from pathlib import Path

import pypdfium2 as pdfium
import pytest

from apps.extraction.engine.edges import Edge
from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.readers.pdf import document
from apps.extraction.engine.readers.pdf.stock_edges import stock_edges
from apps.extraction.engine.reading import Engine
from tests.unit.extraction import makers

ROWS = [["Item", "Amount"], ["Flour", "12.00"], ["Sugar", "3.50"]]


def nearly(edges: list[Edge]) -> set[tuple[int, ...]]:
    return {tuple(round(value) for value in edge) for edge in edges}


def source_of(path: Path) -> Source:
    return Source(path=path, media_type="application/pdf")


@pytest.mark.parametrize("kind", ["plain", "rotated", "cropped", "encrypted"])
def test_both_find_the_same_lines(tmp_path: Path, kind: str) -> None:
    path = makers.table_pdf(tmp_path / "t.pdf", ROWS, ruled=True)
    password = None
    if kind == "rotated":
        path = makers.rotated(path, tmp_path / "r.pdf", 90)
    elif kind == "cropped":
        path = makers.cropped(path, tmp_path / "c.pdf", (20, 30, 560, 800))
    elif kind == "encrypted":
        path, password = makers.encrypted(path, tmp_path / "e.pdf", "secret"), "secret"
    source = Source(path=path, media_type="application/pdf", password=password)
    with document.open_document(source) as opened:
        own = opened.edges(1)
    assert own
    assert nearly(stock_edges(source, 1)) == nearly(own)


def test_a_page_whose_lines_pdfium_does_not_give_has_its_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_of(makers.table_pdf(tmp_path / "t.pdf", ROWS, ruled=True))
    (own,) = Engine().find_tables(source, 1, 1).tables

    def fails(*_: object) -> list[Edge]:
        raise pdfium.PdfiumError("no objects")

    monkeypatch.setattr(document, "ruling_edges", fails)
    found = Engine().find_tables(source, 1, 1)
    assert found.problems == []
    assert [[cell.text for cell in table.cells] for table in found.tables] == [[cell.text for cell in own.cells]]
