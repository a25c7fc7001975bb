"""`organisations/`: companies, authorities and clubs that documents name; renamed and merged."""

from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.base import WorkspaceView
from apps.api.pagination import CursorPagination
from apps.api.parsers import SmallJSONParser
from apps.api.v1.describe import example, problems
from apps.extraction.entities.selectors import documents_naming, keys_naming, organisation_get, organisations_in
from apps.extraction.entities.services import organisation_merge, organisation_rename
from apps.extraction.models import Organisation

SOME_DOCUMENTS = 100


class OrganisationRow(serializers.Serializer[Organisation]):
    """An organisation."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class NamingDocument(serializers.Serializer[Any]):
    """A document that names it."""

    id = serializers.UUIDField()
    title = serializers.CharField()


class OrganisationDetail(OrganisationRow):
    """An organisation with all that is known of it."""

    aliases = serializers.SerializerMethodField()
    named_as = serializers.SerializerMethodField()
    documents = serializers.SerializerMethodField()

    def get_aliases(self, organisation: Organisation) -> list[str]:
        """List how it is written."""
        return [alias.text for alias in organisation.aliases.all()]

    def get_named_as(self, organisation: Organisation) -> dict[str, int]:
        """Count the documents by the key of the field that names it, such as `seller_name`."""
        return keys_naming(organisation=organisation)

    def get_documents(self, organisation: Organisation) -> list[dict[str, Any]]:
        """List the newest hundred documents that name it."""
        found = documents_naming(user=self.context["user"], organisation=organisation)[:SOME_DOCUMENTS]
        return [dict(NamingDocument(document).data) for document in found]


class OrganisationChange(serializers.Serializer[Any]):
    """Another name."""

    name = serializers.CharField(max_length=250)


class OrganisationMerge(serializers.Serializer[Any]):
    """What it becomes part of."""

    into = serializers.UUIDField(help_text="The organisation that stays.")


class OrganisationFilter(filters.FilterSet):
    """Filters of organisations."""

    q = filters.CharFilter(method="by_name", help_text="A part of any of its names.")

    def by_name(self, found: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        """Compare with every way it is written."""
        return found.filter(aliases__text__icontains=value).distinct()


class OrganisationPagination(CursorPagination):
    """Organisations by name."""

    ordering = ("name", "id")


class OrganisationList(WorkspaceView, generics.GenericAPIView[Organisation]):
    """All organisations of a workspace."""

    queryset = Organisation.objects.none()
    serializer_class = OrganisationRow
    pagination_class = OrganisationPagination
    filter_backends = (DjangoFilterBackend,)
    filterset_class = OrganisationFilter

    @extend_schema(
        operation_id="organisations_list",
        tags=["organisations"],
        summary="List organisations",
        responses={200: OrganisationRow(many=True), **problems(400)},
        extensions=example("organisations/?q=acme"),
    )
    def get(self, request: Request) -> Response:
        """List the organisations by name; those merged into others are left out."""
        found = organisations_in(user=self.user, workspace_id=self.workspace_id)
        page = self.paginate_queryset(self.filter_queryset(found))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class OneOrganisation(WorkspaceView):
    """An endpoint about one organisation."""

    parser_classes = (SmallJSONParser,)
    organisation: Organisation

    def find(self) -> None:
        """Load the organisation; raises NotFoundError."""
        self.organisation = organisation_get(
            user=self.user, workspace_id=self.workspace_id, organisation_id=self.kwargs["organisation_id"]
        )

    def answer(self, organisation_id: UUID) -> Response:
        """Read the organisation anew and show all of it."""
        found = organisation_get(user=self.user, workspace_id=self.workspace_id, organisation_id=organisation_id)
        return Response(OrganisationDetail(found, context={"user": self.user}).data)


class OrganisationItem(OneOrganisation):
    """One organisation."""

    @extend_schema(
        operation_id="organisations_get",
        tags=["organisations"],
        summary="Get an organisation",
        responses={200: OrganisationDetail, **problems(404)},
        extensions=example("organisations/$ORGANISATION/"),
    )
    def get(self, request: Request, organisation_id: UUID) -> Response:
        """Tell how it is written and which documents name it; for a merged one, what it is part of now."""
        return self.answer(self.organisation.pk)

    @extend_schema(
        operation_id="organisations_rename",
        tags=["organisations"],
        summary="Rename an organisation",
        request=OrganisationChange,
        responses={200: OrganisationDetail, **problems(400, 404, 409, 415)},
        extensions=example(
            "organisations/$ORGANISATION/",
            '-X PATCH -H "Content-Type: application/json" -d \'{"name": "ACME Works"}\'',
        ),
    )
    def patch(self, request: Request, organisation_id: UUID) -> Response:
        """Give it another name; documents that use the old one still find it. 409 (`name_taken`): merge the two."""
        change = OrganisationChange(data=request.data)
        change.is_valid(raise_exception=True)
        named = organisation_rename(organisation=self.organisation, name=change.validated_data["name"], by=self.user)
        return self.answer(named.pk)


class OrganisationMerging(OneOrganisation):
    """Merging organisations."""

    @extend_schema(
        operation_id="organisations_merge",
        tags=["organisations"],
        summary="Merge an organisation into another",
        request=OrganisationMerge,
        responses={200: OrganisationDetail, **problems(400, 404, 409, 415)},
        extensions=example(
            "organisations/$ORGANISATION/merge/",
            '-X POST -H "Content-Type: application/json" -d \'{"into": "01890a5d-ac96-774b-bcce-b302099a8057"}\'',
        ),
    )
    def post(self, request: Request, organisation_id: UUID) -> Response:
        """Make one of two, for later documents as well; the answer is the one that stays."""
        change = OrganisationMerge(data=request.data)
        change.is_valid(raise_exception=True)
        into = organisation_get(
            user=self.user, workspace_id=self.workspace_id, organisation_id=change.validated_data["into"]
        )
        organisation_merge(organisation=self.organisation, into=into, by=self.user)
        return self.answer(into.pk)
