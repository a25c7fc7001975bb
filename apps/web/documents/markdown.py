"""A document as a file of Markdown."""

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from apps.extraction.markdown import markdown_pieces
from apps.web.documents.access import DocumentRequest, on_document


@require_safe
@on_document()
def document_markdown(request: DocumentRequest) -> HttpResponseBase:
    """Hand out all pages as one file."""
    pieces = markdown_pieces(document=request.document)
    response = StreamingHttpResponse(pieces, content_type="text/markdown; charset=utf-8")
    name = f"{request.document.title}.md"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-cache"
    return response
