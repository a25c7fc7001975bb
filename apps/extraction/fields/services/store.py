"""Storing what machines read of a document's fields, each value checked against the page it is said to stand on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import msgspec

from apps.core.generations import bump_on_commit
from apps.core.prepared import Given, Prepared
from apps.documents.models import Document, Reading
from apps.extraction.engine.fields.catalogue import organisation_keys
from apps.extraction.engine.fields.support import bare, is_supported, words_under
from apps.extraction.engine.fields.types import FieldReading, MachineData
from apps.extraction.engine.types import PageReading
from apps.extraction.entities.services import organisations_named
from apps.extraction.fields.columns import alternative_of, columns_of, storable
from apps.extraction.fields.selectors.schemas import SchemaView, fields_in, schemas_for
from apps.extraction.fields.standing import Standing, decisions_of
from apps.extraction.models import Extraction, FieldValue, Method

MOST_ALTERNATIVES: Final = 8
_OLD: Final = Prepared(lambda: FieldValue.objects.filter(reading_id=Given("reading_id")).only("pk"))


@dataclass(frozen=True)
class Found:
    """What a machine read of a document's fields, and as what it read them."""

    values: Sequence[FieldReading]
    document_type: str
    machine: MachineData = field(default_factory=MachineData)
    schemas: tuple[SchemaView, ...] = ()  # as they were when it was read, if the caller knows


def fields_store(*, reading: Reading, found: Found, pages: Sequence[PageReading]) -> list[FieldValue]:
    """Store the values of a reading in place of those it had; people's words stay, and go before them.

    `pages` are those of the reading with their words: a value that they do not bear out is marked as unsupported. The
    caller holds the document's lock.
    """
    document = reading.version.document
    schemas = found.schemas or schemas_for(workspace_id=document.workspace_id, document_type=found.document_type)
    by_number = {page.number: page for page in pages}
    rows = [_row(reading, document, value, by_number) for value in found.values]
    _number(rows)
    _connect(rows, schemas, document.workspace_id)
    standing = Standing(decisions_of(document_id=document.pk))
    for row in rows:
        row.is_effective = not standing.replaces(row)
    if _OLD.rows(reading_id=reading.pk):
        FieldValue.objects.filter(reading=reading).delete()
    FieldValue.objects.bulk_create(rows)
    _note(reading, found, schemas[0])
    bump_on_commit(document.workspace_id)
    return rows


def _row(reading: Reading, document: Document, value: FieldReading, pages: Mapping[int, PageReading]) -> FieldValue:
    page = pages.get(value.page) if value.page else None
    return FieldValue(
        workspace_id=reading.workspace_id,
        document=document,
        version_id=reading.version_id,
        reading=reading,
        key=value.key,
        raw_text=value.raw_text.replace("\x00", ""),
        page_number=value.page,
        box=list(value.box) if value.box else None,
        words=value.words,
        is_supported=_is_supported(value, page, pages),
        confidence=value.confidence,
        method=Method(value.method.upper()),
        producer=value.producer,
        checks=storable(value.checks),
        alternatives=[alternative_of(other) for other in value.alternatives[:MOST_ALTERNATIVES]],
        **columns_of(value.value_type, value.value, value.currency),
    )


def _is_supported(value: FieldReading, page: PageReading | None, pages: Mapping[int, PageReading]) -> bool:
    """Tell whether the document bears a value out: the words under its box, else the page's or all pages' text."""
    if value.method == "embedded":
        return True  # the file itself says it; a box shows where the page says so too, or is that of a code
    if not value.is_supported:
        return False
    if value.box is None:
        texts = [page.text] if page else [each.text for each in pages.values()]
        wanted = bare(value.raw_text)
        return bool(wanted) and any(wanted in bare(text) for text in texts)
    if page is None:
        return False
    if value.value_type == "table":  # however large it is
        under = " ".join(page.words[index].text for index in words_under(page.words, value.box))
        return bare(value.raw_text) in bare(under)
    return is_supported(page.words, value.box, value.raw_text)


def _number(rows: Sequence[FieldValue]) -> None:
    """Give the values of each key their places, in the order they came."""
    counts: dict[str, int] = {}
    for row in rows:
        row.position = counts.get(row.key, 0)
        counts[row.key] = row.position + 1


def _connect(rows: Sequence[FieldValue], schemas: Sequence[SchemaView], workspace_id: UUID) -> None:
    """Tie values to the fields of their schema and to the organisations they name."""
    specs = {each.key: each.spec_id for each in fields_in(schemas)}
    naming = [row for row in rows if row.key in organisation_keys()]
    organisations = organisations_named(workspace_id=workspace_id, names={row.value for row in naming})
    for row in rows:
        row.spec_id = specs.get(row.key)
    for row in naming:
        row.organisation_id = organisations.get(row.value)


def _note(reading: Reading, found: Found, schema: SchemaView) -> None:
    columns: dict[str, Any] = {
        "document_type": found.document_type,
        "schema": schema.schema,
        "schema_version": schema.version,
        "profile": storable(found.machine.profile)[:250],
        "codes": storable(msgspec.to_builtins(found.machine.codes)),
    }
    row = Extraction(reading=reading, workspace_id=reading.workspace_id, **columns)
    Extraction.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["reading"], update_fields=list(columns)
    )  # one statement where `update_or_create` takes six
