"""Clients of every role, and a type that alice added."""

import pytest

from apps.accounts.models import User, Workspace
from apps.classification.models import Label
from apps.classification.services import LabelDraft, label_create
from tests.integration.web.documents.conftest import as_role, own_places, owner, sign_in

__all__ = ["as_role", "own_places", "owner", "sign_in"]


@pytest.fixture
def label(workspace: Workspace, alice: User) -> Label:
    """Give a type of the workspace's own."""
    return label_create(
        workspace_id=workspace.pk, draft=LabelDraft("Delivery note", "Goods handed over, without prices."), by=alice
    )
