"""Warnings at ingest: the same invoice twice, the same sum on a day, another account of a seller, failed checks."""

from collections.abc import Callable

import pytest
from django.db import transaction

from apps.accounts.models import User, Workspace
from apps.documents.models import Document, Source
from apps.documents.services import documents_restore, documents_trash
from apps.extraction.engine.fields.types import ValueType
from apps.extraction.entities.selectors import documents_naming
from apps.extraction.entities.services import organisation_merge, organisation_rename
from apps.extraction.fields.services.decisions import Given
from apps.extraction.fields.services.store import Found, fields_store
from apps.extraction.models import FieldValue, Organisation
from apps.pipeline.services.ingest import ingest_upload
from apps.review.models import DocumentWarning, WarningKind
from apps.review.selectors import warnings_of
from apps.review.services.fields import field_correct
from apps.review.services.warnings import warning_dismiss, warnings_refresh
from tests.integration.fields.conftest import stated

pytestmark = pytest.mark.django_db
Read = Callable[..., Document]
KINDS: dict[str, ValueType] = {
    "issue_date": "date",
    "grand_total": "amount",
    "invoice_number": "identifier",
    "iban": "identifier",
}


def invoice(read: Read, number: int, *, checks: tuple[str, ...] = (), **values: str) -> Document:
    """Make an invoice whose file says these values of itself."""
    document = read([(60, 60, f"Invoice page {number}")], label="invoice")
    given = {"seller_name": "Nordlicht Papier GmbH", "invoice_number": f"N-{number}", **values}
    readings = [
        stated(key, value, KINDS.get(key, "text"), checks=list(checks) if key == "grand_total" else [])
        for key, value in given.items()
    ]
    assert document.current_reading is not None
    with transaction.atomic():
        fields_store(reading=document.current_reading, found=Found(readings, "invoice"), pages=[])
        warnings_refresh(document=document)
    return document


def told(document: Document) -> list[tuple[str, object]]:
    return [(warning.kind, warning.other_id) for warning in warnings_of(document_id=document.pk)]


def test_the_same_invoice_twice_is_told_at_the_later_one(read: Read) -> None:
    first = invoice(read, 1, seller_name="Nordlicht Papier GmbH", invoice_number="7")
    other_seller = invoice(read, 2, seller_name="Zapfwerk KG", invoice_number="7")
    second = invoice(read, 3, seller_name="NORDLICHT Papier", invoice_number="7")
    assert (told(first), told(other_seller)) == ([], [])
    assert told(second) == [(WarningKind.SAME_NUMBER, first.pk)]


def test_the_order_in_which_documents_are_read_does_not_matter(read: Read) -> None:
    first = invoice(read, 1, invoice_number="1")
    second = invoice(read, 2, invoice_number="7")
    with transaction.atomic():
        assert first.current_reading is not None  # read last, although it came first
        values = [stated("invoice_number", "7", "identifier"), stated("seller_name", "Nordlicht Papier GmbH")]
        fields_store(reading=first.current_reading, found=Found(values, "invoice"), pages=[])
        warnings_refresh(document=first)
    assert told(first) == []
    assert told(second) == [(WarningKind.SAME_NUMBER, first.pk)]


def test_a_part_of_a_document_is_no_second_one(read: Read) -> None:
    whole = invoice(read, 1, invoice_number="7")
    part = invoice(read, 2, invoice_number="8")
    Document.objects.filter(pk=part.pk).update(parent=whole, part_key="factur-x.xml")
    for document in (whole, part):
        document.refresh_from_db()
        assert document.current_reading is not None
        values = [stated("invoice_number", "9", "identifier"), stated("seller_name", "Nordlicht Papier GmbH")]
        with transaction.atomic():
            fields_store(reading=document.current_reading, found=Found(values, "invoice"), pages=[])
            warnings_refresh(document=document)
    assert (told(whole), told(part)) == ([], [])


def test_the_same_sum_on_the_same_day(read: Read) -> None:
    first = invoice(read, 1, grand_total="99.50", issue_date="2026-03-03")
    second = invoice(read, 2, seller_name="Zapfwerk KG", grand_total="99.5", issue_date="2026-03-03")
    third = invoice(read, 3, grand_total="99.50", issue_date="2026-03-04")
    assert (told(first), told(third)) == ([], [])
    assert told(second) == [(WarningKind.SAME_AMOUNT, first.pk)]


