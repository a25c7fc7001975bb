"""Documents with the values that a machine could have read of them, and clients of every role."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction

from apps.documents.models import Document
from apps.documents.services import document_lock
from apps.extraction.models import FieldValue
from apps.pipeline.samples import invoice_classic
from apps.review.services.routing import fields_route
from tests.integration.web.documents.conftest import as_role, invoice, own_places, owner, sign_in, upload
from tests.integration.web.fields.truth import give_values

__all__ = ["as_role", "invoice", "own_places", "owner", "sign_in", "upload"]
Values = Callable[[str], FieldValue]


@pytest.fixture
def filled(invoice: Document) -> Document:
    """Give an invoice with its values, and the question whether they are right."""
    with transaction.atomic():
        document_lock(document_id=invoice.pk)
        give_values(invoice, invoice_classic.make(date(2026, 11, 20)).truth, left_out=("due_date",))
        FieldValue.objects.filter(document=invoice, key="grand_total").update(confidence=0.62)
        fields_route(document=invoice)
    return invoice


@pytest.fixture
def value(filled: Document) -> Values:
    """Return the value of a field that counts."""
    return lambda key: FieldValue.objects.get(document=filled, key=key, is_effective=True)
