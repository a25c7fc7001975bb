"""Whether a person should look at a type that a model gave, and opening or closing that question for many at once."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from apps.classification.engine.checkpoint_types import UNFITTED
from apps.core.clock import now
from apps.documents.models import Document
from apps.review.acceptance.items import TAKEN_BACK
from apps.review.acceptance.selectors import open_checks
from apps.review.models import ReviewTask, SpotCheckKind, TaskKind, TaskPurpose

SURE: Final = 0.9


def type_doubt(*, probability: float | None, flags: Iterable[str]) -> str:
    """Tell why a person is asked about a type; "" where the model is sure and has a right to be."""
    if probability is None:
        if UNFITTED in flags:
            return "The configured model of types does not say how sure it is."
        return "The type was chosen by its description alone."
    if probability < SURE:
        return f"The model is {probability:.0%} sure of the type."
    return "The model knows this type from one source only." if "single_source" in flags else ""


class _Question(NamedTuple):
    """Why a type is asked about, and what for; no reason: it is not."""

    reason: str
    purpose: TaskPurpose = TaskPurpose.DOUBT


_CHECKS: Final = {
    SpotCheckKind.SAMPLE: "Chosen at random, to learn how often the model is right.",
    SpotCheckKind.AUDIT: "Accepted automatically, and chosen at random to be looked at all the same.",
}


def type_questions_route(
    *, workspace_id: UUID, doubts: Mapping[UUID, str], compared: Mapping[UUID, str] = MappingProxyType({})
) -> None:
    """Ask about the types of documents with a doubt, and of those that were drawn at random.

    A certificate answers a doubt, but not the question which of two versions is right (`compared`: why, or ""). For all
    others the question is closed.
    """
    wanted = _questions(doubts, {pk: reason for pk, reason in compared.items() if reason})
    sure = [pk for pk, question in wanted.items() if not question.reason]
    open_now = ReviewTask.objects.filter(kind=TaskKind.TYPE, done_at=None)
    # What somebody took back goes to a person, however sure a model is of it afterwards.
    open_now.filter(document_id__in=sure).exclude(document__corrections__subject=TAKEN_BACK).update(done_at=now())
    asked = {task.document_id: task for task in open_now.filter(document_id__in=[*wanted])}
    told = [task for pk, task in asked.items() if wanted[pk].reason and (task.reason, task.purpose) != wanted[pk]]
    for task in told:
        task.reason, task.purpose = wanted[task.document_id]
    ReviewTask.objects.bulk_update(told, ["reason", "purpose"])
    new = Document.objects.filter(pk__in=[pk for pk, each in wanted.items() if each.reason and pk not in asked])
    ReviewTask.objects.bulk_create(
        [
            ReviewTask(workspace_id=workspace_id, document_id=pk, kind=TaskKind.TYPE, **wanted[pk]._asdict())
            for pk in new.order_by("pk").values_list("pk", flat=True)
        ],
        ignore_conflicts=True,
    )


def _questions(doubts: Mapping[UUID, str], compared: Mapping[UUID, str]) -> dict[UUID, _Question]:
    accepted = Document.objects.filter(pk__in=list(doubts), type_certificate_id__isnull=False)
    questions = {pk: _Question(reason) for pk, reason in doubts.items()}
    questions |= {pk: _Question("") for pk in accepted.values_list("pk", flat=True)}
    questions |= {pk: _Question(reason) for pk, reason in compared.items()}
    for check in open_checks(document_ids=doubts, types=True):
        if check.document_id is not None:
            kind = SpotCheckKind(check.kind)
            questions[check.document_id] = _Question(_CHECKS[kind], TaskPurpose(kind.value))
    return questions
