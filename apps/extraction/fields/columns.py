"""A value as the columns it is stored in, and a person's words as a normalised value."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from apps.core.errors import UserError
from apps.extraction.engine.fields.types import FieldReading, LineItem

_LARGEST: Final = Decimal(10) ** 16  # what numeric(20, 4) holds
Rows = list[dict[str, str]]


class InvalidValueError(UserError):
    """What somebody gave is no value of the field's type."""

    code = "invalid_value"


def columns_of(value_type: str, value: str | Sequence[LineItem] | Rows, currency: str = "") -> dict[str, Any]:
    """Return the columns of a normalised value; a date or number that cannot be compared has its text only."""
    if not isinstance(value, str):
        rows: Rows = msgspec.to_builtins(list(value))
        return {**_blank(value_type), "value": _summary(rows), "value_table": rows}
    text = value.replace("\x00", "")
    columns = _blank(value_type) | {"value": text, "currency": currency if value_type == "amount" else ""}
    if value_type == "table":
        return columns | {"value_table": []}
    if value_type == "date":
        return columns | {"value_date": _day(text)}
    if value_type in {"amount", "number"}:
        return columns | {"value_number": _number(text)}
    if value_type == "boolean":
        return columns | {"value_boolean": text == "true" if text in {"true", "false"} else None}
    return columns


def _blank(value_type: str) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(("value_date", "value_number", "value_boolean", "value_table"))
    return {"value_type": value_type, "currency": "", **empty}


def _summary(rows: Rows) -> str:
    return f"{len(rows)} row{'' if len(rows) == 1 else 's'}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < _LARGEST else None


def alternative_of(reading: FieldReading) -> dict[str, Any]:
    """Return another candidate as it is kept beside a value."""
    return {
        "value": reading.value if isinstance(reading.value, str) else json.loads(msgspec.json.encode(reading.value)),
        "raw_text": reading.raw_text,
        "currency": reading.currency,
        "page": reading.page,
        "box": list(reading.box) if reading.box else None,
        "words": reading.words,
        "confidence": reading.confidence,
        "method": reading.method,
    }


def checked_columns(value_type: str, value: str | Rows, currency: str = "") -> dict[str, Any]:
    """Return the columns of a value that a person or program gave in normalised form; raises InvalidValueError."""
    if value_type == "table":
        return columns_of(value_type, _checked_rows(value))
    if not isinstance(value, str) or not value.strip():
        raise InvalidValueError("Give the value as a text that is not empty.")
    columns = columns_of(value_type, value.strip(), currency)
    if value_type == "date" and columns["value_date"] is None:
        raise InvalidValueError("Give a day such as 2026-03-31.")
    if value_type in {"amount", "number"} and columns["value_number"] is None:
        raise InvalidValueError("Give a number with a point, such as 1234.50.")
    if value_type == "boolean" and columns["value_boolean"] is None:
        raise InvalidValueError("Give true or false.")
    return columns


def _checked_rows(value: str | Rows) -> Rows:
    if isinstance(value, str):
        raise InvalidValueError("Give the table as a list of objects.")
    try:
        items = msgspec.convert(value, list[dict[str, str]])
    except msgspec.ValidationError as error:
        raise InvalidValueError(f"Every cell of the table is a text: {error}") from error
    return items
