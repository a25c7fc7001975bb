"""`documents/{id}/analysis/`: pages, words, tables and all the rest as one object."""

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from apps.api.analysis import Wanted, analysis_json
from apps.api.base import DocumentView
from apps.api.v1.describe import example, problems
from apps.api.v1.inputs import AnalysisQuery
from apps.core.errors import ConflictError
from apps.pipeline.models import LIVE_RUN_STATES, PipelineRun, Trigger


class DocumentAnalysis(DocumentView):
    """The analysis object of a document's current reading."""

    @extend_schema(
        operation_id="documents_analysis",
        tags=["documents"],
        summary="Get the analysis",
        parameters=[AnalysisQuery],
        responses={200: OpenApiResponse(OpenApiTypes.OBJECT), **problems(400, 404, 409)},
        extensions=example("documents/$ID/analysis/?pages=1-5"),
    )
    def get(self, request: Request, document_id: object) -> StreamingHttpResponse:
        """Give the `docintel.analysis/1` object; 409 until the document was processed once."""
        query = AnalysisQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        run = PipelineRun.objects.select_related("reading").filter(reading__current_of=self.document).first()
        # While only the fields are read anew, everything else is there, and the fields as they were.
        if run is None or (run.state in LIVE_RUN_STATES and run.trigger != Trigger.FIELDS):
            raise ConflictError("This document is still being processed.", code="not_finished")
        first, last = query.validated_data.get("pages", (1, None))
        words = "words" in query.validated_data.get("include", ("words",))
        pieces = analysis_json(document=self.document, run=run, wanted=Wanted(first, last, words))
        return StreamingHttpResponse(pieces, content_type="application/json")
