"""`documents/{id}/searchable/`: a scan as a PDF whose words can be searched."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from apps.api.base import DocumentView
from apps.api.v1.describe import example, problems
from apps.api.v1.document import AnyAccept
from apps.core.errors import ConflictError
from apps.documents.selectors import original_of
from apps.extraction.readers import UnreadableFileError
from apps.extraction.rendering import searchable_copy
from apps.pipeline.models import LIVE_RUN_STATES, PipelineRun


class DocumentSearchable(DocumentView):
    """The file with its recognised words as an invisible layer of text."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="documents_searchable",
        tags=["documents"],
        summary="Download a scan as a searchable PDF",
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY), **problems(404, 409)},
        extensions=example("documents/$ID/searchable/", "-OJ"),
    )
    def get(self, request: Request, document_id: object) -> HttpResponse:
        """Send a PDF in which the words that were recognised can be searched and copied; other PDFs as they are.

        Made for each call. 409 for files that are neither PDF nor picture, and until the document was processed once;
        503 when too many ask at once.
        """
        run = PipelineRun.objects.filter(reading__current_of=self.document).first()
        reading = self.document.current_reading
        if run is None or reading is None or run.state in LIVE_RUN_STATES:
            raise ConflictError("This document is still being processed.", code="not_finished")
        try:
            content = searchable_copy(blob=original_of(document=self.document), reading=reading)
        except UnreadableFileError as error:
            raise ConflictError(error.message, code=error.code) from error
        answer = HttpResponse(content, content_type="application/pdf")
        name = f"{self.document.title} searchable.pdf"
        answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
