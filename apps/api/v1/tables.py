"""`documents/{id}/tables/`: the tables of a document as a file for spreadsheets."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from apps.api.base import DocumentView
from apps.api.v1.describe import example, problems
from apps.api.v1.document import AnyAccept
from apps.api.v1.inputs import TablesQuery
from apps.core.errors import NotFoundError
from apps.extraction.selectors import tables_of
from apps.extraction.sheets import chain_of, sheets_csv, sheets_of, sheets_xlsx

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DocumentTables(DocumentView):
    """The tables that were found."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="documents_tables",
        tags=["documents"],
        summary="Download the tables as CSV or XLSX",
        parameters=[TablesQuery],
        responses={
            (200, CSV): OpenApiResponse(OpenApiTypes.BINARY),
            (200, XLSX): OpenApiResponse(OpenApiTypes.BINARY),
            **problems(400, 404, 409),
        },
        extensions=example("documents/$ID/tables/?as=xlsx", "-OJ"),
    )
    def get(self, request: Request, document_id: object) -> HttpResponse:
        """Send all tables, or one, as text cells; parts of a table on several pages are joined.

        Without any table the file is empty. 404 for a number too high, 409 (`too_many_cells`) for a workbook that
        would be too large.
        """
        query = TablesQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        reading = self.document.current_reading
        tables = list(tables_of(reading_id=reading.pk)) if reading else []
        number: int | None = query.validated_data.get("table")
        if number is not None and number > len(tables):
            raise NotFoundError("There is no such table.")
        wanted = chain_of(tables, tables[number - 1]) if number else tables
        suffix: str = query.validated_data["as"]
        sheets = sheets_of(wanted)
        if suffix == "xlsx":
            response = HttpResponse(sheets_xlsx(sheets), content_type=XLSX)
        else:
            response = HttpResponse(sheets_csv(sheets), content_type=f"{CSV}; charset=utf-8")
        name = f"{self.document.title} {f'table {number}' if number else 'tables'}.{suffix}"
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        response["X-Content-Type-Options"] = "nosniff"
        return response
