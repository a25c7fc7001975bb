"""Values as columns: what people and programs may give, and what no column would take."""

from decimal import Decimal
from typing import Any

import pytest

from apps.extraction.engine.fields.types import LineItem
from apps.extraction.fields.columns import MOST_COLUMNS, MOST_ROWS, InvalidValueError, checked_columns, columns_of


@pytest.mark.parametrize(
    ("value_type", "given", "value"),
    [
        ("date", "2026-03-31", "2026-03-31"),
        ("date", "20260331", "2026-03-31"),
        ("amount", " -12.50 ", "-12.50"),
        ("text", "a\x00b", "ab"),
        ("boolean", "true", "true"),
    ],
)
def test_given_values_are_kept_normalised(value_type: str, given: str, value: str) -> None:
    assert checked_columns(value_type, given)["value"] == value


@pytest.mark.parametrize(
    ("value_type", "given"),
    [
        ("amount", "1e5"),
        ("amount", "1_000"),
        ("number", "1e-999999"),
        ("number", "\u0663.\u0665"),
        ("number", "9999999999999999.99999"),  # rounds up to more digits than the column has
        ("number", "NaN"),
        ("date", "2026-02-30"),
        ("boolean", "yes"),
        ("text", " \x00 "),
        ("text", "\ud800"),
        ("table", "5"),
        ("table", [{"description": "\ud800"}]),
        ("table", [{"x" * 61: "1"}]),
        ("table", [{f"c{number}": "1" for number in range(MOST_COLUMNS + 1)}]),
        ("table", [{}] * (MOST_ROWS + 1)),
    ],
)
def test_what_is_no_value_is_refused(value_type: str, given: Any) -> None:
    with pytest.raises(InvalidValueError):
        checked_columns(value_type, given)


def test_machines_values_that_cannot_be_compared_have_their_text_only() -> None:
    assert columns_of("number", "9999999999999999.99999")["value_number"] is None
    assert columns_of("number", "1e-999999")["value_number"] == Decimal(0)
    assert columns_of("date", "2026-02-30")["value_date"] is None


def test_tables_have_no_character_that_the_database_does_not_store() -> None:
    columns = columns_of("table", [LineItem(description="Ink\x00", amount="5.00")])
    assert columns["value_table"][0]["description"] == "Ink"
    assert checked_columns("table", [{"descrip\x00tion": "\x00"}])["value_table"] == [{"description": ""}]
