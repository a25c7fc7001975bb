"""Tables as files for spreadsheets: one with all its parts, or all of a document."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from apps.core.errors import NotFoundError
from apps.extraction.models import Table
from apps.extraction.selectors import tables_of
from apps.extraction.sheets import Sheet, TooManyCellsError, chain_of, sheets_csv, sheets_of, sheets_xlsx
from apps.web.documents.access import DocumentRequest, on_document

MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WRITERS: Final[dict[str, Callable[[list[Sheet]], str | bytes]]] = {"csv": sheets_csv, "xlsx": sheets_xlsx}


@require_safe
@on_document()
def document_table(request: DocumentRequest, table_id: UUID, suffix: str) -> HttpResponse:
    """Hand out a table with what goes on with it on other pages."""
    tables = _tables(request)
    table = next((each for each in tables if each.pk == table_id), None)
    if table is None:
        raise NotFoundError("There is no such table.")
    parts = chain_of(tables, table)
    return _download(
        parts, f"{request.document.title} page {parts[0].page_number} table {parts[0].position + 1}", suffix
    )


@require_safe
@on_document()
def document_tables(request: DocumentRequest, suffix: str) -> HttpResponse:
    """Hand out all tables of a document in one file."""
    return _download(_tables(request), f"{request.document.title} tables", suffix)


def _tables(request: DocumentRequest) -> list[Table]:
    reading = request.document.current_reading
    return list(tables_of(reading_id=reading.pk)) if reading else []


def _download(tables: list[Table], name: str, suffix: str) -> HttpResponse:
    try:
        content = _WRITERS[suffix](sheets_of(tables))
    except TooManyCellsError as error:
        return HttpResponse(error.message, status=422, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type=MEDIA_TYPES[suffix])
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{suffix}") or "attachment"
    return response
