"""Reading the types that people added, and predictions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from apps.classification.engine.labels import OTHER, TYPE_LABELS
from apps.classification.models import Label, Prediction
from apps.core.errors import NotFoundError
from apps.documents.models import Document, TypeSource
from apps.documents.selectors import count_by_type

BUILT_IN: Final = (*(label.slug for label in TYPE_LABELS), OTHER)


@dataclass(frozen=True)
class TypeRow:
    """A type of a workspace with its documents and those of which a person said that they are of it."""

    slug: str
    name: str
    description: str
    document_count: int
    confirmed_count: int
    is_built_in: bool = False
    is_retired: bool = False


def types_listed(*, workspace_id: UUID, documents: QuerySet[Document]) -> list[TypeRow]:
    """Return the types that people added, by name, then those built in; counted are the documents given."""
    counts = count_by_type(documents=documents)
    confirmed = count_by_type(documents=documents.filter(type_source=TypeSource.HUMAN))
    own = [
        TypeRow(
            slug=label.slug,
            name=label.name,
            description=label.description,
            document_count=counts.get(label.slug, 0),
            confirmed_count=confirmed.get(label.slug, 0),
            is_retired=label.is_retired,
        )
        for label in Label.objects.filter(workspace_id=workspace_id)
    ]
    built_in = [
        TypeRow(
            slug=each.slug,
            name=each.title,
            description=each.descriptions[0],
            document_count=counts.get(each.slug, 0),
            confirmed_count=confirmed.get(each.slug, 0),
            is_built_in=True,
        )
        for each in TYPE_LABELS
    ]
    return [*own, *built_in]


def labels_in(*, workspace_id: UUID) -> QuerySet[Label]:
    """Return the types that people added and did not retire, by name."""
    return Label.objects.filter(workspace_id=workspace_id, is_retired=False)


def label_get(*, workspace_id: UUID, slug: str) -> Label:
    """Return a type that people added, a retired one too; raises NotFoundError."""
    label = Label.objects.filter(workspace_id=workspace_id, slug=slug).first()
    if label is None:
        raise NotFoundError("There is no such type.")
    return label


def retired_labels(*, workspace_id: UUID) -> QuerySet[Label]:
    """Return the types that people added and no longer want proposed."""
    return Label.objects.filter(workspace_id=workspace_id, is_retired=True)


def prediction_of(*, reading_id: UUID) -> Prediction | None:
    """Return the newest prediction of a reading, with its model version."""
    found = Prediction.objects.filter(reading_id=reading_id).select_related("model_version")
    return found.order_by("-id").first()


def predictions_of(*, reading_ids: Iterable[UUID]) -> dict[UUID, Prediction]:
    """Return the newest prediction of each reading, by reading id."""
    found = Prediction.objects.filter(reading_id__in=list(reading_ids)).order_by("reading_id", "-id")
    return {prediction.reading_id: prediction for prediction in found.distinct("reading_id")}
