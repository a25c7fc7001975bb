"""Filters of values: exact texts however long, what counts now, and a plan that lasts for many documents."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User, Workspace
from apps.documents.models import Document
from apps.documents.selectors import visible_to
from apps.extraction.fields.selectors.filters import with_field
from apps.extraction.fields.selectors.values import values_visible_to
from apps.extraction.fields.services.store import Found, fields_store
from apps.extraction.models import INDEXED_LENGTH, FieldValue
from apps.review.services.fields import field_reject
from tests.integration.fields.conftest import stated

pytestmark = pytest.mark.django_db
Read = Callable[..., Document]


def store(document: Document, value: str) -> None:
    assert document.current_reading is not None
    found = Found([stated("sender", value)], "letter")
    fields_store(reading=document.current_reading, found=found, pages=[])


def test_texts_are_compared_as_a_whole(read: Read, alice: User, workspace: Workspace) -> None:
    start = "x" * INDEXED_LENGTH
    values = [start[:-1], start, f"{start}a", f"{start}b"]
    documents = [read([(60, 60, f"Letter {number}")]) for number in range(len(values))]
    for document, value in zip(documents, values, strict=True):
        store(document, value)
    everything = visible_to(user=alice, workspace_id=workspace.pk)
    for document, value in zip(documents, values, strict=True):
        assert with_field(documents=everything, name="field.sender", value=value).get() == document
    assert not with_field(documents=everything, name="field.sender", value="x").exists()


def test_what_was_rejected_or_read_before_does_not_count(read: Read, alice: User, workspace: Workspace) -> None:
    document = read([(60, 60, "Letter")])
    store(document, "Alder")
    values = values_visible_to(user=alice, workspace_id=workspace.pk)
    assert [value.value for value in values] == ["Alder"]
    Document.objects.filter(pk=document.pk).update(current_reading=None)
    assert not values.all().exists()
    Document.objects.filter(pk=document.pk).update(current_reading=document.current_reading)
    field_reject(document=document, key="sender", by=alice)
    assert not values.all().exists()
    assert not with_field(
        documents=visible_to(user=alice, workspace_id=workspace.pk), name="field.sender", value="Alder"
    ).exists()
    assert FieldValue.objects.count() == 2


def test_numbers_are_found_however_they_are_written(read: Read, alice: User, workspace: Workspace) -> None:
    document, other = (read([(60, 60, f"Letter {number}")]) for number in range(2))
    for each, amount, number in ((document, "99.50", "7"), (other, "99.05", "007")):
        assert each.current_reading is not None
        values = [stated("total", amount, "amount"), stated("invoice_number", number, "identifier")]
        fields_store(reading=each.current_reading, found=Found(values, "letter"), pages=[])
    everything = visible_to(user=alice, workspace_id=workspace.pk)
    for text in ("99.5", "99.50", "99.500"):
        assert with_field(documents=everything, name="field.total", value=text).get() == document
    assert not with_field(documents=everything, name="field.total", value="99").exists()
    assert with_field(documents=everything, name="field.invoice_number", value="7").get() == document  # no number
    assert with_field(documents=everything, name="field.invoice_number", value="007").get() == other
