"""Prepared queries find what their querysets find, with other values each time."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Workspace
from apps.core.prepared import Given, Prepared
from apps.documents.models import Document, Page, Reading
from tests.library import shelve

pytestmark = pytest.mark.django_db


def test_a_prepared_query_is_compiled_once_and_asked_with_other_values(workspace: Workspace) -> None:
    one, other = (shelve(workspace, "first", "second", "third", title=title) for title in ("one", "other"))
    made = []

    def pages() -> QuerySet[Page]:
        made.append(True)
        asked = {"reading_id": Given("reading_id"), "number__range": (Given("first"), Given("last"))}
        return Page.objects.filter(**asked).select_related("content", "reading__version__document").order_by("-number")

    prepared = Prepared(pages)
    with CaptureQueriesContext(connection) as asked:
        found = prepared.rows(reading_id=one.current_reading_id, first=2, last=3)
        titles = {page.reading.version.document.title for page in found}
        words = [page.content.words for page in found]
    assert ([page.text for page in found], titles, words) == (["third", "second"], {"one"}, [b"\x01"] * 2)
    assert len(asked) == 1
    [page] = prepared.rows(reading_id=other.current_reading_id, first=1, last=1)
    assert (page.reading_id, page.text) == (other.current_reading_id, "first")
    assert made == [True]


def test_columns_that_are_left_out_are_looked_up_when_they_are_asked_for(workspace: Workspace) -> None:
    document = shelve(workspace, "text")
    reading = Prepared(lambda: Reading.objects.filter(pk=Given("reading_id")).defer("metadata")).one(
        reading_id=document.current_reading_id
    )
    assert reading.get_deferred_fields() == {"metadata"}
    assert (reading.page_count, reading.metadata) == (1, {})


def test_nothing_found_is_none_or_an_error(workspace: Workspace) -> None:
    document = shelve(workspace, "text")
    late = Prepared(
        lambda: (
            Document.objects.filter(Q(deleted_at__isnull=True) | Q(deleted_at__gt=Given("at")), pk=Given("pk"))
            .filter(received_at__gt=Given("at"))
            .select_for_update()
        )
    )
    with transaction.atomic():
        assert late.one(pk=document.pk, at=document.received_at - timedelta(seconds=1)) == document
        assert late.first(pk=document.pk, at=document.received_at) is None
        with pytest.raises(Document.DoesNotExist):
            late.one(pk=document.pk, at=document.received_at)
        with pytest.raises(KeyError, match="at"):
            late.rows(pk=document.pk)


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_in_a_transaction_or_not_at_all() -> None:
    locking = Prepared(lambda: Document.objects.filter(pk=Given("pk")).select_for_update())
    with transaction.atomic():
        assert locking.rows(pk=uuid4()) == []
    with pytest.raises(TransactionManagementError):
        locking.rows(pk=uuid4())
