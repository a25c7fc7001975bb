"""Reading tables and values."""

from uuid import UUID

from django.db.models import F, QuerySet

from apps.accounts.models import User
from apps.documents.selectors import visible_to
from apps.extraction.models import FieldValue, Table


def tables_of(*, reading_id: UUID) -> QuerySet[Table]:
    """Return a reading's tables by page and place."""
    return Table.objects.filter(reading_id=reading_id).order_by("page_number", "position")


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
