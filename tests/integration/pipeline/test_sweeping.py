"""The sweeper and the hourly tidying go on, whatever a single row does to them."""

from datetime import timedelta

import pytest
from django.db import connection

from apps.accounts.models import User, Workspace
from apps.core.clock import now
from apps.documents.models import Document, Source
from apps.documents.services import documents_trash
from apps.pipeline.housekeeping import tidy
from apps.pipeline.models import StepRun, StepState
from apps.pipeline.services import claims
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.sweeper import sweep

pytestmark = pytest.mark.django_db


def upload(workspace: Workspace, text: str) -> Document:
    return ingest_upload(
        workspace_id=workspace.pk, chunks=[text.encode()], file_name=f"{text}.txt", source=Source.API
    ).document


def forbid(table: str, event: str, condition: str) -> None:
    """Let the database refuse what is done to some rows of a table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER refuse BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION refuse()"
        )


def test_one_lease_that_cannot_be_taken_back_is_not_in_the_way_of_others(workspace: Workspace) -> None:
    upload(workspace, "one")
    upload(workspace, "two")
    poisoned, other = claims.claim(queue="reading", steps=["read"], owner="me", limit=2)
    StepRun.objects.update(lease_expires_at=now() - timedelta(seconds=1))
    forbid("pipeline_steprun", "UPDATE", f"OLD.id = '{poisoned.step_id}'")
    assert sweep() == 1
    assert StepRun.objects.get(pk=other.step_id).state == StepState.READY


def test_one_document_that_cannot_be_deleted_is_not_in_the_way_of_others(workspace: Workspace, alice: User) -> None:
    kept, gone = upload(workspace, "one"), upload(workspace, "two")
    documents_trash(documents=[kept, gone], by=alice, at=now() - timedelta(days=100))
    forbid("documents_document", "DELETE", f"OLD.id = '{kept.pk}'")
    tidy()
    assert list(Document.objects.values_list("pk", flat=True)) == [kept.pk]
