"""What every change of a document leaves behind: an event in the audit log, and pages that know of it."""

from typing import Any

from apps.accounts.models import User
from apps.core import audit
from apps.core.generations import bump_on_commit
from apps.documents.models import Document


def record(action: str, document: Document, by: User | None, data: dict[str, Any]) -> None:
    """Append one event about a document."""
    bump_on_commit(document.workspace_id)
    audit.record(
        action=action,
        object_kind="document",
        object_id=document.pk,
        workspace_id=document.workspace_id,
        actor=by,
        data=data,
    )
