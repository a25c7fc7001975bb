"""`documents/{id}/markdown/`: a document as Markdown."""

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from apps.api.base import DocumentView
from apps.api.v1.describe import example, problems
from apps.api.v1.document import AnyAccept
from apps.api.v1.inputs import PagesQuery
from apps.core.errors import ConflictError
from apps.extraction.markdown import markdown_pieces
from apps.pipeline.models import LIVE_RUN_STATES, PipelineRun


class DocumentMarkdown(DocumentView):
    """A document's current reading as Markdown."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="documents_markdown",
        tags=["documents"],
        summary="Get the document as Markdown",
        parameters=[PagesQuery],
        responses={(200, "text/markdown"): OpenApiResponse(OpenApiTypes.STR), **problems(400, 404, 409)},
        extensions=example("documents/$ID/markdown/?pages=1-5"),
    )
    def get(self, request: Request, document_id: object) -> StreamingHttpResponse:
        """Give headings, lists and tables as Markdown, pages parted by rules, without headers, footers, page numbers.

        409 until the document was processed once.
        """
        query = PagesQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        run = PipelineRun.objects.filter(reading__current_of=self.document).first()
        if run is None or run.state in LIVE_RUN_STATES:
            raise ConflictError("This document is still being processed.", code="not_finished")
        first, last = query.validated_data.get("pages", (1, None))
        pieces = markdown_pieces(document=self.document, first=first, last=last)
        answer = StreamingHttpResponse(pieces, content_type="text/markdown; charset=utf-8")
        answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
