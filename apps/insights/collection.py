"""Figures about what came in: documents by status, type and day, pages, tables, bytes."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from apps.documents.models import Blob, Document, DocumentStatus, Page, TextSource
from apps.extraction.models import Table

DAYS: Final = 30
RECOGNISED: Final = (TextSource.OCR, TextSource.MIXED)


def collection_figures(*, documents: QuerySet[Document], workspace_id: UUID, moment: datetime) -> dict[str, Any]:
    """Count a workspace's visible documents and what was found in them."""
    found = documents.order_by()
    readings = found.values("current_reading_id")
    pages = Page.objects.filter(reading_id__in=readings).aggregate(
        total=Count("id"), recognised=Count("id", filter=Q(text_source__in=RECOGNISED))
    )
    return {
        "documents": {
            "total": found.count(),
            "received_24_h": found.filter(received_at__gte=moment - timedelta(hours=24)).count(),
            "by_status": _by_status(found),
            "by_type": _by_type(found),
            "by_day": _by_day(found, moment.date()),
        },
        "pages": {
            "total": pages["total"],
            "recognised": pages["recognised"],
            "recognised_share": pages["recognised"] / pages["total"] if pages["total"] else None,
        },
        "tables": Table.objects.filter(reading_id__in=readings).count(),
        "storage_bytes": Blob.objects.filter(workspace_id=workspace_id).aggregate(size=Sum("size"))["size"] or 0,
    }


def _by_status(documents: QuerySet[Document]) -> dict[str, int]:
    counts = dict(documents.values_list("status").annotate(count=Count("id")).values_list("status", "count"))
    return {status.lower(): counts.get(status, 0) for status in DocumentStatus.values}


def _by_type(documents: QuerySet[Document]) -> list[dict[str, Any]]:
    """Count by type, the most frequent first; "" stands for documents without one."""
    rows = documents.values("type_label").annotate(count=Count("id")).order_by("-count", "type_label")
    return [{"type": row["type_label"], "count": row["count"]} for row in rows]


def _by_day(documents: QuerySet[Document], today: date) -> list[dict[str, Any]]:
    """Count by the day of receipt (UTC), the last 30 days, oldest first, days without documents included."""
    first = today - timedelta(days=DAYS - 1)
    recent = documents.filter(received_at__date__gte=first).annotate(day=TruncDate("received_at"))
    counts = dict(recent.values("day").annotate(count=Count("id")).values_list("day", "count"))
    days = (first + timedelta(days=number) for number in range(DAYS))
    return [{"day": day.isoformat(), "count": counts.get(day, 0)} for day in days]
