"""Reading predictions."""

from uuid import UUID

from apps.classification.models import Prediction


def prediction_of(*, reading_id: UUID) -> Prediction | None:
    """Return the newest prediction of a reading, with its model version."""
    found = Prediction.objects.filter(reading_id=reading_id).select_related("model_version")
    return found.order_by("-id").first()
