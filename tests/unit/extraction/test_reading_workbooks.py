"""Spreadsheets: values as shown, areas as tables, what lies beside the cells, and bounds."""

import datetime as dt
from pathlib import Path

import pytest
import xlsxwriter

from apps.extraction.engine.containers import ODS, XLS, XLSX
from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.identify import media_type_of
from apps.extraction.engine.readers import open_document
from apps.extraction.engine.readers.base import OpenDocument, Source
from apps.extraction.engine.readers.sheets import extent
from apps.extraction.engine.readers.sheets.areas import blocks_of
from apps.extraction.engine.readers.sheets.formats import NumberFormat, number_format
from apps.extraction.engine.readers.sheets.values import Value, shown
from apps.extraction.engine.types import TableReading
from tests.unit.extraction import makers_containers


def opened(path: Path) -> OpenDocument:
    return open_document(Source(path=path, media_type=media_type_of(path, path.name)))


def tables_of(document: OpenDocument, number: int) -> list[TableReading]:
    tables = document.own_tables(number)
    assert tables is not None
    return tables


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        (-1234.5, "-1234.5"),
        (1e20, "1e+20"),
        (True, "TRUE"),
        (" text ", "text"),
        (dt.date(2026, 3, 2), "2026-03-02"),
        (dt.datetime.fromisoformat("2026-03-02T00:00"), "2026-03-02"),
        (dt.datetime.fromisoformat("2026-03-02T09:30"), "2026-03-02 09:30"),
        (dt.time(9, 30), "09:30:00"),
        (dt.timedelta(hours=30, minutes=5), "30:05:00"),
        (-dt.timedelta(minutes=1), "-0:01:00"),
    ],
)
def test_values_as_shown(value: Value, expected: str) -> None:
    assert shown(value) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("General", None),
        ("0.00", NumberFormat(2, is_percent=False)),
        ("#,##0.00 [$\u20ac-407];[Red]-#,##0.00 [$\u20ac-407]", NumberFormat(2, is_percent=False)),
        ('_-* #,##0.0\\ "EUR"_-;-0', NumberFormat(1, is_percent=False)),
        ("0.0%", NumberFormat(1, is_percent=True)),
        ("0 %", NumberFormat(0, is_percent=True)),
        ("$#,##0", NumberFormat(0, is_percent=False)),
        ("0.00E+00", None),
        ("# ?/?", None),
        ("#,##0,", None),
        ("0.0#", None),
        ("yyyy-mm-dd", None),
        ("@", None),
    ],
)
def test_number_formats(code: str, expected: NumberFormat | None) -> None:
    assert number_format(code) == expected


