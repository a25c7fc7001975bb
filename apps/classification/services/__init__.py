"""The types people add, model versions, and what these say of documents."""

from apps.classification.services.labels import LabelDraft, label_create, label_edit, label_retire
from apps.classification.services.predictions import FAMILY, prediction_store, predictions_take_over, shipped_version

__all__ = [
    "FAMILY",
    "LabelDraft",
    "label_create",
    "label_edit",
    "label_retire",
    "prediction_store",
    "predictions_take_over",
    "shipped_version",
]