def test_a_common_number_hides_no_duplicate(read: Read, workspace: Workspace, alice: User) -> None:
    values = [stated("invoice_number", "1", "identifier"), stated("seller_name", "Zapfwerk KG")]
    for number in range(51):
        chunks = [f"Invoice {number}".encode()]
        other = ingest_upload(
            workspace_id=workspace.pk, chunks=chunks, file_name="1.txt", source=Source.API, by=alice
        ).document
        assert other.current_reading is not None
        fields_store(reading=other.current_reading, found=Found(values, "invoice"), pages=[])
    earlier = invoice(read, 60, invoice_number="1")
    assert told(earlier) == []
    assert told(invoice(read, 61, invoice_number="1")) == [(WarningKind.SAME_NUMBER, earlier.pk)]


def test_sums_of_other_currencies_hide_none_of_the_same(read: Read) -> None:
    documents = []
    for number, currency in enumerate(["USD"] * 5 + ["EUR", "EUR"], start=1):
        document = invoice(read, number, seller_name=f"Seller {number}", grand_total="99.50", issue_date="2026-03-03")
        FieldValue.objects.filter(document=document, key="grand_total").update(currency=currency)
        documents.append(document)
    with transaction.atomic():
        warnings_refresh(document=documents[-1])
    assert told(documents[-1]) == [(WarningKind.SAME_AMOUNT, documents[-2].pk)]


def test_another_account_of_a_seller(read: Read) -> None:
    first = invoice(read, 1, iban="DE89370400440532013000")
    same = invoice(read, 2, iban="DE89370400440532013000")
    changed = invoice(read, 3, iban="GB82WEST12345698765432")
    known_by_now = invoice(read, 4, iban="GB82WEST12345698765432")
    assert (told(first), told(same), told(known_by_now)) == ([], [], [])
    assert told(changed) == [(WarningKind.CHANGED_IBAN, same.pk)]


def test_checks_that_fail_and_data_that_differs(read: Read) -> None:
    checks = ("failed: net and tax do not sum up", "failed: page 1 shows 8.00", "ok: fine")
    document = invoice(read, 1, grand_total="9.00", checks=checks)
    found = {warning.kind: warning.message for warning in warnings_of(document_id=document.pk)}
    assert found == {
        WarningKind.FAILED_CHECK: "net and tax do not sum up",
        WarningKind.EMBEDDED_DIFFERS: "page 1 shows 8.00",
    }


def test_a_correction_ends_a_warning_and_a_dismissed_one_stays_away(read: Read, alice: User) -> None:
    first = invoice(read, 1, invoice_number="7", grand_total="5.00", issue_date="2026-03-03")
    second = invoice(read, 2, invoice_number="7", grand_total="5.00", issue_date="2026-03-03")
    assert told(second) == [(WarningKind.SAME_NUMBER, first.pk), (WarningKind.SAME_AMOUNT, first.pk)]
    warning_dismiss(warning=DocumentWarning.objects.get(kind=WarningKind.SAME_AMOUNT), by=alice)
    field_correct(document=second, key="invoice_number", given=Given(value="8"), by=alice)
    assert told(second) == []
    assert DocumentWarning.objects.get().dismissed_by == str(alice)
    field_correct(document=first, key="invoice_number", given=Given(value="8"), by=alice)
    assert told(second) == [(WarningKind.SAME_NUMBER, first.pk)]
    documents_trash(documents=[first], by=alice)
    assert told(second) == []


def test_merged_organisations_are_one_for_later_documents(read: Read, alice: User) -> None:
    first = invoice(read, 1, seller_name="Nordlicht Papier GmbH", invoice_number="7")
    invoice(read, 2, seller_name="Papierhandel Nordlicht", invoice_number="9")
    one, other = Organisation.objects.order_by("name")
    organisation_merge(organisation=other, into=one, by=alice)
    organisation_rename(organisation=one, name="Nordlicht", by=alice)
    third = invoice(read, 3, seller_name="Papierhandel Nordlicht", invoice_number="7")
    assert told(third) == [(WarningKind.SAME_NUMBER, first.pk)]
    assert [each.name for each in Organisation.objects.filter(merged_into=None)] == ["Nordlicht"]
    one.refresh_from_db()
    assert documents_naming(user=alice, organisation=one).count() == 3


def test_a_document_out_of_the_trash_is_compared_with_what_came_in_meanwhile(
    read: Read, alice: User, work: Callable[[], None]
) -> None:
    first = invoice(read, 1, invoice_number="N-7")
    documents_trash(documents=[first], by=alice)
    later = invoice(read, 2, invoice_number="N-7")
    assert not DocumentWarning.objects.exists()
    first.refresh_from_db()
    documents_restore(documents=[first], by=alice)
    work()
    assert [(each.kind, each.other_id) for each in warnings_of(document_id=later.pk)] == [
        (WarningKind.SAME_NUMBER, first.pk)
    ]
