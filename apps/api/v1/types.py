"""`types/`: what documents can be; types of one's own are added by a name and a sentence."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.base import WorkspaceView
from apps.api.parsers import SmallJSONParser
from apps.api.v1.describe import example, problems
from apps.classification import services as classification
from apps.classification.models import Label
from apps.classification.selectors import TypeRow, label_get, types_listed
from apps.classification.services import LabelDraft
from apps.documents.selectors import visible_to


class KnownType(serializers.Serializer[TypeRow]):
    """A type that documents can be of."""

    slug = serializers.CharField(help_text="What documents carry as their type.")
    name = serializers.CharField()
    description = serializers.CharField(help_text="One sentence, by which documents of it are recognised.")
    built_in = serializers.BooleanField(source="is_built_in", help_text="Ships with docintel.")
    retired = serializers.BooleanField(source="is_retired", help_text="No longer proposed.")
    documents = serializers.IntegerField(source="document_count", help_text="Documents that are typed so.")
    confirmed = serializers.IntegerField(source="confirmed_count", help_text="Those of which a person said so.")


class NewType(serializers.Serializer[Any]):
    """A type to be added."""

    name = serializers.CharField(max_length=60)
    description = serializers.CharField(max_length=300)


class KnownTypeChange(serializers.Serializer[Any]):
    """What is to be different about a type; the slug stays."""

    name = serializers.CharField(max_length=60, required=False)
    description = serializers.CharField(max_length=300, required=False)
    retired = serializers.BooleanField(required=False)


class TypeList(WorkspaceView):
    """All types of a workspace."""

    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="types_list",
        tags=["types"],
        summary="List the types",
        responses={200: KnownType(many=True), **problems()},
        extensions=example("types/"),
    )
    def get(self, request: Request) -> Response:
        """List the workspace's own types by name, retired ones too, then those built in."""
        documents = visible_to(user=self.user, workspace_id=self.workspace_id)
        rows = types_listed(workspace_id=self.workspace_id, documents=documents)
        return Response([KnownType(row).data for row in rows])

    @extend_schema(
        operation_id="types_create",
        tags=["types"],
        summary="Add a type",
        request=NewType,
        responses={201: KnownType, **problems(400, 409, 415)},
        extensions=example(
            "types/",
            '-X POST -H "Content-Type: application/json" '
            '-d \'{"name": "Delivery note", "description": "Goods handed over, with quantities and a signature."}\'',
        ),
    )
    def post(self, request: Request) -> Response:
        """Add a type. New documents are recognised by its sentence at once; without examples it has no confidence."""
        given = NewType(data=request.data)
        given.is_valid(raise_exception=True)
        label = classification.label_create(
            workspace_id=self.workspace_id, draft=LabelDraft(**given.validated_data), by=self.user
        )
        return Response(_shown(self, label), status=201)


class TypeItem(WorkspaceView):
    """A type of the workspace's own."""

    parser_classes = (SmallJSONParser,)
    label: Label

    def find(self) -> None:
        """Load the type; raises NotFoundError."""
        self.label = label_get(workspace_id=self.workspace_id, slug=self.kwargs["slug"])

    @extend_schema(
        operation_id="types_change",
        tags=["types"],
        summary="Change or retire a type",
        request=KnownTypeChange,
        responses={200: KnownType, **problems(400, 404, 415)},
        extensions=example(
            "types/delivery_note/", '-X PATCH -H "Content-Type: application/json" -d \'{"retired": true}\''
        ),
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Change the name or the sentence of a type that people added, or retire it: documents keep it then."""
        given = KnownTypeChange(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        if "name" in wanted or "description" in wanted:
            draft = LabelDraft(wanted.get("name", self.label.name), wanted.get("description", self.label.description))
            classification.label_edit(label=self.label, draft=draft, by=self.user)
        if wanted.get("retired", self.label.is_retired) != self.label.is_retired:
            classification.label_retire(label=self.label, by=self.user, retired=wanted["retired"])
        return Response(_shown(self, self.label))


def _shown(view: WorkspaceView, label: Label) -> dict[str, Any]:
    documents = visible_to(user=view.user, workspace_id=view.workspace_id).filter(type_label=label.slug)
    rows = types_listed(workspace_id=view.workspace_id, documents=documents)
    return dict(KnownType(next(row for row in rows if row.slug == label.slug)).data)
