"""Reading schemas: a workspace's own version of a type's fields, else the catalogue's."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects

from apps.core.prepared import Given, Prepared
from apps.documents.models import Document
from apps.extraction.engine.fields.catalogue import EVERY_DOCUMENT, FieldEntry, catalogue, entries_of
from apps.extraction.models import FieldSpec, Schema, SpecOrigin

_OWN: Final = Prepared(
    lambda: (
        Schema.objects.filter(
            workspace_id=Given("workspace_id"), document_type__in=(Given("document_type"), Given("every_document"))
        )
        .order_by("document_type", "-version")
        .distinct("document_type")
    )
)


@dataclass(frozen=True)
class Field:
    """A field of a schema as people and programs see it, from a row or from the catalogue."""

    key: str
    value_type: str
    label: str
    description: str = ""
    is_required: bool = False
    is_repeatable: bool = False
    rule: dict[str, Any] = field(default_factory=dict)
    origin: str = SpecOrigin.BUILT_IN
    spec_id: UUID | None = None

    @property
    def is_user_made(self) -> bool:
        """Whether somebody of the workspace thought of it."""
        return self.origin == SpecOrigin.USER


@dataclass(frozen=True)
class SchemaView:
    """The fields of a type as they are now; version 0 is the catalogue's. `document_type` "" stands for every one."""

    document_type: str
    version: int
    fields: tuple[Field, ...]
    schema: Schema | None = None

    @property
    def slug(self) -> str:
        """The type's slug, or `every_document`."""
        return self.document_type or EVERY_DOCUMENT


def type_of_slug(slug: str) -> str:
    """Return what the database calls a type: blank for `every_document`."""
    return "" if slug == EVERY_DOCUMENT else slug


def schema_of(*, workspace_id: UUID, document_type: str) -> SchemaView:
    """Return the current fields of a type by itself, without those that every document has."""
    schema = versions_of(workspace_id=workspace_id, document_type=document_type).first()
    return schema_view(schema) if schema else _shipped(document_type)


def schema_view(schema: Schema) -> SchemaView:
    """Return a version of a schema."""
    specs = sorted(schema.specs.all(), key=lambda spec: spec.position)  # loaded already, where there are many
    fields = tuple(_of_spec(spec) for spec in specs)
    return SchemaView(schema.document_type, schema.version, fields, schema)


def versions_of(*, workspace_id: UUID, document_type: str) -> QuerySet[Schema]:
    """Return the versions of a type's schema that were made in a workspace, newest first."""
    return Schema.objects.filter(workspace_id=workspace_id, document_type=document_type).order_by("-version")


def schemas_in(*, workspace_id: UUID) -> list[SchemaView]:
    """Return the current schemas of a workspace: the built-in types' and those made there, every document's first."""
    own = Schema.objects.filter(workspace_id=workspace_id).order_by("document_type", "-version")
    rows = {schema.document_type: schema for schema in own.distinct("document_type").prefetch_related("specs")}
    built_in = [type_of_slug(slug) for slug in catalogue()]
    names = sorted({*rows, *built_in}, key=lambda name: (name != "", name not in built_in, name))
    return [schema_view(rows[name]) if name in rows else _shipped(name) for name in names]


def types_with_schema(*, workspace_id: UUID) -> list[str]:
    """Return the types for which a workspace has made a schema of its own."""
    own = Schema.objects.filter(workspace_id=workspace_id).exclude(document_type="")
    return list(own.order_by("document_type").values_list("document_type", flat=True).distinct())


def schemas_for(*, workspace_id: UUID, document_type: str) -> tuple[SchemaView, ...]:
    """Return the current schemas that documents of a type follow: their type's, if any, and every document's."""
    names = list(dict.fromkeys((document_type, "")))
    own = _OWN.rows(workspace_id=workspace_id, document_type=document_type, every_document="")
    prefetch_related_objects(own, "specs")
    rows = {schema.document_type: schema for schema in own}
    return tuple(schema_view(rows[name]) if name in rows else _shipped(name) for name in names)


def fields_in(schemas: Iterable[SchemaView]) -> tuple[Field, ...]:
    """Return the fields of schemas, each key once: where it comes first."""
    fields: dict[str, Field] = {}
    for schema in schemas:
        for each in schema.fields:
            fields.setdefault(each.key, each)
    return tuple(fields.values())


def fields_of_type(*, workspace_id: UUID, document_type: str) -> tuple[Field, ...]:
    """Return the fields of documents of a type, those that every document has last."""
    return fields_in(schemas_for(workspace_id=workspace_id, document_type=document_type))


def fields_of_document(*, document: Document) -> tuple[Field, ...]:
    """Return the fields that a document of its type has."""
    return fields_of_type(workspace_id=document.workspace_id, document_type=document.type_label)


def field_of(*, document: Document, key: str) -> Field | None:
    """Return one field of a document's schema."""
    return next((each for each in fields_of_document(document=document) if each.key == key), None)


def _shipped(document_type: str) -> SchemaView:
    entries = entries_of(document_type or EVERY_DOCUMENT)
    return SchemaView(document_type, 0, tuple(_of_entry(entry) for entry in entries))


def _of_entry(entry: FieldEntry) -> Field:
    return Field(
        key=entry.key,
        value_type=entry.value_type,
        label=entry.label,
        description=entry.description,
        is_required=entry.required,
        is_repeatable=entry.repeatable,
    )


def _of_spec(spec: FieldSpec) -> Field:
    return Field(
        key=spec.key,
        value_type=spec.value_type,
        label=spec.label,
        description=spec.description,
        is_required=spec.is_required,
        is_repeatable=spec.is_repeatable,
        rule=spec.rule,
        origin=spec.origin,
        spec_id=spec.pk,
    )
