"""Tables as files: one with its parts on other pages, all of a document, nothing that a spreadsheet would run."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from apps.documents.models import Document
from apps.extraction.models import Table


def make_table(invoice: Document, page: int, rows: list[list[str]], **more: Any) -> Table:
    """Store a table beside those that were read."""
    assert invoice.current_reading is not None
    return Table.objects.create(
        workspace_id=invoice.workspace_id,
        reading=invoice.current_reading,
        page_number=page,
        position=0,
        row_count=len(rows),
        column_count=len(rows[0]),
        cells=[
            {"row": row, "column": column, "row_span": 1, "column_span": 1, "text": text, "box": None}
            for row, texts in enumerate(rows)
            for column, text in enumerate(texts)
        ],
        **more,
    )


HEAD = ["Item", "Price"]


@pytest.fixture
def parts(invoice: Document) -> list[Table]:
    """Give a table over two pages with its head on both, and another one."""
    Table.objects.filter(reading=invoice.current_reading).delete()
    return [
        make_table(invoice, 1, [HEAD, ["Paper", "4.50"]], header_rows=1),
        make_table(invoice, 2, [["ITEM", "Price"], ["=1+1", "-3.00"]], header_rows=1, continues=True),
        make_table(invoice, 3, [["Other", "1"], ["More", "2"]]),
    ]


WHOLE = [HEAD, ["Paper", "4.50"]]


@pytest.mark.parametrize("asked", [0, 1])
def test_a_table_over_two_pages_is_one_file(owner: Client, invoice: Document, parts: list[Table], asked: int) -> None:
    answer = owner.get(f"/documents/{invoice.pk}/tables/{parts[asked].pk}.csv")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [*WHOLE, ["'=1+1", "-3.00"]]
    assert 'filename="Invoice of the workshop page 1 table 1.csv"' in answer["Content-Disposition"]


def test_all_tables_as_csv(owner: Client, invoice: Document, parts: list[Table]) -> None:
    answer = owner.get(f"/documents/{invoice.pk}/tables.csv")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [*WHOLE, ["'=1+1", "-3.00"], [], ["Other", "1"], ["More", "2"]]


def test_all_tables_as_a_workbook(owner: Client, invoice: Document, parts: list[Table]) -> None:
    answer = owner.get(f"/documents/{invoice.pk}/tables.xlsx")
    assert answer["Content-Disposition"].startswith("attachment")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert book.sheet_names == ["Page 1 table 1", "Page 3 table 1"]
    assert book.get_sheet_by_index(0).to_python() == [*WHOLE, ["=1+1", "-3.00"]]


def test_no_tables(owner: Client, invoice: Document) -> None:
    Table.objects.filter(reading=invoice.current_reading).delete()
    assert owner.get(f"/documents/{invoice.pk}/tables.csv").content.decode("utf-8-sig") == ""
    book = CalamineWorkbook.from_filelike(BytesIO(owner.get(f"/documents/{invoice.pk}/tables.xlsx").content))
    assert book.sheet_names == ["No tables"]


def test_the_page_offers_the_files(owner: Client, invoice: Document, parts: list[Table]) -> None:
    page = owner.get(f"/documents/{invoice.pk}/tables/").content.decode()
    assert f"/documents/{invoice.pk}/tables/{parts[0].pk}.xlsx" in page
    assert f"/documents/{invoice.pk}/tables.xlsx" in page
    assert "goes on with the one before" in page
