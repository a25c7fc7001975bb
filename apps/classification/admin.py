"""Model versions and predictions in the admin site."""

from django.contrib import admin

from apps.classification.models import Label, ModelVersion, Prediction
from apps.core.admin import HistoryAdmin


@admin.register(Label)
class LabelAdmin(HistoryAdmin[Label]):
    """Types that people added; changed on the page “Types”, where it is recorded who did."""

    list_display = ("name", "slug", "workspace", "is_retired", "created_at")
    list_filter = ("is_retired", "workspace")
    search_fields = ("name", "slug", "description")


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
