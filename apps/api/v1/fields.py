"""`fields/`: one row a value across documents, as JSON or CSV."""

import csv
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from apps.api.base import WorkspaceView
from apps.api.v1.describe import example, problems
from apps.api.v1.filters import FieldFilter
from apps.api.v1.shapes import FieldDetail
from apps.extraction.fields.selectors.values import values_visible_to
from apps.extraction.models import FieldValue

COLUMNS: Final = (
    "document_id", "document_title", "document_type", "key", "value", "value_type", "raw_text", "confidence", "method",
    "page", "currency", "state", "is_supported",
)  # fmt: skip
_SOURCES: Final = {"document_title": "document__title", "document_type": "document__type_label", "page": "page_number"}
# What a spreadsheet would take for a formula; numbers stay numbers.
FORMULA: Final = re.compile(r"[=+\-@\t\r\n](?!\d+(\.\d+)?\Z)")


class FieldDocument(serializers.Serializer[Any]):
    """The document a value is from."""

    id = serializers.UUIDField(source="document_id")
    title = serializers.CharField(source="document.title")
    type = serializers.CharField(source="document.type_label", help_text="Empty as long as nobody has said what it is.")


class FieldRow(FieldDetail):
    """A value and the document it is from."""

    document = FieldDocument(source="*")


class CsvRenderer(JSONRenderer):
    """Makes `text/csv` acceptable; the rows are streamed by the view, errors stay JSON."""

    media_type = "text/csv"
    format = "csv"


class FieldList(WorkspaceView, generics.GenericAPIView[FieldValue]):
    """The values found in all documents."""

    queryset = FieldValue.objects.none()
    serializer_class = FieldRow
    filter_backends = (DjangoFilterBackend,)
    filterset_class = FieldFilter
    renderer_classes = (JSONRenderer, CsvRenderer)

    @extend_schema(
        operation_id="fields_list",
        tags=["fields"],
        summary="List field values",
        parameters=[OpenApiParameter("format", str, enum=["json", "csv"], description="As the header `Accept` does.")],
        responses={
            (200, "application/json"): FieldRow(many=True),
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, description="All rows at once, streamed."),
            **problems(400),
        },
        extensions=example("fields/?key=grand_total&type=invoice&format=csv"),
    )
    def get(self, request: Request) -> HttpResponseBase:
        """List one row for each value that counts, a person's before a machine's, newest first."""
        values = self.filter_queryset(values_visible_to(user=self.user, workspace_id=self.workspace_id))
        if request.accepted_renderer.format != "csv":
            rows = self.get_serializer(self.paginate_queryset(values), many=True)
            return self.get_paginated_response(rows.data)
        answer = StreamingHttpResponse(_lines(values), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="fields.csv"'
        return answer


class _Echo:
    """A file that hands back what is written: csv writes to it, the response streams it."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


def _lines(values: QuerySet[FieldValue]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    names = [_SOURCES.get(name, name) for name in COLUMNS]
    for row in values.values(*names, "value_table").iterator(chunk_size=1000):
        yield writer.writerow([_cell(name, row) for name in names])


def _cell(name: str, row: dict[str, Any]) -> object:
    value = row[name]
    if name == "value" and row["value_table"] is not None:
        value = json.dumps(row["value_table"], ensure_ascii=False)
    elif name in {"method", "state"}:
        value = value.lower()
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value
