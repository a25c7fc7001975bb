"""Clients of every role, and a refit with one document that changed."""

import pytest

from apps.accounts.models import User, Workspace
from apps.classification.models import Refit, RefitChange, RefitState
from apps.documents.models import Document
from apps.review.services import type_correct
from tests.integration.web.documents.conftest import as_role, own_places, owner, sign_in
from tests.library import shelve

__all__ = ["as_role", "own_places", "owner", "sign_in"]


@pytest.fixture
def corrected(workspace: Workspace, alice: User) -> Document:
    """Give a document of which alice said that it is a receipt."""
    document = shelve(workspace, "text", title="Corrected one", type_label="invoice", confidence=0.7)
    type_correct(document=document, label="receipt", by=alice)
    document.refresh_from_db()
    return document


@pytest.fixture
def refit(workspace: Workspace, corrected: Document) -> Refit:
    """Give what was learned from it, as the encoder worker leaves it."""
    refit = Refit.objects.get()
    other = shelve(workspace, "text", title="Changed one", type_label="receipt", confidence=0.8)
    RefitChange.objects.create(
        workspace=workspace,
        refit=refit,
        document=other,
        before_label="invoice",
        before_confidence=0.6,
        after_label="receipt",
        after_confidence=0.8,
    )
    Refit.objects.filter(pk=refit.pk).update(
        state=RefitState.SUCCEEDED, changed_count=1, rescored_count=1, example_count=1, fit_ms=120
    )
    refit.refresh_from_db()
    return refit
