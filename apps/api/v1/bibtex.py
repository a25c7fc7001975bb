"""`documents/{id}/bibtex/`: a scientific paper as an entry for BibTeX."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from apps.api.base import DocumentView
from apps.api.v1.describe import example, problems
from apps.api.v1.document import AnyAccept
from apps.core.errors import NotFoundError
from apps.extraction.fields.selectors.papers import bibtex_of

BIBTEX = "application/x-bibtex"


class DocumentBibtex(DocumentView):
    """A paper's entry."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="documents_bibtex",
        tags=["documents"],
        summary="Get a paper as BibTeX",
        responses={(200, BIBTEX): OpenApiResponse(OpenApiTypes.STR), **problems(404)},
        extensions=example("documents/$ID/bibtex/"),
    )
    def get(self, request: Request, document_id: object) -> HttpResponse:
        """Give title, authors, year and DOI as an entry; 404 for a document without a title among its fields."""
        entry = bibtex_of(document=self.document)
        if not entry:
            raise NotFoundError("This document has no title that an entry could be made of.")
        response = HttpResponse(entry, content_type=f"{BIBTEX}; charset=utf-8")
        response["Content-Disposition"] = content_disposition_header(True, f"{self.document.title}.bib") or "attachment"
        response["X-Content-Type-Options"] = "nosniff"
        return response
