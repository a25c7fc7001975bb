"""`models/` and `refits/`: versions of the model of types with their figures, and receipts of what was learned."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.base import WorkspaceView
from apps.api.pagination import CursorPagination
from apps.api.v1.describe import example, problems
from apps.api.v1.values import Confidence, LowerChoice
from apps.classification.models import ModelVersion, Refit, RefitCause, RefitChange, RefitState
from apps.classification.selectors import refit_get, refits_in, version_get, versions_seen
from apps.classification.services.versions import version_in_use
from apps.documents.selectors import visible_to

MOST_CHANGES = 500


class ModelRow(serializers.Serializer[ModelVersion]):
    """A version of the model of types."""

    id = serializers.UUIDField()
    version = serializers.CharField()
    in_use = serializers.SerializerMethodField(help_text="New documents are typed by it.")
    shipped = serializers.SerializerMethodField(
        help_text="Came with docintel; the others were learned here, or one is configured."
    )
    created_at = serializers.DateTimeField()
    dataset_hash = serializers.CharField(
        help_text="Of the documents and labels it learned from; empty where they are not known."
    )
    artifact_sha256 = serializers.CharField(help_text="Of its weights, checked at every load.")
    code_version = serializers.CharField(
        help_text="The docintel that made it; empty for one that was not learned here."
    )

    def get_in_use(self, version: ModelVersion) -> bool:
        """Tell whether it types documents now."""
        return bool(version.pk == self.context["in_use"].pk)

    def get_shipped(self, version: ModelVersion) -> bool:
        """Tell whether it came with docintel; of one that was configured nobody here knows what it learned from."""
        return version.workspace_id is None and bool(version.dataset_hash)


class ModelDetail(ModelRow):
    """A version with its figures."""

    metrics = serializers.JSONField(
        help_text="All of documents that the scored fit had not seen; `learning_curve` is the macro-F1 of fits to a "
        "part of the confirmed documents."
    )
    calibration = serializers.JSONField()


class RefitRow(serializers.Serializer[Refit]):
    """What was learned from corrections."""

    id = serializers.UUIDField()
    cause = LowerChoice(RefitCause)
    state = LowerChoice(RefitState)
    model = serializers.CharField(source="model_version.version", allow_null=True, default=None)
    examples = serializers.IntegerField(source="example_count", help_text="Confirmed documents it learned from.")
    rescored = serializers.IntegerField(source="rescored_count", help_text="Unconfirmed documents looked at.")
    changed = serializers.IntegerField(source="changed_count", help_text="Those that got another type.")
    fit_ms = serializers.IntegerField(allow_null=True, help_text="From the claim to the new version.")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField(source="by_label")


class ChangedType(serializers.Serializer[RefitChange]):
    """A document that got another type."""

    document = serializers.UUIDField(source="document_id")
    before = serializers.CharField(source="before_label")
    before_confidence = Confidence()
    after = serializers.CharField(source="after_label")
    after_confidence = Confidence()


class RefitDetail(RefitRow):
    """A receipt with the documents that changed."""

    corrections = serializers.ListField(child=serializers.UUIDField(), help_text="The decisions it learned first.")
    changes = serializers.SerializerMethodField(help_text=f"At most {MOST_CHANGES}.")

    @extend_schema_field(ChangedType(many=True))
    def get_changes(self, refit: Refit) -> list[dict[str, Any]]:
        """List the documents that changed, as far as they are still there."""
        there = visible_to(user=self.context["user"], workspace_id=refit.workspace_id)
        return [dict(ChangedType(each).data) for each in refit.changes.filter(document__in=there)[:MOST_CHANGES]]


class ModelsView(WorkspaceView):
    """An endpoint about model versions."""

    def in_use(self) -> ModelVersion:
        """Return the version that types documents now."""
        return version_in_use(workspace_id=self.workspace_id)


class ModelList(ModelsView, generics.GenericAPIView[ModelVersion]):
    """All versions of a workspace."""

    queryset = ModelVersion.objects.none()
    serializer_class = ModelRow
    pagination_class = CursorPagination

    @extend_schema(
        operation_id="models_list",
        tags=["models"],
        summary="List model versions",
        responses={200: ModelRow(many=True), **problems(400)},
        extensions=example("models/"),
    )
    def get(self, request: Request) -> Response:
        """List the versions learned here, the one that ships with docintel and the one configured, newest first."""
        page = self.paginate_queryset(versions_seen(workspace_id=self.workspace_id))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def get_serializer_context(self) -> dict[str, Any]:
        """Tell the rows which of them is in use."""
        return {**super().get_serializer_context(), "in_use": self.in_use()}


class ModelItem(ModelsView):
    """One version."""

    version: ModelVersion

    def find(self) -> None:
        """Load the version; raises NotFoundError."""
        self.version = version_get(workspace_id=self.workspace_id, version_id=self.kwargs["version_id"])

    @extend_schema(
        operation_id="models_get",
        tags=["models"],
        summary="Get a model version",
        responses={200: ModelDetail, **problems(404)},
        extensions=example("models/$MODEL/"),
    )
    def get(self, request: Request, version_id: str) -> Response:
        """Tell what a version was made of and how good it is."""
        return Response(ModelDetail(self.version, context={"in_use": self.in_use()}).data)


class RefitList(WorkspaceView, generics.GenericAPIView[Refit]):
    """All receipts of a workspace."""

    queryset = Refit.objects.none()
    serializer_class = RefitRow
    pagination_class = CursorPagination

    @extend_schema(
        operation_id="refits_list",
        tags=["models"],
        summary="List what was learned",
        responses={200: RefitRow(many=True), **problems(400)},
        extensions=example("refits/"),
    )
    def get(self, request: Request) -> Response:
        """List the receipts, newest first."""
        page = self.paginate_queryset(refits_in(workspace_id=self.workspace_id))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class RefitItem(WorkspaceView):
    """One receipt."""

    refit: Refit

    def find(self) -> None:
        """Load the receipt; raises NotFoundError."""
        self.refit = refit_get(workspace_id=self.workspace_id, refit_id=self.kwargs["refit_id"])

    @extend_schema(
        operation_id="refits_get",
        tags=["models"],
        summary="Get a receipt",
        responses={200: RefitDetail, **problems(404)},
        extensions=example("refits/$REFIT/"),
    )
    def get(self, request: Request, refit_id: str) -> Response:
        """Tell what was learned from which decisions, and which documents changed because of it."""
        return Response(RefitDetail(self.refit, context={"user": self.user}).data)
