"""Reading review tasks and corrections."""

from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.documents.selectors import visible_to
from apps.review.models import Correction, ReviewTask


def open_tasks(*, user: User, workspace_id: UUID) -> QuerySet[ReviewTask]:
    """Return the open questions about documents that the user may see, oldest first."""
    documents = visible_to(user=user, workspace_id=workspace_id)
    tasks = ReviewTask.objects.filter(done_at__isnull=True, document__in=documents)
    return tasks.select_related("document").order_by("id")


def corrections_of(*, document_id: UUID) -> QuerySet[Correction]:
    """Return a document's human decisions, newest first."""
    return Correction.objects.filter(document_id=document_id).order_by("-id")
