"""Exports: written in the background from rows that remember what went out, and never twice nor lost."""

import csv
import io
import threading
import zipfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.storage import storages

from apps.accounts.models import User, Workspace
from apps.core.clock import now
from apps.core.ids import new_id
from apps.documents.models import Document
from apps.documents.selectors import visible_to
from apps.documents.services import document_purge
from apps.extraction.engine.fields.types import LineItem
from apps.extraction.fields.services.store import Found, fields_store
from apps.pipeline.exports import files, writing
from apps.pipeline.exports.rows import rows_of
from apps.pipeline.exports.selectors import export_open, exports_with
from apps.pipeline.exports.services import (
    ExportLease,
    ExportLostError,
    NothingToExportError,
    export_claim,
    export_complete,
    export_request,
    exports_forget_files,
    exports_sweep,
)
from apps.pipeline.models import Export, ExportFormat, ExportItem, ExportState
from apps.pipeline.tasks import work_exports
from apps.review.models import AccountingState
from apps.review.selectors import accounting_of
from apps.review.services.accounting import accounting_set
from tests.integration.fields.conftest import stated

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoices(read: Callable[..., Document]) -> list[Document]:
    """Give two invoices, the first one with lines and approved."""
    made = []
    for number in (1, 2):
        document = read([(60, 60, f"Invoice page {number}")], label="invoice", title=f"Invoice {number}")
        paper = LineItem(description="=Paper", quantity="2", amount="10.00")
        values = [
            stated("grand_total", "15.00", "amount", currency="EUR"),
            stated("issue_date", "2026-03-03", "date"),
            stated("line_items", [paper, LineItem(description="Ink", amount="5.00")], "table"),
        ]
        assert document.current_reading is not None
        fields_store(
            reading=document.current_reading, found=Found(values[: 3 if number == 1 else 2], "invoice"), pages=[]
        )
        made.append(document)
    return made


def ask(workspace: Workspace, alice: User, file_format: ExportFormat = ExportFormat.CSV) -> Export:
    documents = visible_to(user=alice, workspace_id=workspace.pk)
    return export_request(
        documents=documents, workspace_id=workspace.pk, filters={"type": ["invoice"]}, file_format=file_format, by=alice
    )


def test_a_file_with_documents_and_lines(workspace: Workspace, alice: User, invoices: list[Document]) -> None:
    accounting_set(documents=invoices[:1], state=AccountingState.APPROVED, by=alice)
    export = ask(workspace, alice)
    assert work_exports() is True
    assert work_exports() is False
    export.refresh_from_db()
    assert (export.state, export.row_count, export.document_count) == (ExportState.SUCCEEDED, 4, 2)
    with export_open(export=export) as file:
        rows = list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"))))
    documents = {row["title"]: row for row in rows if row["row"] == "document"}
    assert documents["Invoice 1"]["grand_total"] == "15.00"
    assert (documents["Invoice 1"]["issue_date"], documents["Invoice 1"]["currency"]) == ("2026-03-03", "EUR")
    assert documents["Invoice 1"]["accounting_state"] == "approved"
    names = ("field", "line", "line_description", "grand_total")
    lines = [tuple(row[name] for name in names) for row in rows if row["row"] == "line"]
    assert lines == [("line_items", "1", "'=Paper", ""), ("line_items", "2", "Ink", "")]


def test_a_currency_is_told_once(workspace: Workspace, alice: User, read: Callable[..., Document]) -> None:
    document = read([(60, 60, "A letter")], label="letter")
    assert document.current_reading is not None
    values = [stated("amount_due", "15.00", "amount", currency="EUR"), stated("currency", "EUR")]
    fields_store(reading=document.current_reading, found=Found(values, "letter"), pages=[])
    (row,) = rows_of([document])
    assert row.values == {"amount_due": Decimal("15.00"), "currency": "EUR"}


def test_a_lease_is_kept_while_a_file_is_written() -> None:
    renewed = threading.Event()
    lease = ExportLease(new_id(), new_id())

    def renew(*, lease: ExportLease) -> None:
        renewed.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "export_renew", renew)
        patch.setattr("django.conf.settings.LEASE_S", 0.03)
        with writing._kept(lease):
            assert renewed.wait(5)


def test_it_is_remembered_what_went_out(workspace: Workspace, alice: User, invoices: list[Document]) -> None:
    approved, other = invoices
    accounting_set(documents=[approved], state=AccountingState.APPROVED, by=alice)
    ask(workspace, alice)
    work_exports()
    row = accounting_of(document_id=approved.pk)
    assert row is not None
    assert (row.state, row.by_label) == (AccountingState.EXPORTED, str(alice))
    assert accounting_of(document_id=other.pk) is None  # nobody approved it
    assert exports_with(document_id=approved.pk).count() == 1
    document_purge(document=approved, by=alice)
    assert set(ExportItem.objects.values_list("title", flat=True)) == {"Invoice 1", "Invoice 2"}


def test_a_workbook_has_numbers_and_dates(workspace: Workspace, alice: User, invoices: list[Document]) -> None:
    export = ask(workspace, alice, ExportFormat.XLSX)
    work_exports()
    export.refresh_from_db()
    with export_open(export=export) as file, zipfile.ZipFile(io.BytesIO(file.read())) as book:
        documents, lines = (book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2))
    assert "<v>15</v>" in documents
    assert "<v>10</v>" in lines
    assert "<f>" not in documents + lines  # nothing that a spreadsheet would compute


def test_a_worker_that_died_costs_nothing(workspace: Workspace, alice: User, invoices: list[Document]) -> None:
    export = ask(workspace, alice)
    lost = export_claim()
    assert lost is not None
    assert export_claim() is None  # held
    Export.objects.update(lease_expires_at=now() - timedelta(seconds=1))
    assert exports_sweep() == 1
    work_exports()
    export.refresh_from_db()
    assert (export.state, export.attempt) == (ExportState.SUCCEEDED, 2)
    with pytest.raises(ExportLostError):  # it comes back, and may store nothing
        export_complete(lease=lost, file_key="x", file_size=1, row_count=1)
    export.refresh_from_db()
    assert export.file_key != "x"
    assert storages["default"].exists(export.file_key)


def test_an_export_whose_workers_always_die_ends(workspace: Workspace, alice: User, invoices: list[Document]) -> None:
    export = ask(workspace, alice)
    for _ in range(3):
        assert export_claim() is not None
        Export.objects.update(lease_expires_at=now() - timedelta(seconds=1))
    assert export_claim() is None
    assert exports_sweep() == 0
    export.refresh_from_db()
    assert (export.state, export.error_code) == (ExportState.FAILED, "worker_lost")


def test_a_workbook_that_is_too_long_fails_at_once(
    workspace: Workspace, alice: User, invoices: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_SHEET_ROWS", 2)
    export = ask(workspace, alice, ExportFormat.XLSX)
    work_exports()
    export.refresh_from_db()
    assert (export.state, export.error_code, export.attempt) == (ExportState.FAILED, "too_many_rows", 1)


def test_files_go_after_their_time_and_rows_stay(workspace: Workspace, alice: User, invoices: list[Document]) -> None:
    export = ask(workspace, alice)
    work_exports()
    export.refresh_from_db()
    key = export.file_key
    assert exports_forget_files() == 0
    Export.objects.update(finished_at=now() - timedelta(days=31))
    assert exports_forget_files() == 1
    assert not storages["default"].exists(key)
    assert ExportItem.objects.count() == 2


def test_nothing_is_no_export(workspace: Workspace, alice: User) -> None:
    with pytest.raises(NothingToExportError):
        ask(workspace, alice)
    assert not Export.objects.exists()
