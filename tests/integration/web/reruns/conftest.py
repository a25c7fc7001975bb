"""Clients of every role, and a document that was read once more beside, with values that differ."""

import pytest

from apps.accounts.models import User, Workspace
from apps.documents.models import Document
from apps.extraction.models import FieldValue
from apps.pipeline.models import PipelineRun, RerunItem, RunState
from apps.pipeline.reruns.figures import noted
from apps.pipeline.reruns.services import rerun_start
from tests.integration.web.documents.conftest import as_role, own_places, owner, sign_in
from tests.library import shelve

__all__ = ["as_role", "own_places", "owner", "sign_in"]
BEFORE = {"invoice_number": "R-1", "issue_date": "2026-11-01", "seller_name": "Example Ltd"}
AFTER = {"invoice_number": "R-17", "seller_name": "Example Ltd", "buyer_name": "Sample Inc"}


@pytest.fixture
def item(workspace: Workspace, alice: User) -> RerunItem:
    """Give a document whose second reading is done."""
    document = shelve(workspace, "text", title="Read twice", type_label="invoice", confidence=0.9)
    rerun = rerun_start(workspace_id=workspace.pk, chosen=[document], by=alice)
    item = RerunItem.objects.get(rerun=rerun)
    for reading_id, values in ((item.before_id, BEFORE), (item.after_id, AFTER)):
        for key, value in values.items():
            FieldValue.objects.create(
                workspace=workspace,
                document=document,
                version=document.versions.get(),
                reading_id=reading_id,
                key=key,
                value_type="text",
                value=value,
                raw_text=value,
                method="RULE",
            )
    finish(item)
    return RerunItem.objects.get(pk=item.pk)


def finish(item: RerunItem) -> None:
    """End the run of a reading as the pipeline does."""
    PipelineRun.objects.filter(rerun_item=item).update(state=RunState.SUCCEEDED)
    item.figures = noted(item)
    item.save(update_fields=["figures"])


def current(item: RerunItem) -> object:
    """Return the reading that the document shows."""
    return Document.objects.get(pk=item.document_id).current_reading_id
