"""`exports/`: the values of a filtered list of documents as a file, written in the background."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import FileResponse
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.policy import Action
from apps.api.base import WorkspaceView
from apps.api.parsers import SmallJSONParser
from apps.api.v1.describe import example, problems
from apps.api.v1.document import AnyAccept
from apps.api.v1.documents import FIELD_PARAMETER
from apps.api.v1.filters import DocumentFilter
from apps.api.v1.values import LowerChoice
from apps.documents.models import Document
from apps.documents.selectors import visible_to
from apps.extraction.fields.columns import storable
from apps.pipeline.exports.selectors import export_get, export_open, exports_in
from apps.pipeline.exports.services import export_request
from apps.pipeline.models import Export, ExportFormat, ExportState


class ExportRow(serializers.Serializer[Export]):
    """An export."""

    id = serializers.UUIDField()
    format = LowerChoice(ExportFormat)
    state = LowerChoice(ExportState)
    filters = serializers.JSONField(help_text="What the list was filtered by.")
    document_count = serializers.IntegerField()
    row_count = serializers.IntegerField(allow_null=True, help_text="Rows of the file without its heads.")
    file_size = serializers.IntegerField(allow_null=True, help_text="Bytes.")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField(source="by_label")
    error_code = serializers.CharField(help_text="Empty unless it failed.")


class ExportDetail(ExportRow):
    """An export and the documents that went out with it."""

    documents = serializers.SerializerMethodField()

    def get_documents(self, export: Export) -> list[str]:
        """List the ids of the documents, those deleted for good left out."""
        ids = export.items.filter(document__isnull=False).order_by("id").values_list("document_id", flat=True)
        return [str(pk) for pk in ids]


class ExportWish(serializers.Serializer[Any]):
    """What is wanted."""

    format = serializers.ChoiceField(choices=[value.lower() for value in ExportFormat.values], default="xlsx")


class ExportList(WorkspaceView, generics.GenericAPIView[Any]):
    """Exports, and asking for one."""

    actions: ClassVar = {"POST": Action.REVIEW}
    queryset = Document.objects.none()
    filter_backends = (DjangoFilterBackend,)
    filterset_class = DocumentFilter
    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="exports_list",
        tags=["exports"],
        summary="List exports",
        filters=False,
        responses={200: ExportRow(many=True), **problems(400)},
        extensions=example("exports/"),
    )
    def get(self, request: Request) -> Response:
        """List the workspace's exports, newest first."""
        page = self.paginate_queryset(exports_in(user=self.user, workspace_id=self.workspace_id))
        return self.get_paginated_response([ExportRow(export).data for export in page or ()])

    @extend_schema(
        operation_id="exports_create",
        tags=["exports"],
        summary="Export the values of a filtered list",
        request=ExportWish,
        parameters=[FIELD_PARAMETER],
        filters=True,
        responses={202: ExportRow, **problems(400, 409, 415)},
        extensions=example(
            "exports/?type=invoice&accounting=approved",
            '-X POST -H "Content-Type: application/json" -d \'{"format": "xlsx"}\'',
        ),
    )
    def post(self, request: Request) -> Response:
        """Choose the documents that pass the filters of `documents/` now, and write their file in the background.

        Approved documents become exported when it is done. 409: nothing passes (`nothing_to_export`), or too much
        (`too_many_documents`).
        """
        wish = ExportWish(data=request.data)
        wish.is_valid(raise_exception=True)
        documents = self.filter_queryset(visible_to(user=self.user, workspace_id=self.workspace_id))
        export = export_request(
            documents=documents,
            workspace_id=self.workspace_id,
            filters=storable(dict(request.query_params.lists())),
            file_format=ExportFormat(wish.validated_data["format"].upper()),
            by=self.user,
        )
        return Response(ExportRow(export).data, status=202)


class OneExport(WorkspaceView):
    """An endpoint about one export."""

    export: Export

    def find(self) -> None:
        """Load the export; raises NotFoundError."""
        self.export = export_get(user=self.user, workspace_id=self.workspace_id, export_id=self.kwargs["export_id"])


class ExportItem(OneExport):
    """One export."""

    @extend_schema(
        operation_id="exports_get",
        tags=["exports"],
        summary="Get an export",
        responses={200: ExportDetail, **problems(404)},
        extensions=example("exports/$EXPORT/"),
    )
    def get(self, request: Request, export_id: UUID) -> Response:
        """Tell how far it is and what went out."""
        return Response(ExportDetail(self.export).data)


class ExportFile(OneExport):
    """An export's file."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="exports_file",
        tags=["exports"],
        summary="Download an export",
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY), **problems(404, 409)},
        extensions=example("exports/$EXPORT/file/", "-OJ"),
    )
    def get(self, request: Request, export_id: UUID) -> FileResponse:
        """Send the file; 409 (`not_finished`) until it is written. Files are kept for 30 days."""
        name = f"docintel-{self.export.created_at:%Y-%m-%d}.{self.export.format.lower()}"
        answer = FileResponse(export_open(export=self.export), as_attachment=True, filename=name)
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
