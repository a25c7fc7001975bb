"""The fields of a document as the analysis object shows them."""

import logging
from collections.abc import Sequence
from typing import Any

import msgspec

from apps.extraction.engine.fields import find_fields
from apps.extraction.engine.fields.types import FieldReading, FieldsInput, MachineData
from apps.extraction.engine.types import PageReading, Problem, TableReading

logger = logging.getLogger(__name__)


def fields_input(
    pages: Sequence[PageReading],
    tables: Sequence[TableReading],
    kind: dict[str, Any] | None,
    *,
    media_type: str,
    metadata: dict[str, Any],
    machine: MachineData,
) -> FieldsInput:
    """Return what extractors are given; `kind` is the contract's `type` object, None where types were skipped."""
    return FieldsInput(
        pages=list(pages),
        tables=list(tables),
        type_label=kind["label"] if kind else None,
        type_shares=_shares(kind) if kind else {},
        media_type=media_type,
        metadata=metadata,
        machine=machine,
    )


def fields_of(document: FieldsInput, problems: list[Problem]) -> list[dict[str, Any]]:
    """Return the contract's `fields`; an extractor that fails costs its own fields, other faults cost the fields."""
    try:
        return [field_object(value) for value in find_fields(document, problems)]
    except Exception:
        logger.exception("fields failed")
        problems.append(Problem(code="fields_failed", message="The fields could not be determined."))
        return []


def field_object(value: FieldReading) -> dict[str, Any]:
    """Return a value as plain objects, what the contract promises always included."""
    promised: dict[str, Any] = {"confidence": None, "page": None, "box": None, "checks": []}
    plain: dict[str, Any] = msgspec.to_builtins(value)
    return {**promised, **plain}


def _shares(kind: dict[str, Any]) -> dict[str, float]:
    told = [kind, *kind["alternatives"]]
    return {each["label"]: each["confidence"] for each in told if each["confidence"] is not None}
