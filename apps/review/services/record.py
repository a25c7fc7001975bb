"""What every human decision leaves behind: a correction and an event in the audit log."""

from typing import Any

from apps.accounts.models import User
from apps.core import audit
from apps.documents.models import Document
from apps.review.models import Correction


def correction_record(
    *, document: Document, subject: str, before: dict[str, Any] | None, after: dict[str, Any] | None, by: User
) -> Correction:
    """Append a decision to a document's history; `subject` is `type`, `bundle`, or `field.` and the field's key."""
    audit.record(
        action=f"document.correct_{subject.partition('.')[0]}",
        object_kind="document",
        object_id=document.pk,
        workspace_id=document.workspace_id,
        actor=by,
        data={"subject": subject, "before": before, "after": after},
    )
    return Correction.objects.create(
        workspace_id=document.workspace_id,
        document=document,
        subject=subject,
        before=before,
        after=after,
        by_id=by.pk,
        by_label=str(by),
    )
