"""Reading predictions."""

from collections.abc import Iterable
from uuid import UUID

from apps.classification.models import Prediction


def prediction_of(*, reading_id: UUID) -> Prediction | None:
    """Return the newest prediction of a reading, with its model version."""
    found = Prediction.objects.filter(reading_id=reading_id).select_related("model_version")
    return found.order_by("-id").first()


def predictions_of(*, reading_ids: Iterable[UUID]) -> dict[UUID, Prediction]:
    """Return the newest prediction of each reading, by reading id."""
    found = Prediction.objects.filter(reading_id__in=list(reading_ids)).order_by("reading_id", "-id")
    return {prediction.reading_id: prediction for prediction in found.distinct("reading_id")}
