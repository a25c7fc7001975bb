"""Going through the documents whose values need a person, one after the other."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from apps.accounts.models import User
from apps.review.models import ReviewTask, TaskKind
from apps.review.selectors import open_tasks


@dataclass(frozen=True)
class Queue:
    """Where somebody is in the queue; `task_id` is the question that brought them to this document."""

    task_id: UUID
    reason: str
    place: int
    count: int
    previous_url: str
    next_url: str


def url_of(task: ReviewTask) -> str:
    """Name the page on which a question is answered."""
    return f"{reverse('web:document_detail', args=[task.document_id])}?review={task.pk}"


def queue_at(*, user: User, workspace_id: UUID, task_id: UUID) -> Queue:
    """Return the queue around a question, which may have been answered meanwhile."""
    tasks = open_tasks(user=user, workspace_id=workspace_id, kind=TaskKind.FIELDS)
    before, after = tasks.filter(pk__lt=task_id).order_by("-pk"), tasks.filter(pk__gt=task_id)
    current, previous, following = tasks.filter(pk=task_id).first(), before.first(), after.first()
    return Queue(
        task_id=task_id,
        reason=current.reason if current else "",
        place=before.count() + (1 if current else 0),
        count=tasks.count(),
        previous_url=url_of(previous) if previous else "",
        next_url=url_of(following) if following else "",
    )


def first_url(*, user: User, workspace_id: UUID) -> str:
    """Name the page of the oldest open question about values; "" where there is none."""
    first = open_tasks(user=user, workspace_id=workspace_id, kind=TaskKind.FIELDS).first()
    return url_of(first) if first else ""