def test_figures_are_written_as_their_cells_ask(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Rates")
    for row, (value, code) in enumerate([(0.19, "0%"), (1234.5, "#,##0.00"), (0.075, "0.0%"), (7, "General")], 3):
        sheet.write(row, 2, value, book.add_format({"num_format": code}))
    book.close()
    assert opened(path).read_page(1).text == "Rates\n\n19%\n1234.50\n7.5%\n7"


def test_a_workbook_with_everything(tmp_path: Path) -> None:
    path = makers_containers.workbook(tmp_path / "a.xlsx")
    document = opened(path)
    assert (document.info.media_type, document.info.page_count) == (XLSX, 2)
    page = document.read_page(1)
    assert [(block.kind, block.note) for block in page.blocks] == [
        ("heading", ""),
        ("paragraph", ""),
        ("table", ""),
        ("table", ""),
        ("caption", ""),
        ("table", ""),
        ("paragraph", ""),
        ("paragraph", "comment"),
    ]
    assert page.text.startswith(
        "Sales\n\nSales of alice\n\nSpring\nItem\tPieces\nBolts\t12\nNuts\t7.5\n\nPaid\tTRUE\n2026-03-02"
    )
    assert "Draft only" in page.text
    assert "Ask bob" not in page.text
    spring, paid, chart = tables_of(document, 1)
    assert (spring.cells[0].text, spring.cells[0].column_span) == ("Spring", 2)
    assert (paid.row_count, paid.column_count) == (2, 2)
    assert [cell.text for cell in chart.cells] == ["", "Pieces", "Bolts", "12", "Nuts", "7.5"]


def test_merged_cells_below_empty_rows_keep_their_place(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Low")
    sheet.merge_range("C5:D5", "Both")
    sheet.write_row("C6", ["left", "right"])
    book.close()
    (table,) = tables_of(opened(path), 1)
    assert [(cell.row, cell.column, cell.column_span, cell.text) for cell in table.cells] == [
        (0, 0, 2, "Both"),
        (1, 0, 1, "left"),
        (1, 1, 1, "right"),
    ]


def test_hidden_sheets_are_named_and_kept_out_of_the_text(tmp_path: Path) -> None:
    document = opened(makers_containers.workbook(tmp_path / "a.xlsx"))
    assert document.info.metadata == {"hidden_sheets": ["Notes"]}
    page = document.read_page(2)
    assert page.text == ""
    assert [(block.text, block.note) for block in page.blocks] == [("Notes", "hidden"), ("for charlie only", "hidden")]


def test_empty_rows_and_columns_part_tables() -> None:
    rows = [["a", "b", "", "x"], ["1", "2", "", "y"], [], ["Only this"]]
    blocks, tables = blocks_of(rows, [])
    assert [(block.kind, block.text) for block in blocks] == [
        ("table", "a\tb\n1\t2"),
        ("table", "x\ny"),
        ("paragraph", "Only this"),
    ]
    assert [(table.row_count, table.column_count, table.header_rows) for table in tables] == [(2, 2, 1), (2, 1, 0)]


def test_a_long_sheet_is_cut_into_pages_that_go_on(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Rows")
    for row in range(9_000):
        sheet.write_row(row, 0, [row, row, row])
    book.close()
    document = opened(path)
    assert document.info.page_count == 2
    first, second = (tables_of(document, number)[0] for number in (1, 2))
    assert (first.continues, second.continues, second.page) == (False, True, 2)
    assert first.row_count + second.row_count == 9_000


def test_a_sheet_that_reaches_too_far_is_refused_before_it_is_unfolded(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write(0, 0, "x")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    with pytest.raises(ReadingError) as error:
        opened(path)
    assert error.value.code == ErrorCode.TOO_LARGE


def _ods(path: Path, rows: str) -> Path:
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Rows">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return makers_containers.archive(
        path,
        {"mimetype": ODS.encode(), "META-INF/manifest.xml": manifest.encode(), "content.xml": content.encode()},
    )


def _ods_row(rows: int, columns: int, text: str) -> str:
    repeats = f'table:number-columns-repeated="{columns}"'
    cell = f"<table:table-cell {repeats}/>"
    if text:
        cell = f'<table:table-cell {repeats} office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    return f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'


def test_repeated_cells_of_ods_count_as_many_only_where_they_are_filled(tmp_path: Path) -> None:
    document = opened(_ods(tmp_path / "a.ods", _ods_row(1, 2, "x") + _ods_row(1_000_000, 1_024, "")))
    assert document.read_page(1).text == "Rows\n\nx\tx"
    with pytest.raises(ReadingError) as error:
        opened(_ods(tmp_path / "b.ods", _ods_row(1_000_000, 1_024, "x")))
    assert error.value.code == ErrorCode.TOO_LARGE


def test_elements_cut_by_the_pieces_are_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extent, "MOST_PLACES", 3)
    path = _ods(tmp_path / "a.ods", _ods_row(1, 1, "x" * 2_000_000) + _ods_row(2, 1, "y"))
    extent.check_extent(path, ODS)
    monkeypatch.setattr(extent, "MOST_PLACES", 2)
    with pytest.raises(ReadingError):
        extent.check_extent(path, ODS)


def test_spreadsheets_of_excel_4_are_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(b"\x09\x04\x06\x00" + b"\0" * 100)
    assert media_type_of(path, path.name) == XLS
    with pytest.raises(ReadingError) as error:
        opened(path)
    assert error.value.code == ErrorCode.UNSUPPORTED_TYPE
    assert "XLSX" in error.value.message


def test_a_damaged_workbook_is_corrupt(tmp_path: Path) -> None:
    whole = makers_containers.workbook(tmp_path / "a.xlsx").read_bytes()
    path = tmp_path / "half.xlsx"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReadingError) as error:
        open_document(Source(path=path, media_type=XLSX))
    assert error.value.code == ErrorCode.CORRUPT


def test_a_storage_without_a_workbook_never_reaches_the_library(tmp_path: Path) -> None:
    path = makers_containers.ole(tmp_path / "a.xls", {"Workbok": b"x" * 5_000})
    with pytest.raises(ReadingError) as error:
        open_document(Source(path=path, media_type=XLS))
    assert error.value.code == ErrorCode.CORRUPT
