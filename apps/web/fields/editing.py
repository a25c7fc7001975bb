"""What the forms around a value send: a text that was typed, words that were clicked, cells of a table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import QueryDict

from apps.extraction.engine.fields.types import LineItem
from apps.extraction.fields.columns import Rows
from apps.extraction.fields.services.decisions import Given
from apps.web.fields.panel import Edit
from apps.web.fields.words import shown_number

COLUMNS: Final = {
    "description": "Description",
    "quantity": "Quantity",
    "unit_price": "Unit price",
    "amount": "Amount",
    "tax_rate": "Tax rate",
}
NUMBERS: Final = frozenset(COLUMNS) - {"description"}
MOST_ROWS: Final = 500
LONGEST_TEXT: Final = 5_000
MOST_WORDS: Final = 500
_NORMALISED: Final = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "amount": re.compile(r"-?\d+(\.\d{1,2})?"),
    "number": re.compile(r"-?\d+(\.\d+)?"),
    "boolean": re.compile(r"true|false"),
}


@dataclass(frozen=True)
class Cell:
    """A cell of a table of lines."""

    column: str
    label: str
    text: str

    @property
    def is_number(self) -> bool:
        """Whether the column holds numbers."""
        return self.column in NUMBERS


def uuid_in(value: str | None) -> UUID | None:
    """Return an id, or None for what is none."""
    try:
        return UUID(value or "")
    except ValueError:
        return None


def edit_in(data: QueryDict) -> Edit | None:
    """Return the line that an address asks to edit."""
    key = data.get("edit", "")[:60]
    if not key:
        return None
    return Edit(key=key, value_id=uuid_in(data.get("value")), typed=data.get("raw"))


def text_in(data: QueryDict, name: str) -> str:
    """Return a text of a form, without what no database takes."""
    return data.get(name, "").replace("\x00", "").strip()[:LONGEST_TEXT]


def given_in(data: QueryDict, *, value_type: str) -> Given:
    """Return a value that was typed or clicked together.

    Clicked words stand for a place, and what is typed beside them for their text. What is typed in the normalised
    form is taken as it is; anything else is read as the page's text is.
    """
    typed, words, page = text_in(data, "raw"), words_in(data), _number(data.get("page", ""))
    currency = text_in(data, "currency").upper()[:3] if value_type == "amount" else ""
    if words and page:
        is_untouched = "initial" in data and typed == text_in(data, "initial")
        return Given(raw_text="" if is_untouched else typed, words=words, page=page, currency=currency)
    pattern = _NORMALISED.get(value_type)
    if pattern and pattern.fullmatch(typed):
        return Given(value=typed, currency=currency)
    return Given(raw_text=typed, currency=currency)


def words_in(data: QueryDict) -> tuple[int, ...]:
    """Return the indices of the clicked words, in the page's order; without script they come one by one."""
    found = {_number(each) for each in (*data.get("words", "").split(","), *data.getlist("word"))}
    return tuple(sorted(each for each in found if each is not None)[:MOST_WORDS])


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def cells_of(row: dict[str, str]) -> list[Cell]:
    """Return the cells of a row, known columns first, as they are edited."""
    columns = [*COLUMNS, *(name for name in row if name not in COLUMNS)]
    return [Cell(name, _column_title(name), row.get(name, "")) for name in columns]


def cells_to_read(rows: Sequence[dict[str, str]]) -> list[list[Cell]]:
    """Return the cells of rows as they are read: without the columns that all rows leave empty, amounts grouped."""
    columns = [cell.column for cell in cells_of(rows[0] if rows else {}) if any(row.get(cell.column) for row in rows)]
    return [[Cell(name, _column_title(name), _readable(name, row.get(name, ""))) for name in columns] for row in rows]


def _column_title(name: str) -> str:
    return COLUMNS.get(name, name.replace("_", " ").capitalize())


def _readable(column: str, text: str) -> str:
    return shown_number(text, money=True) if column in {"unit_price", "amount"} else text


def rows_in(data: QueryDict) -> Rows:
    """Return the rows that were typed; those without any text, or ticked to be removed, are left out."""
    rows: Rows = []
    for number in range(min(_number(data.get("rows", "")) or 0, MOST_ROWS)):
        row = {name: text_in(data, f"{name}-{number}") for name in COLUMNS}
        if any(row.values()) and f"remove-{number}" not in data:
            rows.append(row)
    return rows


EMPTY_ROW: Final[dict[str, str]] = {name: getattr(LineItem(), name) for name in COLUMNS}
