"""Pages of a list by the place of their first and last row: page 1,000 is as fast as page 1."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.documents.models import Document

PAGE_SIZE = 30


@dataclass(frozen=True)
class Slice:
    """A page's rows, newest first, and the places where the pages beside it begin (empty: there is none)."""

    documents: Sequence[Document]
    newer: str
    older: str


def _place(document: Document) -> str:
    return f"{document.received_at.isoformat()}_{document.pk}"


def _parse(place: str) -> tuple[datetime, UUID] | None:
    moment, _, document_id = place.partition("_")
    try:
        received_at = datetime.fromisoformat(moment.replace(" ", "+"))
        return (received_at, UUID(document_id)) if received_at.tzinfo else None
    except ValueError:
        return None


def cut(documents: QuerySet[Document], *, before: str = "", after: str = "", size: int = PAGE_SIZE) -> Slice:
    """Cut out a page: the rows older than the place `after`, or those newer than the place `before`.

    A place that cannot be read counts as none.
    """
    forward, backward = _parse(after), _parse(before)
    if backward and not forward:
        moment, document_id = backward
        newer = documents.filter(Q(received_at__gt=moment) | Q(received_at=moment, pk__gt=document_id))
        found = list(newer.order_by("received_at", "pk")[: size + 1])
        rows = found[:size][::-1]
        return Slice(rows, newer=_place(rows[0]) if len(found) > size else "", older=_place(rows[-1]) if rows else "")
    if forward:
        moment, document_id = forward
        documents = documents.filter(Q(received_at__lt=moment) | Q(received_at=moment, pk__lt=document_id))
    found = list(documents.order_by("-received_at", "-pk")[: size + 1])
    rows = found[:size]
    return Slice(
        rows,
        newer=_place(rows[0]) if forward and rows else "",
        older=_place(rows[-1]) if len(found) > size else "",
    )
