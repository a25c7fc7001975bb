"""The outbox: events for apps further up, written in the same transaction as the change they tell of."""

from typing import Any
from uuid import UUID

from apps.core.models import OutboxEvent


def publish(*, kind: str, workspace_id: UUID, subject_id: UUID, data: dict[str, Any] | None = None) -> None:
    """Append one event; the scheduler hands it to the handlers named in the pipeline's event table."""
    OutboxEvent.objects.create(kind=kind, workspace_id=workspace_id, subject_id=subject_id, data=data or {})
