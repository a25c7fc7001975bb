"""Approved documents whose values are read anew: checked again where the values became others, and only there."""

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import User, Workspace
from apps.core.audit import history
from apps.documents.models import Document
from apps.extraction.fields.services.decisions import Given
from apps.extraction.fields.services.schemas import FieldDraft, field_add
from apps.extraction.fields.services.store import Found, fields_store
from apps.pipeline.services.again import document_reprocess
from apps.pipeline.services.anew import schema_apply
from apps.review.models import AccountingState
from apps.review.selectors import accounting_of
from apps.review.services.accounting import accounting_set
from apps.review.services.fields import field_correct
from tests.integration.fields.conftest import letter, stated

pytestmark = pytest.mark.django_db
Read = Callable[..., Document]
Work = Callable[[], None]
REREAD = "document.accounting_reread"


def state(document: Document) -> str:
    row = accounting_of(document_id=document.pk)
    assert row is not None
    return row.state


def reopened_for(document: Document) -> list[list[str]]:
    """Return the fields that each event of another outcome names."""
    events = history(object_kind="document", object_id=document.pk).filter(action=REREAD)
    return [event.data["changed"] for event in events]


def read_earlier(document: Document) -> None:
    """Let the current reading have a sender that is read no more."""
    assert document.current_reading is not None
    found = Found([stated("sender", "As an earlier version read it")], "letter")
    fields_store(reading=document.current_reading, found=found, pages=[])


@pytest.mark.parametrize("approved", [AccountingState.APPROVED, AccountingState.EXPORTED])
def test_a_schema_that_finds_more_has_documents_checked_again(
    read: Read, alice: User, workspace: Workspace, work: Work, approved: AccountingState, client: Client
) -> None:
    document = read(letter("KD-1", "10"))
    accounting_set(documents=[document], state=approved, by=alice)
    schema_apply(workspace_id=workspace.pk, document_type="letter", by=alice)
    work()
    assert (state(document), reopened_for(document)) == (approved, [])  # read anew, and the same
    draft = FieldDraft(key="meter", value_type="number", label="Meter", rule={"labels": ["Meter reading"]})
    field_add(workspace_id=workspace.pk, document_type="letter", draft=draft, by=alice)
    schema_apply(workspace_id=workspace.pk, document_type="letter", by=alice)
    work()
    assert (state(document), reopened_for(document)) == (AccountingState.TO_CHECK, [["meter"]])
    client.force_login(alice)
    words = client.get(f"/documents/{document.pk}/timeline/").content.decode()
    assert "To be checked again: values were read anew and changed" in words
    assert "Meter" in words


def test_another_reading_counts_once_it_is_the_current_one(read: Read, alice: User, work: Work) -> None:
    document = read(letter("KD-1", "10"))
    same = read(letter("KD-2", "20"))
    read_earlier(document)
    accounting_set(documents=[document, same], state=AccountingState.APPROVED, by=alice)
    for each in (document, same):
        each.refresh_from_db()
        document_reprocess(document=each, by=alice)
    assert state(document) == AccountingState.APPROVED
    work()
    assert (state(document), reopened_for(document)) == (AccountingState.TO_CHECK, [["sender"]])
    assert (state(same), reopened_for(same)) == (AccountingState.APPROVED, [])


def test_what_a_person_said_is_not_changed_by_a_reading(read: Read, alice: User, work: Work) -> None:
    document = read(letter("KD-1", "10"))
    read_earlier(document)
    field_correct(document=document, key="sender", given=Given(value="By hand"), by=alice)
    accounting_set(documents=[document], state=AccountingState.APPROVED, by=alice)
    document.refresh_from_db()
    document_reprocess(document=document, by=alice)
    work()
    assert (state(document), reopened_for(document)) == (AccountingState.APPROVED, [])
