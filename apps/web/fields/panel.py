"""The fields of a document as the panel beside its page shows them: groups of lines, one of which may be edited."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from apps.documents.models import Document
from apps.extraction.engine.fields.catalogue import EVERY_DOCUMENT
from apps.extraction.fields.selectors.schemas import Field, fields_of_document, schema_of
from apps.extraction.fields.selectors.values import machine_value, rejected_keys, values_for_document
from apps.extraction.models import FieldValue, ValueState
from apps.review.acceptance.selectors import open_checks
from apps.review.models import Accounting
from apps.review.selectors import accounting_of
from apps.web.documents.boxes import Box, box_of
from apps.web.documents.types import type_title
from apps.web.documents.viewer import value_anchor
from apps.web.fields.words import HINTS, METHODS, Check, check_of, shown_value

MOST_ALTERNATIVES: Final = 4
NEW: Final = "+"  # the key, in an address, of a field that does not exist yet


@dataclass(frozen=True)
class Edit:
    """Which line is being edited, and what was typed if it could not be taken."""

    key: str
    value_id: UUID | None = None
    typed: str | None = None
    error: str = ""


@dataclass(frozen=True)
class Alternative:
    """Another candidate for a value; `place` is its index among them."""

    place: int
    text: str
    confidence: float | None
    page: int | None


@dataclass(frozen=True)
class Line:
    """One field with one of its values, or with none."""

    field: Field
    value: FieldValue | None = None
    text: str = ""
    checks: Sequence[Check] = ()
    alternatives: Sequence[Alternative] = ()
    box: Box | None = None
    anchor: str = ""
    is_absent: bool = False
    is_further: bool = False
    spot_check: str = ""
    edit: Edit | None = None

    @property
    def method(self) -> str:
        """How the value was found, in words."""
        return METHODS[self.value.method] if self.value else ""

    @property
    def is_open(self) -> bool:
        """Whether a person has to decide on the value yet: one that was accepted automatically only for an audit."""
        if self.value is None or self.value.is_human:
            return False
        return self.value.state == ValueState.PROPOSED or bool(self.spot_check)

    @property
    def may_be_absent(self) -> bool:
        """Whether it can be said that the document has no such value."""
        return self.value is not None or not (self.is_absent or self.field.is_repeatable)

    @property
    def has_failed(self) -> bool:
        """Whether a check failed or the page does not bear the value out."""
        return any(check.tone == "bad" for check in self.checks) or (
            self.value is not None and not self.value.is_supported
        )

    @property
    def typed(self) -> str:
        """What stands in the box to type in."""
        if self.edit and self.edit.typed is not None:
            return self.edit.typed
        return self.value.value if self.value else ""

    @property
    def hint(self) -> str:
        """How a value of this kind is written."""
        return HINTS.get(self.field.value_type, "")


@dataclass(frozen=True)
class Group:
    """The fields of one schema: lines to show, fields that were not found, and those that may have more values."""

    title: str
    lines: list[Line] = field(default_factory=list)
    missing: list[Field] = field(default_factory=list)
    repeatable: list[Field] = field(default_factory=list)


@dataclass(frozen=True)
class Panel:
    """All that the panel shows."""

    groups: Sequence[Group]
    edit: Edit | None
    shown: str
    accounting: Accounting | None
    can_review: bool
    can_edit: bool

    @property
    def lines(self) -> list[Line]:
        """The lines of all groups."""
        return [line for group in self.groups for line in group.lines]

    @property
    def open_count(self) -> int:
        """How many values nobody has decided on."""
        return sum(line.is_open for line in self.lines)

    @property
    def tables(self) -> list[Line]:
        """The fields that are tables, which need more room than the panel has."""
        return [line for line in self.lines if line.field.value_type == "table" and (line.value or line.edit)]

    @property
    def is_new_field(self) -> bool:
        """Whether a field is being made."""
        return self.edit is not None and self.edit.key == NEW


def panel_of(
    *, document: Document, edit: Edit | None = None, shown: str = "", can_review: bool = False, can_edit: bool = False
) -> Panel:
    """Return a document's fields with the values that count."""
    values = values_for_document(document=document)
    absent = set(rejected_keys(document=document))
    own = schema_of(workspace_id=document.workspace_id, document_type=document.type_label).fields
    own_keys = {each.key for each in own} if document.type_label else set()
    schema = fields_of_document(document=document)
    known = {each.key for each in schema}
    others = dict.fromkeys(value.key for value in values if value.key not in known)
    sections: list[tuple[str, Iterable[Field]]] = [
        (type_title(document.type_label), [each for each in schema if each.key in own_keys]),
        (type_title(EVERY_DOCUMENT), [each for each in schema if each.key not in own_keys]),
        ("Other values", [_unknown(key, values) for key in others]),
    ]
    checks = open_checks(document_ids=[document.pk], types=False)
    drawn = {(check.certificate.key, check.position): check.kind for check in checks}
    groups = [_group(title, fields, values, absent, edit) for title, fields in sections]
    for group in groups:
        group.lines[:] = [_with_check(line, drawn) for line in group.lines]
    return Panel(
        groups=[group for group in groups if group.lines or group.missing],
        edit=edit if can_review else None,
        shown=shown,
        accounting=accounting_of(document_id=document.pk),
        can_review=can_review,
        can_edit=can_edit,
    )


