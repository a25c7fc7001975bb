"""Open questions with what the model thinks, for many documents with a fixed number of queries."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from apps.accounts.models import User
from apps.classification.selectors import predictions_of
from apps.documents.models import Document
from apps.review.models import ReviewTask, TaskKind
from apps.review.selectors import drawn_first, open_tasks
from apps.web.documents.types import type_title

MOST_ALTERNATIVES: Final = 3


@dataclass(frozen=True)
class Choice:
    """A type a document may be of, and how sure the model is (None: not measured)."""

    slug: str
    title: str
    confidence: float | None


@dataclass(frozen=True)
class Question:
    """Is this document of this type? With the next best types."""

    task: ReviewTask
    document: Document
    proposed: Choice
    alternatives: list[Choice]


def questions_of(*, user: User, workspace_id: UUID, most: int) -> list[Question]:
    """Return open questions about types: what was drawn at random, then the oldest."""
    tasks = list(drawn_first(open_tasks(user=user, workspace_id=workspace_id, kind=TaskKind.TYPE))[:most])
    readings = [task.document.current_reading_id for task in tasks if task.document.current_reading_id]
    predictions = predictions_of(reading_ids=readings)
    questions = []
    for task in tasks:
        document = task.document
        prediction = predictions.get(document.current_reading_id) if document.current_reading_id else None
        others = [_choice(each["label"], each["confidence"]) for each in prediction.alternatives] if prediction else []
        questions.append(
            Question(
                task=task,
                document=document,
                proposed=_choice(document.type_label, document.type_confidence),
                alternatives=[other for other in others if other.slug != document.type_label][:MOST_ALTERNATIVES],
            )
        )
    return questions


def _choice(slug: str, confidence: float | None) -> Choice:
    return Choice(slug=slug, title=type_title(slug), confidence=confidence)
