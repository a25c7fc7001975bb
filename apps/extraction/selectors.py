"""Reading tables and values."""

from uuid import UUID

from django.db.models import F, QuerySet

from apps.accounts.models import User
from apps.documents.models import Page, TextSource
from apps.documents.selectors import visible_to, words_of
from apps.extraction.engine.types import PageReading, Word
from apps.extraction.models import FieldValue, Table


def tables_of(*, reading_id: UUID) -> QuerySet[Table]:
    """Return a reading's tables by page and place."""
    return Table.objects.filter(reading_id=reading_id).order_by("page_number", "position")


def recognised_pages(*, reading_id: UUID, first: int, last: int) -> list[PageReading]:
    """Return those pages of a range whose text was recognised, with their words, as the engine knows them."""
    rows = Page.objects.filter(reading_id=reading_id, number__gte=first, number__lte=last)
    pages = list(rows.filter(text_source__in=[TextSource.OCR, TextSource.MIXED]).order_by("number"))
    words = words_of(page_ids=[page.pk for page in pages])
    return [
        PageReading(
            number=page.number,
            width=page.width,
            height=page.height,
            rotation=page.rotation,
            text=page.text,
            text_source="ocr" if page.text_source == TextSource.OCR else "mixed",
            words=[Word(*word) for word in words.get(page.pk, [])],
            language=page.language or None,
        )
        for page in pages
    ]


def values_of(*, reading_id: UUID) -> QuerySet[FieldValue]:
    """Return a reading's values by key."""
    return FieldValue.objects.filter(reading_id=reading_id).order_by("key", "id")


def values_visible_to(*, user: User, workspace_id: UUID) -> QuerySet[FieldValue]:
    """Return the values of the current readings of all documents the user may see, each with `document_id`."""
    documents = visible_to(user=user, workspace_id=workspace_id)
    values = FieldValue.objects.filter(reading__current_of__in=documents)
    return values.annotate(
        document_id=F("reading__current_of__id"),
        document_title=F("reading__current_of__title"),
        document_type=F("reading__current_of__type_label"),
    ).order_by("-id")
