"""The audit log: one call for every change a person or program makes, and one to read an object's history."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.core.models import AuditEvent


def record(
    *,
    action: str,
    object_kind: str,
    object_id: UUID | None,
    workspace_id: UUID | None,
    actor: object | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Append one event; `actor` is a user (or None for the system itself)."""
    AuditEvent.objects.create(
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        workspace_id=workspace_id,
        actor_id=getattr(actor, "pk", None),
        actor_label=str(actor) if actor is not None else "",
        data=data or {},
    )


def history(*, object_kind: str, object_id: UUID) -> QuerySet[AuditEvent]:
    """Return what was done to an object, newest first; the caller has checked who asks."""
    return AuditEvent.objects.filter(object_kind=object_kind, object_id=object_id).order_by("-id")
