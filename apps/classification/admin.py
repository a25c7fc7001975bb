"""Model versions and predictions in the admin site."""

from django.contrib import admin

from apps.classification.models import ModelVersion, Prediction
from apps.core.admin import HistoryAdmin


@admin.register(ModelVersion)
class ModelVersionAdmin(HistoryAdmin[ModelVersion]):
    """Trained models with their figures."""

    list_display = ("family", "version", "state", "workspace", "created_at")
    list_filter = ("family", "state", "workspace")
    search_fields = ("version", "artifact_sha256", "dataset_hash")


@admin.register(Prediction)
class PredictionAdmin(HistoryAdmin[Prediction]):
    """What models said."""

    list_display = ("label", "probability", "model_version", "reading_id", "created_at")
    list_filter = ("label", "model_version", "workspace")
    search_fields = ("reading__id", "label")
    list_select_related = ("model_version",)
