"""`documents/{id}/`: one document, changing it, its type, its original file."""

from collections.abc import Iterable
from typing import ClassVar

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.policy import Action
from apps.api.base import DocumentView
from apps.api.parsers import SmallJSONParser
from apps.api.v1.describe import example, problems
from apps.api.v1.inputs import DocumentChange, TypeChange
from apps.api.v1.shapes import DocumentDetail
from apps.documents.selectors import original_of
from apps.documents.services import document_update, documents_trash
from apps.documents.storage import blob_open
from apps.pipeline.services.again import document_reprocess
from apps.review.services import type_correct

# Media types that no browser executes; everything else goes out as plain bytes.
HARMLESS = frozenset({"application/pdf", "image/png", "image/jpeg", "image/tiff", "image/webp", "text/plain"})


class OneDocument(DocumentView):
    """Answers with the document as it is after the call."""

    def answer(self, status: int = 200) -> Response:
        """Read the document anew and show all of it."""
        self.find()
        return Response(DocumentDetail(self.document).data, status=status)


class DocumentItem(OneDocument):
    """One document."""

    actions: ClassVar = {"DELETE": Action.DELETE}
    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="documents_get",
        tags=["documents"],
        summary="Get a document",
        responses={200: DocumentDetail, **problems(404)},
        extensions=example("documents/$ID/"),
    )
    def get(self, request: Request, document_id: object) -> Response:
        """Tell everything that is known of the document except its pages."""
        return Response(DocumentDetail(self.document).data)

    @extend_schema(
        operation_id="documents_change",
        tags=["documents"],
        summary="Change title or tags",
        request=DocumentChange,
        responses={200: DocumentDetail, **problems(400, 404, 415)},
        extensions=example(
            "documents/$ID/", '-X PATCH -H "Content-Type: application/json" -d \'{"title": "Invoice of ACME"}\''
        ),
    )
    def patch(self, request: Request, document_id: object) -> Response:
        """Change what is named; the rest stays as it is."""
        change = DocumentChange(data=request.data)
        change.is_valid(raise_exception=True)
        document_update(document=self.document, by=self.user, **change.validated_data)
        return self.answer()

    @extend_schema(
        operation_id="documents_delete",
        tags=["documents"],
        summary="Move a document to the trash",
        responses={204: None, **problems(404)},
        extensions=example("documents/$ID/", "-X DELETE"),
    )
    def delete(self, request: Request, document_id: object) -> Response:
        """Move the document to the trash; uploading the same bytes again restores it."""
        documents_trash(documents=[self.document], by=self.user)
        return Response(status=204)


class DocumentReprocess(OneDocument):
    """Reading a document anew."""

    @extend_schema(
        operation_id="documents_reprocess",
        tags=["documents"],
        summary="Process a document again",
        request=None,
        responses={202: DocumentDetail, **problems(404, 409)},
        extensions=example("documents/$ID/reprocess/", "-X POST"),
    )
    def post(self, request: Request, document_id: object) -> Response:
        """Read the document anew; what is known stays until the new reading is complete."""
        document_reprocess(document=self.document, by=self.user)
        return self.answer(status=202)


class DocumentType(OneDocument):
    """What a document is."""

    actions: ClassVar = {"PATCH": Action.REVIEW}
    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="documents_set_type",
        tags=["documents"],
        summary="Correct or confirm the type",
        request=TypeChange,
        responses={200: DocumentDetail, **problems(400, 404, 415)},
        extensions=example(
            "documents/$ID/type/", '-X PATCH -H "Content-Type: application/json" -d \'{"label": "invoice"}\''
        ),
    )
    def patch(self, request: Request, document_id: object) -> Response:
        """Record a person's or program's word on what the document is; models never overwrite it.

        A type that is neither built in, nor one of the workspace's own, nor `other` is refused: `unknown_type`.
        """
        change = TypeChange(data=request.data)
        change.is_valid(raise_exception=True)
        type_correct(document=self.document, label=change.validated_data["label"], by=self.user)
        return self.answer()


class AnyAccept(BaseContentNegotiation):
    """The file is what it is, whatever the caller would like to accept."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        """Take the first one: no body is read."""
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Take the first one: it renders errors."""
        first = next(iter(renderers))
        return first, first.media_type


class DocumentOriginal(DocumentView):
    """The file as it came."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="documents_original",
        tags=["documents"],
        summary="Download the original file",
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY), **problems(404)},
        extensions=example("documents/$ID/original/", "-OJ"),
    )
    def get(self, request: Request, document_id: object) -> FileResponse:
        """Send the bytes, always as a download that no browser executes."""
        blob = original_of(document=self.document)
        media_type = blob.media_type if blob.media_type in HARMLESS else "application/octet-stream"
        answer = FileResponse(
            blob_open(blob),
            as_attachment=True,
            filename=self.document.file_name,
            content_type=media_type,
        )
        answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
