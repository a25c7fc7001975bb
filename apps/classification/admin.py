"""Model versions and predictions in the admin site."""

from django.contrib import admin

from apps.classification.models import (
    Experiment,
    ExperimentOutcome,
    Label,
    ModelVersion,
    ModelWeights,
    Prediction,
    Refit,
    RefitChange,
    TagSuggestion,
    TypeFeatures,
)
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

    list_display = ("label", "probability", "model_version", "arm", "is_shadow", "reading_id", "created_at")
    list_filter = ("label", "model_version", "workspace")
    search_fields = ("reading__id", "label")
    list_select_related = ("model_version",)


@admin.register(Refit)
class RefitAdmin(HistoryAdmin[Refit]):
    """How workspaces' heads learned."""

    list_display = (
        *(
            "family",
            "cause",
            "state",
            "workspace",
            "example_count",
            "changed_count",
            "fit_ms",
            "by_label",
            "created_at",
        ),
    )
    list_filter = ("family", "state", "cause", "workspace")
    search_fields = ("id", "by_label")


@admin.register(RefitChange)
class RefitChangeAdmin(HistoryAdmin[RefitChange]):
    """Documents that refits typed differently."""

    list_display = ("document_id", "before_label", "after_label", "refit_id", "created_at")
    list_filter = ("after_label", "workspace")
    search_fields = ("document__id", "refit__id")


@admin.register(TagSuggestion)
class TagSuggestionAdmin(HistoryAdmin[TagSuggestion]):
    """Tags that heads propose."""

    list_display = ("tag", "document_id", "probability", "model_version", "created_at")
    list_filter = ("workspace",)
    search_fields = ("tag__name", "document__id")
    list_select_related = ("tag", "model_version")


@admin.register(ModelWeights)
class ModelWeightsAdmin(HistoryAdmin[ModelWeights]):
    """Which versions of workspaces still have their weights."""

    list_display = ("version",)
    list_filter = ("version__workspace",)
    search_fields = ("version__version",)
    exclude = ("tensors",)


@admin.register(TypeFeatures)
class TypeFeaturesAdmin(HistoryAdmin[TypeFeatures]):
    """Of which readings the features are kept."""

    list_display = ("reading_id", "made_by")
    list_filter = ("reading__workspace",)
    search_fields = ("reading__id",)
    exclude = ("data",)


@admin.register(Experiment)
class ExperimentAdmin(HistoryAdmin[Experiment]):
    """Model versions compared by what people say; led on the page “Experiments”."""

    list_display = ("name", "state", "mode", "control", "treatment", "workspace", "started_at", "ended_at")
    list_filter = ("state", "mode", "workspace")
    search_fields = ("name", "id")
    list_select_related = ("control", "treatment")


@admin.register(ExperimentOutcome)
class ExperimentOutcomeAdmin(HistoryAdmin[ExperimentOutcome]):
    """What people said of an experiment's documents."""

    list_display = ("document_id", "label", "arm", "control_right", "treatment_right", "experiment", "created_at")
    list_filter = ("arm", "is_sampled", "workspace")
    search_fields = ("document__id", "experiment__name")
    list_select_related = ("experiment",)
