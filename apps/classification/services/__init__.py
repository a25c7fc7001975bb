"""The types people add, model versions, what these say of documents, and learning from corrections."""

from apps.classification.selectors import FAMILY
from apps.classification.services.labels import LabelDraft, label_create, label_edit, label_retire
from apps.classification.services.predictions import prediction_store, predictions_take_over, shadow_store
from apps.classification.services.refits import refit_request
from apps.classification.services.versions import shipped_version, version_activate

__all__ = [
    "FAMILY",
    "LabelDraft",
    "label_create",
    "label_edit",
    "label_retire",
    "prediction_store",
    "predictions_take_over",
    "refit_request",
    "shadow_store",
    "shipped_version",
    "version_activate",
]
