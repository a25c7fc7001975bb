"""`documents/`: the list and uploads."""

import threading
import time
from collections.abc import Iterator
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.base import WorkspaceView
from apps.api.idempotency import once, request_hash
from apps.api.pagination import DocumentPagination
from apps.api.v1.describe import example, problems
from apps.api.v1.filters import DocumentFilter
from apps.api.v1.inputs import Upload, WaitQuery, refuse_too_large
from apps.api.v1.shapes import DocumentRow, UploadAnswer
from apps.documents.models import Document, Source
from apps.documents.selectors import UNFINISHED, visible_to, with_tag_names
from apps.pipeline.services.ingest import ingest_upload

# A request that waits holds one of the web server's threads: most of them must stay free.
WAITING: Final = threading.BoundedSemaphore(3)
FIRST_PAUSE_S: Final = 0.05
LONGEST_PAUSE_S: Final = 0.5

FIELD_PARAMETER = OpenApiParameter(
    "field.{key}",
    str,
    description=(
        "Documents with this value of a field, such as `field.currency=EUR`; with `__gte` or `__lte` behind the key a "
        "lowest or highest day or number, such as `field.grand_total__gte=100`."
    ),
)
KEY_PARAMETER = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A request repeated with the same key within a day gets the first one's answer; nothing is done twice.",
)


class DocumentList(WorkspaceView, generics.GenericAPIView[Document]):
    """All documents outside the trash, and the way in for new ones."""

    queryset = Document.objects.none()
    serializer_class = DocumentRow
    pagination_class = DocumentPagination
    filter_backends = (DjangoFilterBackend,)
    filterset_class = DocumentFilter
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="documents_list",
        tags=["documents"],
        summary="List documents",
        parameters=[FIELD_PARAMETER],
        responses={200: DocumentRow(many=True), **problems(400)},
        extensions=example("documents/?type=invoice&field.grand_total__gte=100"),
    )
    def get(self, request: Request) -> Response:
        """List the documents that pass all filters, newest first."""
        documents = with_tag_names(visible_to(user=self.user, workspace_id=self.workspace_id))
        page = self.paginate_queryset(self.filter_queryset(documents))
        return self.get_paginated_response([DocumentRow.show(document) for document in page or ()])

    @extend_schema(
        operation_id="documents_upload",
        tags=["documents"],
        summary="Upload a document",
        request={"multipart/form-data": Upload},
        parameters=[WaitQuery, KEY_PARAMETER],
        responses={200: UploadAnswer, 201: UploadAnswer, **problems(400, 409, 413, 415, 422)},
        extensions=example("documents/?wait=30", "-F file=@invoice.pdf -F tags=2026,acme"),
    )
    def post(self, request: Request) -> Response:
        """Take in a file and process it.

        201 for a new document. 200 with `duplicate: true` and the first one for bytes that came before: from the
        trash it is restored, a failed one is run again.
        """
        refuse_too_large(request.META.get("CONTENT_LENGTH") or "")
        query = WaitQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        upload = Upload(data=request.data)
        upload.is_valid(raise_exception=True)
        given: dict[str, Any] = upload.validated_data
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return self._take_in(given, query.validated_data["wait"])
        return once(
            workspace_id=self.workspace_id,
            key=key,
            request_hash=request_hash(
                chunks_of(given["file"]), name=given["file"].name, title=given["title"], tags=given["tags"]
            ),
            act=lambda: self._take_in(given, query.validated_data["wait"]),
        )

    def _take_in(self, given: dict[str, Any], wait_s: float) -> Response:
        taken = ingest_upload(
            workspace_id=self.workspace_id,
            chunks=chunks_of(given["file"]),
            file_name=given["file"].name,
            source=Source.API,
            title=given["title"],
            tags=given["tags"],
            by=self.user,
        )
        document = wait_for_end(taken.document, wait_s=wait_s) if wait_s else taken.document
        is_untagged = not (taken.duplicate or wait_s or given["tags"])
        answer = UploadAnswer(document, context={"duplicate": taken.duplicate, "is_untagged": is_untagged})
        return Response(answer.data, status=200 if taken.duplicate else 201)


def chunks_of(file: UploadedFile[bytes]) -> Iterator[bytes]:
    """Read an uploaded file from its start, piece by piece."""
    file.seek(0)
    return iter(file.chunks())


def wait_for_end(document: Document, *, wait_s: float) -> Document:
    """Return the document as it is when processing has ended or the time is up; at once where many wait already."""
    if not WAITING.acquire(blocking=False):
        return document
    try:
        pause, until = FIRST_PAUSE_S, time.monotonic() + wait_s
        unfinished = Document.objects.filter(pk=document.pk, status__in=UNFINISHED)
        while unfinished.exists() and time.monotonic() < until:
            time.sleep(min(pause, max(0.0, until - time.monotonic())))
            pause = min(pause * 1.3, LONGEST_PAUSE_S)
    finally:
        WAITING.release()
    return Document.objects.filter(pk=document.pk).first() or document  # it may be gone by now
