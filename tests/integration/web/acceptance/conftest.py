"""Clients of every role, and a certificate by which a document's type and value were accepted."""

import pytest

from apps.accounts.models import User, Workspace
from apps.core.clock import now
from apps.documents.models import Document, PageContent
from apps.documents.words import pack
from apps.extraction.models import FieldValue, Method, ValueState
from apps.review.acceptance.policies import PolicyDraft, policy_set
from apps.review.models import Certificate, CertificateState
from tests.integration.web.documents.conftest import as_role, own_places, owner, sign_in
from tests.library import shelve

__all__ = ["as_role", "own_places", "owner", "sign_in"]


@pytest.fixture
def certificate(workspace: Workspace, alice: User) -> Certificate:
    """Give a certificate for invoices as the first look leaves it."""
    policy_set(workspace_id=workspace.pk, draft=PolicyDraft(target_error=0.05), by=alice)
    return certificate_for(workspace, "")


def certificate_for(workspace: Workspace, key: str) -> Certificate:
    """Make a certificate for a field of invoices, or for the type itself."""
    step = {"threshold": 0.95, "judged": 80, "errors": 0, "alpha": 0.025, "is_passed": True, "bound": 0.045}
    rows = [{"threshold": 0.95, "share": 0.8, "judged": 80, "errors": 0, "rate": 0.0, "bound": 0.037}]
    return Certificate.objects.create(
        workspace=workspace,
        document_type="invoice",
        key=key,
        target_error=0.05,
        alpha=0.05,
        state=CertificateState.CERTIFIED,
        threshold=0.95,
        bound=0.045,
        judged=80,
        errors=0,
        producers=["head-1"],
        looks=[{"size": 100, "alpha": 0.025, "at": now().isoformat(), "steps": [step]}],
        figures={"judged": 100, "errors": 3, "missing": 44, "rows": rows},
        certified_at=now(),
    )


@pytest.fixture
def accepted(workspace: Workspace, certificate: Certificate) -> Document:
    """Give a document whose type and invoice number were accepted automatically."""
    document = shelve(
        workspace, "Number R-17", title="Accepted one", type_label="invoice", confidence=0.98, media_type="text/plain"
    )
    Document.objects.filter(pk=document.pk).update(type_certificate_id=certificate.pk)
    PageContent.objects.update(words=pack([]))
    document.refresh_from_db()
    of_number = certificate_for(workspace, "invoice_number")
    FieldValue.objects.create(
        workspace=workspace,
        document=document,
        version=document.versions.get(),
        reading=document.current_reading,
        key="invoice_number",
        value_type="identifier",
        value="R-17",
        raw_text="R-17",
        confidence=0.99,
        method=Method.MODEL,
        producer="ranker-1",
        state=ValueState.ACCEPTED,
        certificate_id=of_number.pk,
    )
    return document
