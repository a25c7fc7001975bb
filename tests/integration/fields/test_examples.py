"""Fields by example: one marked value is found on the next document of the sender, and on those that are there."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.documents.models import Document, DocumentStatus, Reading
from apps.extraction.fields.selectors.values import values_for_document
from apps.extraction.fields.services.decisions import Given
from apps.extraction.models import Example, FieldValue, Method, ValueState
from apps.extraction.selectors import page_readings
from apps.pipeline.models import PipelineRun, Trigger
from apps.review.models import ReviewTask
from apps.review.services.examples import Named, example_mark
from apps.review.services.fields import field_confirm, field_reject
from tests.integration.fields.conftest import letter

pytestmark = pytest.mark.django_db
Read = Callable[..., Document]
SHOWN_KEYS = {"customer_number", "meter_reading"}


def words_of_text(document: Document, text: str) -> tuple[int, ...]:
    (page,) = page_readings(reading_id=document.current_reading_id or document.pk, first=1, last=1)
    return tuple(index for index, word in enumerate(page.words) if word.text in text.split())


def mark(document: Document, label: str, text: str, alice: User, value_type: str = "identifier") -> None:
    given = Given(page=1, words=words_of_text(document, text))
    example_mark(document=document, named=Named(label, value_type), given=given, by=alice)


def shown(document: Document) -> dict[str, tuple[str, str, str]]:
    document.refresh_from_db()
    values = values_for_document(document=document)
    return {value.key: (value.value, value.method, value.state) for value in values if value.key in SHOWN_KEYS}


def test_the_second_document_of_a_sender_is_right_at_once(read: Read, alice: User, work: Callable[[], None]) -> None:
    first = read(letter("KD-4471", "12.840"))
    mark(first, "Customer number", "KD-4471", alice)
    mark(first, "Meter reading", "12.840", alice, "number")
    work()
    second = read(letter("KD-90213", "7.002", body="Another text stands here, and it is longer than the first one."))
    assert shown(second) == {
        "customer_number": ("KD-90213", Method.RULE, ValueState.PROPOSED),
        "meter_reading": ("7002", Method.RULE, ValueState.PROPOSED),
    }
    value = FieldValue.objects.get(document=second, key="customer_number")
    assert (value.confidence, value.is_supported, value.raw_text, value.page_number) == (None, True, "KD-90213", 1)
    assert value.spec is not None
    assert value.spec.label == "Customer number"


def test_an_example_is_proposed_on_the_documents_that_are_there(
    read: Read, alice: User, work: Callable[[], None]
) -> None:
    first, other = read(letter("KD-1", "10")), read(letter("KD-2", "20"))
    elsewhere = read(letter("KD-3", "30"), label="other")
    pages = list(other.current_reading.pages.values_list("pk", flat=True)) if other.current_reading else []
    mark(first, "Customer number", "KD-1", alice)
    work()
    assert shown(other) == {"customer_number": ("KD-2", Method.RULE, ValueState.PROPOSED)}
    assert shown(elsewhere) == {}
    other.refresh_from_db()
    assert other.status == DocumentStatus.SUCCEEDED
    assert PipelineRun.objects.filter(document=other, trigger=Trigger.FIELDS).count() == 1
    assert other.current_reading is not None
    assert list(other.current_reading.pages.values_list("pk", flat=True)) == pages  # nothing was read again
    assert Reading.objects.filter(version__document=other).count() == 2
    assert ReviewTask.objects.filter(document=other, kind="FIELDS", done_at=None).exists()


def test_yes_and_no_are_remembered(read: Read, alice: User, work: Callable[[], None]) -> None:
    first, second = read(letter("KD-1", "10")), read(letter("KD-2", "20"))
    mark(first, "Customer number", "KD-1", alice)
    work()
    proposed = FieldValue.objects.get(document=second, key="customer_number", is_effective=True, method=Method.RULE)
    field_confirm(document=second, value_id=proposed.pk, by=alice)
    assert shown(second) == {"customer_number": ("KD-2", Method.HUMAN, ValueState.ACCEPTED)}
    assert not ReviewTask.objects.filter(document=second, kind="FIELDS", done_at=None).exists()
    others = [read(letter(f"KD-{number}", "30")) for number in (3, 4, 5)]
    for document in others:
        field_reject(document=document, key="customer_number", by=alice)
        assert shown(document) == {}
    assert list(Example.objects.order_by("id").values_list("document_id", "is_right")) == [
        (first.pk, True),
        (second.pk, True),
        *((document.pk, False) for document in others),
    ]
    assert shown(read(letter("KD-6", "40"))) == {}  # more people said that it is not there than that it is


def test_an_example_goes_with_the_value_that_is_taken_back(read: Read, alice: User) -> None:
    first = read(letter("KD-1", "10"))
    mark(first, "Customer number", "KD-1", alice)
    field_reject(document=first, key="customer_number", by=alice)
    assert not Example.objects.exists()
    assert shown(read(letter("KD-2", "20"))) == {}


def test_another_sender_is_told_by_the_words_beside_the_value(read: Read, alice: User) -> None:
    mark(read(letter("KD-1", "10")), "Customer number", "KD-1", alice)
    foreign = [
        (320, 50, "Wasserverband Obertal"),
        (60, 120, "Dear customers, from next month on the offices are open until noon only."),
        (300, 200, "Customer number:"),
        (420, 200, "WV-77120"),
    ]
    assert shown(read(foreign)) == {"customer_number": ("WV-77120", Method.MODEL, ValueState.PROPOSED)}
