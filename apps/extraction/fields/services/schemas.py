"""Editing schemas: every edit makes a new version, and values keep the version they were read by."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, get_args
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.core import audit
from apps.core.errors import ConflictError, UserError
from apps.core.generations import bump_on_commit
from apps.extraction.engine.fields.catalogue import EVERY_DOCUMENT, entries_of
from apps.extraction.engine.fields.types import ValueType
from apps.extraction.fields.selectors.schemas import Field, SchemaView, schema_of, schema_view
from apps.extraction.models import FieldSpec, Schema, SpecOrigin

VALUE_TYPES: Final[tuple[str, ...]] = get_args(ValueType)
MOST_FIELDS: Final = 100
_KEY: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_LONGEST_KEY: Final = 60
_HASH: Final = 8  # hexadecimal digits


class InvalidSchemaError(UserError):
    """The fields of a schema do not go together."""

    code = "invalid_schema"


@dataclass(frozen=True)
class FieldDraft:
    """A field as somebody wants it."""

    key: str
    value_type: str
    label: str
    description: str = ""
    is_required: bool = False
    is_repeatable: bool = False
    rule: dict[str, Any] = field(default_factory=dict)


def key_of_label(label: str) -> str:
    """Make a key of a name in words: `Customer no.` becomes `customer_no`.

    Of a name with letters that keys cannot have it is told by a hash too, so that no two names get one key.
    """
    spread = unicodedata.normalize("NFKD", label.casefold().translate(_UMLAUTS)).casefold()
    folded = "".join(character for character in spread if not unicodedata.combining(character))
    words = re.findall(r"[a-z0-9]+", folded)
    key = "_".join(words)
    if any(character.isalnum() and not character.isascii() for character in folded) or not words:
        name = hashlib.sha256(unicodedata.normalize("NFKC", label.casefold()).strip().encode()).hexdigest()[:_HASH]
        key = f"{key[: _LONGEST_KEY - _HASH - 7]}_{name}".lstrip("_")
    key = key if key[:1].isalpha() else f"field_{key}"
    return key[:_LONGEST_KEY].strip("_")


_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@transaction.atomic
def schema_edit(
    *, workspace_id: UUID, document_type: str, fields: Sequence[FieldDraft], by: User, based_on: int | None = None
) -> SchemaView:
    """Make a new version of a type's schema ("" for every document's) with these fields, in this order.

    `based_on` is the version the person saw; raises ConflictError where somebody made another since, and
    InvalidSchemaError for fields that do not go together.
    """
    before = schema_of(workspace_id=workspace_id, document_type=document_type)
    if based_on is not None and based_on != before.version:
        raise ConflictError("Somebody else has changed these fields meanwhile.", code="schema_changed")
    _check(document_type, fields, before)
    try:
        with transaction.atomic():
            schema = Schema.objects.create(
                workspace_id=workspace_id,
                document_type=document_type,
                version=before.version + 1,
                by_id=by.pk,
                by_label=str(by),
            )
    except IntegrityError as error:
        raise ConflictError("Somebody else is changing these fields just now.", code="schema_changed") from error
    built_in = {entry.key for entry in entries_of(document_type or EVERY_DOCUMENT)}
    FieldSpec.objects.bulk_create(
        _spec(schema, place, draft, is_built_in=draft.key in built_in) for place, draft in enumerate(fields)
    )
    audit.record(
        action="schema.edit",
        object_kind="schema",
        object_id=schema.pk,
        workspace_id=workspace_id,
        actor=by,
        data={"type": document_type, "version": schema.version, "keys": [draft.key for draft in fields]},
    )
    bump_on_commit(workspace_id)
    return schema_view(schema)


def field_add(*, workspace_id: UUID, document_type: str, draft: FieldDraft, by: User) -> SchemaView:
    """Add one field to a type's schema, as a new version; nothing changes where it is there already."""
    now = schema_of(workspace_id=workspace_id, document_type=document_type)
    if any(each.key == draft.key for each in now.fields):
        return now
    drafts = [*(draft_of(each) for each in now.fields), draft]
    return schema_edit(workspace_id=workspace_id, document_type=document_type, fields=drafts, by=by)


def draft_of(known: Field) -> FieldDraft:
    """Return a field as it is, to be kept in another version."""
    return FieldDraft(
        key=known.key,
        value_type=known.value_type,
        label=known.label,
        description=known.description,
        is_required=known.is_required,
        is_repeatable=known.is_repeatable,
        rule=known.rule,
    )


def _spec(schema: Schema, place: int, draft: FieldDraft, *, is_built_in: bool) -> FieldSpec:
    return FieldSpec(
        workspace_id=schema.workspace_id,
        schema=schema,
        position=place,
        key=draft.key,
        value_type=draft.value_type,
        label=draft.label.strip(),
        description=draft.description.strip(),
        is_required=draft.is_required,
        is_repeatable=draft.is_repeatable,
        rule=draft.rule,
        origin=SpecOrigin.BUILT_IN if is_built_in else SpecOrigin.USER,
    )


def _check(document_type: str, fields: Sequence[FieldDraft], before: SchemaView) -> None:
    """Raise InvalidSchemaError for what cannot be a schema."""
    if document_type and not _TYPE.fullmatch(document_type):
        raise InvalidSchemaError("A type is written in lower-case letters, digits, underscores and hyphens.")
    if len(fields) > MOST_FIELDS:
        raise InvalidSchemaError(f"A schema has at most {MOST_FIELDS} fields.")
    types = {each.key: each.value_type for each in before.fields if not each.is_user_made}
    seen: set[str] = set()
    for draft in fields:
        if not _KEY.fullmatch(draft.key) or len(draft.key) > _LONGEST_KEY:
            raise InvalidSchemaError(f"“{draft.key}” is no key: lower-case letters, digits and underscores.")
        if draft.key in seen:
            raise InvalidSchemaError(f"Two fields have the key “{draft.key}”.")
        seen.add(draft.key)
        if draft.value_type not in VALUE_TYPES:
            raise InvalidSchemaError(f"“{draft.value_type}” is no kind of value. Known: {', '.join(VALUE_TYPES)}.")
        if types.get(draft.key, draft.value_type) != draft.value_type:
            raise InvalidSchemaError(f"The field “{draft.key}” is built in; the kind of its value stays.")
        if not draft.label.strip():
            raise InvalidSchemaError(f"The field “{draft.key}” needs a name in words.")
