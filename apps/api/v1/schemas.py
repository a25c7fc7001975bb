"""`schemas/`: which fields documents of a type have; every change is a new version."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.policy import Action
from apps.api.base import WorkspaceView
from apps.api.parsers import SmallJSONParser
from apps.api.v1.describe import example, problems
from apps.api.v1.values import LowerChoice, declared
from apps.extraction.fields.selectors.schemas import (
    Field,
    SchemaView,
    schema_of,
    schema_view,
    schemas_in,
    type_of_slug,
    versions_of,
)
from apps.extraction.fields.services.schemas import VALUE_TYPES, FieldDraft, schema_edit
from apps.extraction.models import SpecOrigin
from apps.pipeline.services.anew import schema_apply


class FieldRule(serializers.Serializer[Any]):
    """How a field is told on documents that nobody has shown it on."""

    labels = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=20, help_text="Words before the value."
    )
    shape = serializers.CharField(
        required=False, max_length=40, help_text="Runs of letters as A, of digits as 9: `A-9/9` for `RE-2026/0815`."
    )


class FieldSpecRow(serializers.Serializer[Field]):
    """A field of a schema."""

    key = serializers.CharField(max_length=60)
    type = serializers.ChoiceField(choices=VALUE_TYPES, source="value_type")
    label = declared(serializers.CharField(max_length=120, help_text="Its name in words."))
    description = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)
    required = declared(serializers.BooleanField(source="is_required", required=False, default=False))
    repeatable = serializers.BooleanField(source="is_repeatable", required=False, default=False)
    rule = FieldRule(required=False)
    origin = LowerChoice(SpecOrigin, help_text="Made by docintel or in this workspace.", read_only=True)


class SchemaRow(serializers.Serializer[SchemaView]):
    """A type's fields."""

    type = serializers.CharField(source="slug", help_text="The type's slug, or `every_document`.")
    version = serializers.IntegerField(help_text="0: as it ships with docintel.")
    fields = declared(FieldSpecRow(many=True))


class SchemaChange(serializers.Serializer[Any]):
    """All fields that a type shall have, in order."""

    fields = declared(FieldSpecRow(many=True))
    based_on = serializers.IntegerField(
        required=False, help_text="The version you have seen: 409 (`schema_changed`) where there is a newer one."
    )


class Applied(serializers.Serializer[Any]):
    """What was begun."""

    documents = serializers.IntegerField(help_text="How many documents' fields are read anew.")


class SchemaList(WorkspaceView):
    """All schemas of a workspace."""

    @extend_schema(
        operation_id="schemas_list",
        tags=["schemas"],
        summary="List the schemas",
        responses={200: SchemaRow(many=True), **problems()},
        extensions=example("schemas/"),
    )
    def get(self, request: Request) -> Response:
        """List the fields of every type, as they ship with docintel or as the workspace has changed them."""
        return Response([SchemaRow(view).data for view in schemas_in(workspace_id=self.workspace_id)])


class SchemaItem(WorkspaceView):
    """A type's schema."""

    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="schemas_get",
        tags=["schemas"],
        summary="Get a type's fields",
        responses={200: SchemaRow, **problems(404)},
        extensions=example("schemas/invoice/"),
    )
    def get(self, request: Request, document_type: str) -> Response:
        """Get the current version; types without a schema have no fields."""
        view = schema_of(workspace_id=self.workspace_id, document_type=type_of_slug(document_type))
        return Response(SchemaRow(view).data)

    @extend_schema(
        operation_id="schemas_change",
        tags=["schemas"],
        summary="Change a type's fields",
        request=SchemaChange,
        responses={200: SchemaRow, **problems(400, 409, 415)},
        extensions=example(
            "schemas/delivery_note/",
            '-X PUT -H "Content-Type: application/json" '
            '-d \'{"fields": [{"key": "order_no", "type": "identifier", "label": "Order number"}]}\'',
        ),
    )
    def put(self, request: Request, document_type: str) -> Response:
        """Make a new version with these fields. Documents keep their values until `apply/` has them read anew."""
        change = SchemaChange(data=request.data)
        change.is_valid(raise_exception=True)
        view = schema_edit(
            workspace_id=self.workspace_id,
            document_type=type_of_slug(document_type),
            fields=[_draft(each) for each in change.validated_data["fields"]],
            by=self.user,
            based_on=change.validated_data.get("based_on"),
        )
        return Response(SchemaRow(view).data)


class SchemaVersions(WorkspaceView):
    """The versions of a type's schema."""

    @extend_schema(
        operation_id="schemas_versions",
        tags=["schemas"],
        summary="List the versions of a schema",
        responses={200: SchemaRow(many=True), **problems(404)},
        extensions=example("schemas/invoice/versions/"),
    )
    def get(self, request: Request, document_type: str) -> Response:
        """List the versions that were made in this workspace, newest first."""
        versions = versions_of(workspace_id=self.workspace_id, document_type=type_of_slug(document_type))
        return Response([SchemaRow(schema_view(schema)).data for schema in versions])


class SchemaApply(WorkspaceView):
    """Reading fields anew."""

    actions: ClassVar = {"POST": Action.EDIT}

    @extend_schema(
        operation_id="schemas_apply",
        tags=["schemas"],
        summary="Read the fields of all documents of a type anew",
        request=None,
        responses={202: Applied, **problems(404)},
        extensions=example("schemas/invoice/apply/", "-X POST"),
    )
    def post(self, request: Request, document_type: str) -> Response:
        """Begin in the background; pages are not read again, people's words stay, each document gets a new reading."""
        count = schema_apply(workspace_id=self.workspace_id, document_type=type_of_slug(document_type), by=self.user)
        return Response({"documents": count}, status=202)


def _draft(given: dict[str, Any]) -> FieldDraft:
    return FieldDraft(
        key=given["key"],
        value_type=given["value_type"],
        label=given["label"],
        description=given["description"],
        is_required=given["is_required"],
        is_repeatable=given["is_repeatable"],
        rule=dict(given.get("rule") or {}),
    )
