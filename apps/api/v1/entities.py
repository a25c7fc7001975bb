"""`documents/{id}/entities/`: the mentions in a document's text."""

from typing import Any

import django_filters as filters
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.base import DocumentView
from apps.api.pagination import CursorPagination
from apps.api.v1.describe import example, problems
from apps.api.v1.values import Box, Confidence
from apps.extraction.entities.selectors import entities_of
from apps.extraction.models import Entity


class OrganisationName(serializers.Serializer[Any]):
    """The organisation that a mention stands for."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class EntityRow(serializers.Serializer[Entity]):
    """A mention with its place."""

    kind = serializers.CharField(help_text="person, organization, location, date, money, email, phone, url, iban, ...")
    text = serializers.CharField()
    value = serializers.CharField(help_text="Normalised.")
    page = serializers.IntegerField(source="page_number", allow_null=True)
    box = Box(allow_null=True)
    confidence = Confidence()
    organisation = OrganisationName(allow_null=True)


class EntityFilter(filters.FilterSet):
    """Filters of mentions."""

    kind = filters.CharFilter(help_text="Of this kind.")
    page = filters.NumberFilter(field_name="page_number", help_text="On this page.")


class EntityPagination(CursorPagination):
    """Mentions by page, in the order in which they were found."""

    ordering = ("page_number", "id")


class DocumentEntities(DocumentView, generics.GenericAPIView[Entity]):
    """The mentions in a document."""

    queryset = Entity.objects.none()
    serializer_class = EntityRow
    pagination_class = EntityPagination
    filter_backends = (DjangoFilterBackend,)
    filterset_class = EntityFilter

    @extend_schema(
        operation_id="documents_entities",
        tags=["documents"],
        summary="List the entities",
        responses={200: EntityRow(many=True), **problems(400, 404)},
        extensions=example("documents/$ID/entities/?kind=organization"),
    )
    def get(self, request: Request, document_id: object) -> Response:
        """List every mention in the current reading once, page by page."""
        reading_id = self.document.current_reading_id
        found = entities_of(reading_id=reading_id) if reading_id else Entity.objects.none()
        page = self.paginate_queryset(self.filter_queryset(found))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
