"""The built-in schemas: which fields documents of a type have, in words. The TOML file beside this one lists them."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from apps.extraction.engine.fields.types import ValueType

EVERY_DOCUMENT: Final = "every_document"
_FILE: Final = Path(__file__).with_name("catalogue.toml")


class FieldEntry(msgspec.Struct, frozen=True, kw_only=True, rename={"value_type": "type"}):
    """A field of a built-in schema. `organisation`: its value names a company, authority or club."""

    key: str
    value_type: ValueType
    label: str
    description: str = ""
    required: bool = False
    repeatable: bool = False
    organisation: bool = False


@cache
def catalogue() -> dict[str, tuple[FieldEntry, ...]]:
    """Return the fields by type slug; `every_document` holds those that any document has."""
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {slug: msgspec.convert(rows, tuple[FieldEntry, ...]) for slug, rows in entries.items()}


def entries_of(document_type: str) -> tuple[FieldEntry, ...]:
    """Return the fields of a type by itself, in the order people read them; nothing for types without a schema."""
    return catalogue().get(document_type, ())


@cache
def organisation_keys() -> frozenset[str]:
    """Return the keys whose values name an organisation."""
    return frozenset(entry.key for rows in catalogue().values() for entry in rows if entry.organisation)
