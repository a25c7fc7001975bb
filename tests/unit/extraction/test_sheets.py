"""CSV and XLSX of tables: spans, repeated heads, long texts and names, nothing a spreadsheet would run."""

import csv
import zipfile
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook

from apps.extraction.models import Table
from apps.extraction.sheets import MOST_CELLS, Sheet, TooManyCellsError, sheets_csv, sheets_of, sheets_xlsx


def table(page: int, cells: list[tuple[int, int, int, int, str]], size: tuple[int, int], **more: object) -> Table:
    keys = ("row", "column", "row_span", "column_span", "text")
    shape = {"row_count": size[0], "column_count": size[1], "position": 0, "page_number": page}
    return Table(cells=[dict(zip(keys, cell, strict=True)) for cell in cells], **shape, **more)


def test_spans_move_with_the_part_they_are_in() -> None:
    first = table(1, [(0, 0, 1, 2, "Head"), (1, 0, 1, 1, "a"), (1, 1, 1, 1, "b")], (2, 2), header_rows=1)
    second = table(2, [(0, 0, 1, 2, " head"), (1, 0, 1, 2, "wide")], (2, 2), header_rows=1, continues=True)
    (sheet,) = sheets_of([first, second])
    assert sheet.rows == [["Head", ""], ["a", "b"], ["wide", ""]]
    assert sheet.spans == [(0, 0, 1, 2), (2, 0, 1, 2)]
    book = CalamineWorkbook.from_filelike(BytesIO(sheets_xlsx([sheet])))
    page = book.get_sheet_by_index(0)
    assert page.to_python() == [["Head", ""], ["a", "b"], ["wide", ""]]
    assert sorted(page.merged_cell_ranges or []) == [((0, 0), (0, 1)), ((2, 0), (2, 1))]


def test_another_head_is_kept() -> None:
    first = table(1, [(0, 0, 1, 1, "Head"), (1, 0, 1, 1, "a")], (2, 1), header_rows=1)
    second = table(2, [(0, 0, 1, 1, "Other"), (1, 0, 1, 1, "b")], (2, 1), header_rows=1, continues=True)
    assert [sheet.rows for sheet in sheets_of([first, second])] == [[["Head"], ["a"], ["Other"], ["b"]]]


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\t=1"])
def test_texts_that_would_run_are_texts(text: str) -> None:
    sheet = Sheet("One", [[text, "-3.00"]])
    assert list(csv.reader(StringIO(sheets_csv([sheet]).lstrip("\ufeff")))) == [[f"'{text}", "-3.00"]]
    content = sheets_xlsx([sheet])
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")
    assert CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python() == [[text, "-3.00"]]


def test_a_long_text_is_cut_to_what_excel_opens() -> None:
    content = sheets_xlsx([Sheet("One", [["x" * 40_000]])])
    assert CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python() == [["x" * 32_767]]


def test_names_are_told_apart() -> None:
    content = sheets_xlsx([Sheet("One", [["a"]]), Sheet("One", [["b"]])])
    assert CalamineWorkbook.from_filelike(BytesIO(content)).sheet_names == ["One", "One (2)"]


def test_too_many_cells_are_refused() -> None:
    with pytest.raises(TooManyCellsError):
        sheets_xlsx([Sheet("One", [["x"] * 1_000] * (MOST_CELLS // 1_000 + 1))])