def _with_check(line: Line, drawn: Mapping[tuple[str, int], str]) -> Line:
    """Say of a value that somebody is asked about it because it was drawn at random."""
    kind = drawn.get((line.value.key, line.value.position), "") if line.value else ""
    return replace(line, spot_check=kind) if kind else line


def _unknown(key: str, values: Sequence[FieldValue]) -> Field:
    """Return a field for values of which the document's schema knows nothing (any more)."""
    value_type = next(value.value_type for value in values if value.key == key)
    return Field(key=key, value_type=value_type, label=key.replace("_", " ").capitalize())


def _group(
    title: str, fields: Iterable[Field], values: Sequence[FieldValue], absent: set[str], edit: Edit | None
) -> Group:
    group = Group(title)
    for each in fields:
        own = [value for value in values if value.key == each.key]
        edits = edit if edit and edit.key == each.key else None
        group.lines.extend(_line(each, value, edits) for value in own)
        if not own and (each.is_required or each.key in absent or edits):
            group.lines.append(Line(each, is_absent=each.key in absent, edit=edits))
        elif not own:
            group.missing.append(each)
        elif each.is_repeatable:
            if edits and edits.value_id is None:
                group.lines.append(Line(each, is_further=True, edit=edits))
            else:
                group.repeatable.append(each)
    return group


def _line(known: Field, value: FieldValue, edit: Edit | None) -> Line:
    edits = edit and (edit.value_id == value.pk or (edit.value_id is None and not known.is_repeatable))
    return Line(
        field=known,
        value=value,
        text=shown_value(value.value_type, value.value, currency=value.currency, key=value.key),
        checks=[check_of(told) for told in value.checks],
        alternatives=alternatives_of(value),
        box=box_of(value.box),
        anchor=value_anchor(value),
        edit=edit if edits else None,
    )


def candidates_of(value: FieldValue) -> list[dict[str, Any]]:
    """Return all that machines held possible for a value but the value itself, best first."""
    machine = machine_value(value)
    if machine is None:
        return []
    own = {
        "value": machine.value if machine.value_table is None else machine.value_table,
        "raw_text": machine.raw_text,
        "currency": machine.currency,
        "page": machine.page_number,
        "box": machine.box,
        "words": machine.words,
        "confidence": machine.confidence,
    }
    return [each for each in (own, *machine.alternatives) if each["value"] not in (value.value, value.value_table)]


def alternatives_of(value: FieldValue) -> list[Alternative]:
    """Return the other candidates for a value as they are shown; tables are too large to be."""
    return [
        Alternative(
            place=place,
            text=shown_value(value.value_type, each["value"], currency=each.get("currency", ""), key=value.key),
            confidence=each.get("confidence"),
            page=each.get("page"),
        )
        for place, each in enumerate(candidates_of(value))
        if isinstance(each["value"], str)
    ][:MOST_ALTERNATIVES]
