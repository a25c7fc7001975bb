"""A value as the columns it is stored in, and a person's words as a normalised value."""

import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from apps.core.errors import UserError
from apps.extraction.engine.fields.types import FieldReading, LineItem

_LARGEST: Final = Decimal(10) ** 16  # what numeric(20, 4) holds
_PLACES: Final = Decimal("0.0001")
_PLAIN_NUMBER: Final = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,10})?")
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 40  # an export has a column for each
LONGEST_COLUMN: Final = 60
Rows = list[dict[str, str]]


class InvalidValueError(UserError):
    """What somebody gave is no value of the field's type."""

    code = "invalid_value"


def columns_of(value_type: str, value: str | Sequence[LineItem] | Rows, currency: str = "") -> dict[str, Any]:
    """Return the columns of a normalised value; a date or number that cannot be compared has its text only."""
    if not isinstance(value, str):
        rows: Rows = storable(msgspec.to_builtins(list(value)))
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


def storable(value: Any) -> Any:  # noqa: ANN401  (JSON)
    """Return texts, lists and objects without the one character that PostgreSQL does not store."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [storable(each) for each in value]
    if isinstance(value, dict):
        return {storable(name): storable(each) for name, each in value.items()}
    return value


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
        number = Decimal(text).quantize(_PLACES)  # as the column rounds it: the largest could round up out of it
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < _LARGEST else None


def alternative_of(reading: FieldReading) -> dict[str, Any]:
    """Return another candidate as it is kept beside a value."""
    found = {
        "value": reading.value if isinstance(reading.value, str) else json.loads(msgspec.json.encode(reading.value)),
        "raw_text": reading.raw_text,
        "currency": reading.currency,
        "page": reading.page,
        "box": list(reading.box) if reading.box else None,
        "words": reading.words,
        "confidence": reading.confidence,
        "method": reading.method,
    }
    return {name: storable(each) for name, each in found.items()}


def checked_columns(value_type: str, value: str | Rows, currency: str = "") -> dict[str, Any]:
    """Return the columns of a value that a person or program gave in normalised form; raises InvalidValueError."""
    if value_type == "table":
        return columns_of(value_type, _checked_rows(value))
    text = storable(value).strip() if isinstance(value, str) else ""
    if not text or not _is_text(text):
        raise InvalidValueError("Give the value as a text that is not empty.")
    columns = columns_of(value_type, text, currency)
    if value_type == "date":
        if columns["value_date"] is None:
            raise InvalidValueError("Give a day such as 2026-03-31.")
        columns["value"] = columns["value_date"].isoformat()  # of 20260331 too, which ISO 8601 knows as well
    if value_type in {"amount", "number"} and (columns["value_number"] is None or not _PLAIN_NUMBER.fullmatch(text)):
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
    names = {name for item in items for name in item}
    if len(items) > MOST_ROWS or len(names) > MOST_COLUMNS or any(len(name) > LONGEST_COLUMN for name in names):
        limits = f"{MOST_ROWS} rows and {MOST_COLUMNS} columns, whose names have at most {LONGEST_COLUMN} characters"
        raise InvalidValueError(f"A table has at most {limits}.")
    if not all(_is_text(text) for item in items for pair in item.items() for text in pair):
        raise InvalidValueError("The table has characters that are none.")
    return items


def _is_text(text: str) -> bool:
    """Tell whether a text can be written as UTF-8: half a surrogate pair, which JSON may hold, cannot."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)
