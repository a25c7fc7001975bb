"""`documents/{id}/events/`: what people and programs did to a document."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.base import DocumentView
from apps.api.v1.describe import example, problems
from apps.api.v1.values import declared
from apps.core.audit import history
from apps.core.models import AuditEvent


class EventRow(serializers.Serializer[AuditEvent]):
    """One event of the audit log."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField(source="created_at")
    action = serializers.CharField(help_text="Such as `document.create`, `document.correct_type`.")
    by = serializers.CharField(source="actor_label", help_text="Who did it; empty for the system itself.")
    data = declared(serializers.DictField(help_text="What belongs to the action, such as the value before and after."))


class DocumentEvents(DocumentView, generics.GenericAPIView[AuditEvent]):
    """A document's history."""

    queryset: QuerySet[AuditEvent] = AuditEvent.objects.none()
    serializer_class = EventRow

    @extend_schema(
        operation_id="documents_events",
        tags=["documents"],
        summary="List a document's events",
        responses={200: EventRow(many=True), **problems(404)},
        extensions=example("documents/$ID/events/"),
    )
    def get(self, request: Request, document_id: object) -> Response:
        """List what was done to the document, newest first."""
        page = self.paginate_queryset(history(object_kind="document", object_id=self.document.pk))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
