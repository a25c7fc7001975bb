"""Files of exports: what spreadsheets would get wrong stays text, and no row is lost without a word."""

import csv
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from apps.pipeline.exports import files
from apps.pipeline.exports.files import TooManyRowsError, export_file
from apps.pipeline.exports.rows import FIXED, Cell, DocumentRows

COLUMNS = ["description", "quantity", "article"]


def document(values: dict[str, Cell], *lines: dict[str, str]) -> DocumentRows:
    fixed: dict[str, Cell] = {**dict.fromkeys(FIXED, ""), "document_id": "d1", "title": "One"}
    return DocumentRows(fixed, values, [("line_items", number, line) for number, line in enumerate(lines, 1)])


def sheets(path: Path, *documents: DocumentRows) -> list[str]:
    file = export_file(path, "xlsx", keys=["day", "total"], columns=COLUMNS)
    for each in documents:
        file.add(each)
    file.close()
    with zipfile.ZipFile(path) as book:
        return [book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2)]


def test_numbers_of_something_stay_texts_in_a_workbook(tmp_path: Path) -> None:
    line = {"description": "2026", "quantity": "2.50", "article": "004711"}
    _, lines = sheets(tmp_path / "a.xlsx", document({}, line))
    assert "<v>2.5</v>" in lines
    assert "<t>004711</t>" in lines
    assert "<t>2026</t>" in lines


def test_days_that_excel_does_not_know_are_texts(tmp_path: Path) -> None:
    documents, _ = sheets(tmp_path / "a.xlsx", document({"day": date(1850, 1, 2)}), document({"day": date(2026, 3, 1)}))
    assert "<t>1850-01-02</t>" in documents
    assert "<v>46082</v>" in documents


def test_more_rows_than_a_sheet_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_SHEET_ROWS", 3)  # the head is one of them
    two = [{"quantity": "1"}, {"quantity": "2"}]
    sheets(tmp_path / "a.xlsx", document({}, *two))
    with pytest.raises(TooManyRowsError):
        sheets(tmp_path / "b.xlsx", document({}, *two), document({}, {"quantity": "3"}))


@pytest.mark.parametrize(
    ("text", "written"),
    [("=1+1", "'=1+1"), ("\n=1+1", "'\n=1+1"), ("@x", "'@x"), ("-5.00", "-5.00"), ("-5+x", "'-5+x"), ("a=b", "a=b")],
)
def test_a_csv_has_no_formula(tmp_path: Path, text: str, written: str) -> None:
    path = tmp_path / "a.csv"
    file: Any = export_file(path, "csv", keys=["total"], columns=["description"])
    file.add(document({"total": text}, {"description": text}))
    file.add(document({"total": Decimal("-5.00")}))
    file.close()
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert (rows[0]["total"], rows[1]["line_description"], rows[2]["total"]) == (written, written, "-5.00")
