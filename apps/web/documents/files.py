"""A document's bytes for the browser: the original, pictures of its pages, a searchable copy."""

from django.http import FileResponse, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from apps.core.errors import NotFoundError, TransientError, UserError
from apps.documents.selectors import original_of
from apps.documents.storage import blob_open
from apps.extraction.rendering import WIDTHS_PX, page_image, searchable_copy
from apps.web.documents.access import DocumentRequest, on_document

# Browsers show these in a viewer of their own; everything else could run as a page of ours and is only handed out.
SHOWN_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp", "image/gif"})
# Nothing in the file may load, run, send or be framed; object-src lets Chromium's own PDF viewer work.
FILE_POLICY = (
    "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; {}frame-ancestors 'none'"
)
PICTURE_CACHE = "private, max-age=604800, immutable"


@require_safe
@on_document()
def document_original(request: DocumentRequest) -> HttpResponseBase:
    """Hand out the file as it came; `?inline=1` shows PDFs and pictures in the browser, as nothing but that."""
    blob = original_of(document=request.document)
    is_shown = request.GET.get("inline") == "1" and blob.media_type in SHOWN_INLINE
    media_type = blob.media_type if is_shown else "application/octet-stream"
    response = FileResponse(blob_open(blob), content_type=media_type)
    disposition = content_disposition_header(not is_shown, request.document.file_name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Content-Length"] = str(blob.size)
    response["Cache-Control"] = "private, no-cache"
    # A sandbox would keep Chromium's PDF viewer from starting; pictures need nothing of what it forbids.
    response["Content-Security-Policy"] = FILE_POLICY.format("" if media_type == "application/pdf" else "sandbox; ")
    return response


@require_safe
@on_document()
def document_page_image(request: DocumentRequest, number: int) -> HttpResponse:
    """Draw a page in one of the few widths (`?width=`, in pixels)."""
    reading = request.document.current_reading
    width = request.GET.get("width", "1200")
    if (
        reading is None
        or width not in {str(each) for each in WIDTHS_PX}
        or not 1 <= number <= (reading.page_count or 0)
    ):
        raise NotFoundError("There is no such page.")
    blob = original_of(document=request.document)
    tag = f'"{blob.sha256[:24]}-{number}-{width}"'
    if request.headers.get("If-None-Match") == tag:
        return _cacheable(HttpResponseNotModified(), tag)
    try:
        picture = page_image(blob=blob, media_type=reading.media_type, number=number, width_px=int(width))
    except UserError as error:
        return HttpResponse(error.message, status=422, content_type="text/plain; charset=utf-8")
    except TransientError as error:
        return _later(error)
    return _cacheable(HttpResponse(picture, content_type="image/webp"), tag)


@require_safe
@on_document()
def document_searchable(request: DocumentRequest) -> HttpResponse:
    """Hand out a scan as a PDF whose recognised words can be searched and copied; other PDFs as they are."""
    reading = request.document.current_reading
    if reading is None:
        raise NotFoundError("The document has not been read yet.")
    try:
        content = searchable_copy(blob=original_of(document=request.document), reading=reading)
    except UserError as error:
        return HttpResponse(error.message, status=422, content_type="text/plain; charset=utf-8")
    except TransientError as error:
        return _later(error)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{request.document.title} searchable.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _later(error: TransientError) -> HttpResponse:
    response = HttpResponse(error.message, status=503, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = "3"
    return response


def _cacheable(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    response["Cache-Control"] = PICTURE_CACHE
    return response
