"""What documents say of an organisation in figures: how many name it, for how much, from which accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from apps.extraction.fields.selectors.values import EFFECTIVE
from apps.extraction.models import FieldValue, Organisation

SELLER_KEYS: Final = ("seller_name", "merchant_name")
BUYER_KEYS: Final = ("buyer_name",)
TOTAL_KEYS: Final = ("grand_total", "total")
ACCOUNT_KEY: Final = "iban"


@dataclass(frozen=True)
class Total:
    """A sum of documents' totals in one currency; an empty currency is one that documents do not say."""

    currency: str
    amount: Decimal
    documents: int


@dataclass(frozen=True)
class Account:
    """A bank account and how many documents of the organisation show it."""

    iban: str
    documents: int


def document_counts(*, organisation_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Count the documents outside the trash in whose values organisations are named."""
    values = FieldValue.objects.filter(
        EFFECTIVE, organisation_id__in=list(organisation_ids), document__deleted_at__isnull=True
    )
    rows = values.order_by().values("organisation_id").annotate(count=Count("document_id", distinct=True))
    return {row["organisation_id"]: row["count"] for row in rows}


def totals_as(*, organisation: Organisation, keys: Iterable[str]) -> list[Total]:
    """Sum the totals of documents that name an organisation in one of some fields, by currency, largest first."""
    values = _beside(organisation, keys).filter(key__in=TOTAL_KEYS, value_number__isnull=False)
    rows = values.order_by().values("currency").annotate(amount=Sum("value_number"), count=Count("document_id"))
    return [Total(row["currency"], row["amount"], row["count"]) for row in rows.order_by("-amount")]


def accounts_of(*, organisation: Organisation) -> list[Account]:
    """Return the bank accounts on documents that an organisation sent as a seller, the most frequent first."""
    values = _beside(organisation, SELLER_KEYS).filter(key=ACCOUNT_KEY).exclude(value="")
    rows = values.order_by().values("value").annotate(count=Count("document_id", distinct=True))
    return [Account(row["value"], row["count"]) for row in rows.order_by("-count", "value")]


def _beside(organisation: Organisation, keys: Iterable[str]) -> QuerySet[FieldValue]:
    """Return the values that count of the documents outside the trash that name an organisation in some fields."""
    naming = FieldValue.objects.filter(EFFECTIVE, organisation=organisation, key__in=list(keys))
    return FieldValue.objects.filter(
        EFFECTIVE, document_id__in=naming.values("document_id"), document__deleted_at__isnull=True
    )
