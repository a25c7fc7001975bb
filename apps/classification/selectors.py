"""Reading the types that people added, predictions, model versions and refits."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from apps.classification.engine.labels import OTHER, TYPE_LABELS
from apps.classification.engine.model_names import short_name
from apps.classification.models import Label, ModelState, ModelVersion, Prediction, Refit, TypeFeatures
from apps.core.errors import NotFoundError
from apps.core.prepared import Given, Prepared
from apps.documents.models import Document, TypeSource
from apps.documents.selectors import count_by_type

FAMILY: Final = "document_type"
TAGS: Final = "document_tags"
BUILT_IN: Final = (*(label.slug for label in TYPE_LABELS), OTHER)
_SAID_LAST: Final = Prepared(
    lambda: (
        Prediction.objects.filter(reading_id=Given("reading_id"), is_shadow=False)
        .select_related("model_version")
        .defer("model_version__metrics", "model_version__calibration")  # many figures, for a model's own page
        .order_by("-created_at", "-id")[:1]
    )
)
_ACTIVE: Final = Prepared(
    lambda: ModelVersion.objects.filter(
        workspace_id=Given("workspace_id"), family=Given("family"), state=ModelState.ACTIVE
    )
)


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
            description=each.sentence,
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
    """Return what was said last of a reading and counts, with its model version: one put to use again speaks anew."""
    return _SAID_LAST.first(reading_id=reading_id)


def predictions_of(*, reading_ids: Iterable[UUID]) -> dict[UUID, Prediction]:
    """Return what was said last of each reading and counts, by reading id."""
    found = Prediction.objects.filter(reading_id__in=list(reading_ids), is_shadow=False)
    found = found.order_by("reading_id", "-created_at", "-id")
    return {prediction.reading_id: prediction for prediction in found.distinct("reading_id")}


def active_version(*, workspace_id: UUID, family: str = FAMILY) -> ModelVersion | None:
    """Return the version that a workspace learned and uses; None where what ships with docintel is in use."""
    return _ACTIVE.first(workspace_id=workspace_id, family=family)


def configured_version_seen() -> ModelVersion | None:
    """Return the row of the checkpoint that is configured; None where none is, or before it typed a document."""
    if not settings.TYPE_MODEL:
        return None
    name = f"{short_name(settings.TYPE_MODEL)}@"
    return ModelVersion.objects.filter(workspace=None, family=FAMILY, version__startswith=name).order_by("-id").first()


def features_of(*, reading_ids: Iterable[UUID], made_by: str) -> dict[UUID, bytes]:
    """Return the packed features of readings, by reading id, so far as they were made by what is named."""
    found = TypeFeatures.objects.filter(reading_id__in=list(reading_ids), made_by=made_by)
    return {pk: bytes(data) for pk, data in found.values_list("reading_id", "data")}


def refits_in(*, workspace_id: UUID) -> QuerySet[Refit]:
    """Return how a workspace's head of types learned, newest first."""
    found = Refit.objects.filter(workspace_id=workspace_id, family=FAMILY)
    return found.select_related("model_version").order_by("-id")


def refit_get(*, workspace_id: UUID, refit_id: UUID) -> Refit:
    """Return one refit; raises NotFoundError."""
    refit = refits_in(workspace_id=workspace_id).filter(pk=refit_id).first()
    if refit is None:
        raise NotFoundError("There is no such receipt.")
    return refit


def refit_of_correction(*, workspace_id: UUID, correction_id: UUID) -> Refit | None:
    """Return the refit that learned a correction first."""
    return refits_in(workspace_id=workspace_id).filter(corrections__contains=[str(correction_id)]).first()


def versions_in(*, workspace_id: UUID) -> QuerySet[ModelVersion]:
    """Return the versions that were learned in a workspace, newest first."""
    return ModelVersion.objects.filter(workspace_id=workspace_id, family=FAMILY).order_by("-id")


def versions_seen(*, workspace_id: UUID) -> QuerySet[ModelVersion]:
    """Return the versions learned in a workspace, the shipped one and the configured one, if any, newest first."""
    shipped = Q(workspace_id__isnull=True, state=ModelState.ACTIVE)
    configured = configured_version_seen()
    seen = shipped | Q(workspace_id=workspace_id) | Q(pk=configured.pk if configured else None)
    return ModelVersion.objects.filter(seen, family=FAMILY).order_by("-id")


def version_get(*, workspace_id: UUID, version_id: UUID) -> ModelVersion:
    """Return a version of the workspace's, or one that was shipped or configured; raises NotFoundError."""
    seen = Q(workspace_id=workspace_id) | Q(workspace_id__isnull=True)
    version = ModelVersion.objects.filter(seen, pk=version_id, family=FAMILY).first()
    if version is None:
        raise NotFoundError("There is no such model version.")
    return version
