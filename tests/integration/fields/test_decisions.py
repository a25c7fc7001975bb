"""What people say of values: kept whatever machines read later, with its place, its history and what follows."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import ConflictError, NotFoundError
from apps.core.models import AuditEvent
from apps.documents.models import Document
from apps.extraction.engine.fields.types import FieldReading, ValueType
from apps.extraction.fields.columns import InvalidValueError
from apps.extraction.fields.selectors.values import missing_fields, values_for_document
from apps.extraction.fields.services.decisions import Given, UnknownFieldError
from apps.extraction.fields.services.schemas import FieldDraft, schema_edit
from apps.extraction.fields.services.store import Found, fields_store
from apps.extraction.models import FieldValue, Method, ValueState
from apps.extraction.selectors import page_readings
from apps.pipeline.services.again import document_reprocess
from apps.review.models import AccountingState, Correction, ReviewTask
from apps.review.selectors import accounting_of
from apps.review.services.accounting import accounting_set
from apps.review.services.fields import field_confirm, field_correct, field_reject
from apps.review.services.routing import fields_route
from tests.integration.fields.conftest import Lines

pytestmark = pytest.mark.django_db
INVOICE: Lines = [
    (60, 60, "Nordlicht Papier GmbH"),
    (60, 120, "Invoice RE-2026-0815 of 3 March 2026"),
    (60, 160, "Total amount due: 1.234,50 EUR"),
    (60, 200, "Parties: Alpha Works and Beta Mills"),
]
Read = Callable[..., Document]


def words(document: Document, text: str) -> list[int]:
    assert document.current_reading_id is not None
    (page,) = page_readings(reading_id=document.current_reading_id, first=1, last=1)
    wanted = text.split()
    texts = [word.text for word in page.words]
    start = next(place for place in range(len(texts)) if texts[place : place + len(wanted)] == wanted)
    return list(range(start, start + len(wanted)))


def found(document: Document, key: str, text: str, value: str, kind: ValueType = "text", **more: Any) -> FieldReading:
    """Make a value as an extractor gives it, from the words of a text."""
    assert document.current_reading_id is not None
    (page,) = page_readings(reading_id=document.current_reading_id, first=1, last=1)
    indices = words(document, text)
    boxes = [page.words[index] for index in indices]
    box = (min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))
    options: dict[str, Any] = {"raw_text": text, "page": 1, "box": box, "words": indices, "method": "rule"} | more
    return FieldReading(key=key, value=value, value_type=kind, producer="test-1", **options)


def store(document: Document, *values: FieldReading) -> None:
    """Store values as the step does, in place of those that were read of this reading."""
    assert document.current_reading is not None
    pages = page_readings(reading_id=document.current_reading.pk, first=1, last=1)
    with transaction.atomic():
        fields_store(reading=document.current_reading, found=Found(values, document.type_label), pages=pages)


def shown(document: Document) -> list[tuple[str, str, str]]:
    document.refresh_from_db()
    return [(value.key, value.value, value.state) for value in values_for_document(document=document)]


def test_a_value_is_borne_out_by_the_words_under_its_box_or_marked(read: Read) -> None:
    document = read(INVOICE, label="invoice")
    right = found(document, "grand_total", "1.234,50", "1234.50", "amount", confidence=0.9)
    wrong = found(document, "invoice_number", "RE-2026-0815", "RE-9999", raw_text="RE-9999")
    nowhere = FieldReading(
        key="due_date", value="2026-01-01", value_type="date", raw_text="1.1.26", method="model", producer="test-1"
    )
    store(document, right, wrong, nowhere)
    values = {value.key: value for value in values_for_document(document=document)}
    assert {key: value.is_supported for key, value in values.items()} == {
        "grand_total": True,
        "invoice_number": False,
        "due_date": False,
    }
    assert values["grand_total"].value_number == Decimal("1234.50")
    assert values["grand_total"].words == words(document, "1.234,50")


def test_a_persons_value_outlives_every_reading(read: Read, alice: User, work: Callable[[], None]) -> None:
    document = read(INVOICE, label="invoice")
    store(document, found(document, "grand_total", "1.234,50", "99.00", "amount"))
    given = Given(page=1, words=tuple(words(document, "1.234,50 EUR")))
    field_correct(document=document, key="grand_total", given=given, by=alice)
    assert shown(document) == [("grand_total", "1234.50", ValueState.CORRECTED)]
    human = FieldValue.objects.get(method=Method.HUMAN)
    assert (human.reading, human.raw_text, human.currency, human.page_number) == (None, "1.234,50 EUR", "EUR", 1)
    document_reprocess(document=document, by=alice)
    work()
    document.refresh_from_db()
    assert document.current_reading is not None
    store(document, found(document, "grand_total", "1.234,50", "7.00", "amount"))
    assert shown(document) == [("grand_total", "1234.50", ValueState.CORRECTED)]
    FieldValue.objects.exclude(method=Method.HUMAN).delete()  # and nothing cascades into it
    assert shown(document) == [("grand_total", "1234.50", ValueState.CORRECTED)]


def test_the_same_value_accepts_the_machines_and_null_rejects(read: Read, alice: User) -> None:
    document = read(INVOICE, label="invoice")
    store(document, found(document, "grand_total", "1.234,50", "1234.50", "amount", currency="EUR"))
    field_correct(document=document, key="grand_total", given=Given(value="1234.50"), by=alice)
    accepted = FieldValue.objects.get(method=Method.HUMAN)
    assert (accepted.state, accepted.currency, accepted.box is not None) == (ValueState.ACCEPTED, "EUR", True)
    field_reject(document=document, key="grand_total", by=alice)
    assert shown(document) == []
    assert "grand_total" not in {field.key for field in missing_fields(document=document)}
    store(document, found(document, "grand_total", "1.234,50", "1234.50", "amount"))
    assert shown(document) == []
    field_correct(document=document, key="grand_total", given=Given(value="5.00"), by=alice)
    assert shown(document) == [("grand_total", "5.00", ValueState.CORRECTED)]
    assert [(each.subject, each.after and each.after["state"]) for each in Correction.objects.order_by("id")[1:]] == [
        ("field.grand_total", "accepted"),
        ("field.grand_total", "rejected"),
        ("field.grand_total", "corrected"),
    ]
    assert AuditEvent.objects.filter(action="document.correct_field", actor_id=alice.pk).count() == 3


def test_values_of_a_repeatable_field_are_decided_one_by_one(read: Read, alice: User) -> None:
    document = read(INVOICE, label="contract")
    parties = [found(document, "party", "Alpha Works", "Alpha Works"), found(document, "party", "Beta Mills", "Beta")]
    store(document, *parties)
    beta = FieldValue.objects.get(value="Beta")
    field_correct(document=document, key="party", given=Given(value="Beta Mills"), value_id=beta.pk, by=alice)
    field_correct(document=document, key="party", given=Given(value="Gamma"), by=alice)
    decided = [("party", name, "CORRECTED") for name in ("Beta Mills", "Gamma")]
    expected = {("party", "Alpha Works", "PROPOSED"), *decided}
    assert set(shown(document)) == expected
    store(document, *reversed(parties))  # in another order, and the wrong one once more
    assert set(shown(document)) == expected
    alpha = FieldValue.objects.get(value="Alpha Works", reading=document.current_reading)
    field_reject(document=document, key="party", value_id=alpha.pk, by=alice)
    store(document, *parties)
    assert set(shown(document)) == expected - {("party", "Alpha Works", "PROPOSED")}


def test_what_is_no_value_is_refused(read: Read, alice: User) -> None:
    document = read(INVOICE, label="invoice")
    store(document)  # as if no machine had read anything
    refused = [
        ("grand_total", Given(value="much"), InvalidValueError),
        ("issue_date", Given(value="31.12.2026"), InvalidValueError),
        ("issue_date", Given(page=1, words=tuple(words(document, "Nordlicht"))), InvalidValueError),
        ("issue_date", Given(page=9, words=(1,)), InvalidValueError),
        ("issue_date", Given(page=1, words=(999,)), InvalidValueError),
        ("issue_date", Given(words=(1,)), InvalidValueError),
        ("issue_date", Given(value="2026-01-01", page=1, box=(0.9, 0.9, 0.1, 0.1)), InvalidValueError),
        ("shoe_size", Given(value="42"), UnknownFieldError),
    ]
    for key, given, error in refused:
        with pytest.raises(error):
            field_correct(document=document, key=key, given=given, by=alice)
    assert not FieldValue.objects.filter(method=Method.HUMAN).exists()
    field_correct(
        document=document, key="issue_date", given=Given(page=1, words=tuple(words(document, "3 March 2026"))), by=alice
    )
    assert ("issue_date", "2026-03-03", "CORRECTED") in shown(document)


def test_doubtful_required_values_are_asked_about_until_decided(read: Read, alice: User) -> None:
    document = read(INVOICE, label="invoice")
    sure: dict[str, Any] = {"confidence": 0.99}
    store(
        document,
        found(document, "seller_name", "Nordlicht Papier GmbH", "Nordlicht Papier GmbH", **sure),
        found(document, "issue_date", "3 March 2026", "2026-03-03", "date", **sure),
        found(document, "invoice_number", "RE-2026-0815", "RE-2026-0815", "identifier", confidence=0.4),
    )
    fields_route(document=document)
    task = ReviewTask.objects.get(kind="FIELDS", done_at=None)
    assert task.reason == "Invoice number is 40% sure; Total was not found."
    number = FieldValue.objects.get(key="invoice_number")
    field_confirm(document=document, value_id=number.pk, by=alice)
    assert ReviewTask.objects.get(pk=task.pk).reason == "Total was not found."
    field_correct(document=document, key="grand_total", given=Given(value="1234.50", currency="EUR"), by=alice)
    assert not ReviewTask.objects.filter(kind="FIELDS", done_at=None).exists()


def test_a_changed_value_is_to_be_checked_again(read: Read, alice: User) -> None:
    document = read(INVOICE, label="invoice")
    assert accounting_set(documents=[document], state=AccountingState.APPROVED, by=alice) == 1
    assert accounting_set(documents=[document], state=AccountingState.APPROVED, by=alice) == 0
    field_correct(document=document, key="grand_total", given=Given(value="2.00"), by=alice)
    row = accounting_of(document_id=document.pk)
    assert row is not None
    assert (row.state, row.by_label) == (AccountingState.TO_CHECK, str(alice))


def test_a_word_that_was_replaced_is_not_replaced_again(read: Read, alice: User) -> None:
    document = read(INVOICE, label="invoice")
    store(document)  # as if no machine had read anything
    first = field_correct(document=document, key="grand_total", given=Given(value="1.00"), by=alice)
    field_correct(document=document, key="grand_total", given=Given(value="2.00"), by=alice)
    assert first.after is not None
    with pytest.raises(ConflictError):  # somebody else still sees the first one
        field_correct(
            document=document, key="grand_total", given=Given(value="3.00"), value_id=first.after["id"], by=alice
        )
    assert shown(document) == [("grand_total", "2.00", ValueState.CORRECTED)]


def test_a_rejection_cannot_be_confirmed_but_taken_back(read: Read, alice: User) -> None:
    document = read(INVOICE, label="invoice")
    store(document)  # as if no machine had read anything
    rejected = field_reject(document=document, key="grand_total", by=alice).after
    assert rejected is not None
    with pytest.raises(NotFoundError):
        field_confirm(document=document, value_id=rejected["id"], by=alice)
    assert shown(document) == []
    field_correct(document=document, key="grand_total", given=Given(value="2.00"), value_id=rejected["id"], by=alice)
    assert shown(document) == [("grand_total", "2.00", ValueState.CORRECTED)]


def test_another_currency_is_a_correction(read: Read, alice: User) -> None:
    document = read(INVOICE, label="invoice")
    store(document, found(document, "grand_total", "1.234,50", "1234.50", "amount", currency="EUR"))
    accounting_set(documents=[document], state=AccountingState.APPROVED, by=alice)
    field_correct(document=document, key="grand_total", given=Given(value="1234.50", currency="USD"), by=alice)
    (value,) = values_for_document(document=document)
    assert (value.state, value.currency) == (ValueState.CORRECTED, "USD")
    row = accounting_of(document_id=document.pk)
    assert row is not None
    assert row.state == AccountingState.TO_CHECK


def test_another_amount_keeps_the_currency(read: Read, alice: User) -> None:
    document = read(INVOICE, label="invoice")
    store(document, found(document, "grand_total", "1.234,50", "1234.50", "amount", currency="EUR"))
    for amount, currency, expected in (("1234.00", "", "EUR"), ("99.00", "USD", "USD"), ("98.00", "", "USD")):
        field_correct(document=document, key="grand_total", given=Given(value=amount, currency=currency), by=alice)
        (value,) = values_for_document(document=document)
        assert (value.value, value.currency, value.state) == (amount, expected, ValueState.CORRECTED)


def test_one_value_stays_of_a_field_that_is_no_longer_repeatable(read: Read, alice: User) -> None:
    document = read(INVOICE, label="contract")
    store(document)
    for name in ("Alpha Works", "Beta Mills"):
        field_correct(document=document, key="party", given=Given(value=name), by=alice)
    drafts = [FieldDraft(key="party", value_type="text", label="Party")]
    schema_edit(workspace_id=document.workspace_id, document_type="contract", fields=drafts, by=alice)
    field_correct(document=document, key="party", given=Given(value="Gamma"), by=alice)
    assert shown(document) == [("party", "Gamma", ValueState.CORRECTED)]
