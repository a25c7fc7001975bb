"""Whether a person should look at a type that a model gave, and opening or closing that question for many at once."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from apps.core.clock import now
from apps.documents.models import Document
from apps.review.models import ReviewTask, TaskKind

SURE: Final = 0.9


def type_doubt(*, probability: float | None, flags: Iterable[str]) -> str:
    """Tell why a person is asked about a type; "" where the model is sure and has a right to be."""
    if probability is None:
        return "The type was chosen by its description alone."
    if probability < SURE:
        return f"The model is {probability:.0%} sure of the type."
    return "The model knows this type from one source only." if "single_source" in flags else ""


def type_questions_route(*, workspace_id: UUID, doubts: Mapping[UUID, str]) -> None:
    """Ask about the types of documents with a doubt, and close the question for the others."""
    sure = [pk for pk, reason in doubts.items() if not reason]
    open_now = ReviewTask.objects.filter(kind=TaskKind.TYPE, done_at=None)
    open_now.filter(document_id__in=sure).update(done_at=now())
    asked = {task.document_id: task for task in open_now.filter(document_id__in=[*doubts])}
    told = [task for pk, task in asked.items() if doubts[pk] and task.reason != doubts[pk]]
    for task in told:
        task.reason = doubts[task.document_id]
    ReviewTask.objects.bulk_update(told, ["reason"])
    new = Document.objects.filter(pk__in=[pk for pk, reason in doubts.items() if reason and pk not in asked])
    ReviewTask.objects.bulk_create(
        [
            ReviewTask(workspace_id=workspace_id, document_id=pk, kind=TaskKind.TYPE, reason=doubts[pk])
            for pk in new.order_by("pk").values_list("pk", flat=True)
        ],
        ignore_conflicts=True,
    )
