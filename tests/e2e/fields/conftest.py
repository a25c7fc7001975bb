"""Documents with values for the browser: an invoice, a contract of several pages, what goes with them."""

from datetime import date

import pytest
from django.db import transaction

from apps.accounts.models import User, Workspace
from apps.documents.models import Document, Source
from apps.documents.services import document_lock
from apps.extraction.models import Entity, FieldValue
from apps.pipeline.exports.services import export_request
from apps.pipeline.exports.writing import export_next
from apps.pipeline.models import ExportFormat
from apps.pipeline.samples import invoice_classic, nda
from apps.pipeline.samples.model import Sample
from apps.pipeline.services.ingest import ingest_upload
from apps.review.models import DocumentWarning, WarningKind
from apps.review.services.routing import fields_route
from tests.e2e.documents.conftest import own_places
from tests.integration.web.documents.processing import process_everything, say_type
from tests.integration.web.fields.truth import give_values

__all__ = ["own_places"]
DAY = date(2026, 11, 20)


def _take(workspace: Workspace, by: User, sample: Sample) -> Document:
    return ingest_upload(
        workspace_id=workspace.pk,
        chunks=[sample.content],
        file_name=sample.name,
        title=sample.title,
        source=Source.WEB,
        by=by,
    ).document


@pytest.fixture
def desk(own_places: None, workspace: Workspace, alice: User) -> dict[str, Document]:
    """Give an invoice and a contract with their values, of which some are doubtful."""
    samples = {"invoice": invoice_classic.make(DAY), "contract": nda.make(DAY)}
    found = {label: _take(workspace, alice, sample) for label, sample in samples.items()}
    process_everything()
    for label, document in found.items():
        document.refresh_from_db()
        say_type(document, label=label)
        with transaction.atomic():
            document_lock(document_id=document.pk)
            give_values(document, samples[label].truth, left_out=("due_date",))
            values = FieldValue.objects.filter(document=document)
            values.filter(key__in=("grand_total", "party")).update(
                confidence=0.55, checks=["ok: the sums agree", "failed: the lines do not sum to it", "note: read twice"]
            )
            fields_route(document=document)
    _surround(found["invoice"], found["contract"])
    return found


def _surround(invoice: Document, contract: Document) -> None:
    """Give the invoice what else its page can show: names, a warning, an alternative."""
    assert invoice.current_reading
    for kind, text in (("organization", "Tallgrass Valley Dairy Cooperative"), ("phone", "(614) 555-0142")):
        Entity.objects.create(
            workspace_id=invoice.workspace_id, reading=invoice.current_reading, kind=kind, text=text, value=text,
            page_number=1, box=[0.1, 0.2, 0.4, 0.22], confidence=0.9,
        )  # fmt: skip
    DocumentWarning.objects.create(
        workspace_id=invoice.workspace_id, document=invoice, kind=WarningKind.SAME_NUMBER, other=contract,
        message="Same seller and number 108834 as another one.",
    )  # fmt: skip
    net = FieldValue.objects.get(document=invoice, key="net_total")
    other = {
        "value": net.value,
        "raw_text": net.raw_text,
        "currency": "USD",
        "page": 1,
        "box": net.box,
        "words": net.words,
    }
    FieldValue.objects.filter(document=invoice, key="grand_total").update(alternatives=[{**other, "confidence": 0.2}])


@pytest.fixture
def exported(desk: dict[str, Document], workspace: Workspace, alice: User) -> None:
    """Write an export, and ask for another."""
    documents = Document.objects.filter(pk=desk["invoice"].pk)
    for file_format in (ExportFormat.XLSX, ExportFormat.CSV):
        export_request(
            documents=documents,
            workspace_id=workspace.pk,
            filters={"type": "invoice"},
            file_format=file_format,
            by=alice,
        )
    export_next()
