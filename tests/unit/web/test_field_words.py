"""Values in words for a person."""

import pytest
from django.http import QueryDict

from apps.extraction.fields.selectors.schemas import Field, SchemaView
from apps.extraction.fields.services.schemas import FieldDraft
from apps.web.fields.editing import cells_to_read, given_in, rows_in, words_in
from apps.web.fields.words import check_of, shown_value
from apps.web.schemas.editing import added_in, drafts_in, moved


@pytest.mark.parametrize(
    ("value_type", "value", "currency", "shown"),
    [
        ("date", "2026-11-05", "", "5 November 2026"),
        ("date", "sometime", "", "sometime"),
        ("amount", "1234567.5", "EUR", "1,234,567.50 EUR"),
        ("amount", "9447.4000", "USD", "9,447.40 USD"),
        ("amount", "0.125", "", "0.125"),
        ("amount", "-20", "CHF", "-20.00 CHF"),
        ("amount", "NaN", "", "NaN"),
        ("number", "12", "", "12"),
        ("number", "1200.5", "", "1,200.5"),
        ("boolean", "true", "", "Yes"),
        ("text", "As it is", "", "As it is"),
    ],
)
def test_values_as_people_read_them(value_type: str, value: str, currency: str, shown: str) -> None:
    assert shown_value(value_type, value, currency=currency) == shown


def test_an_iban_in_groups() -> None:
    assert shown_value("identifier", "DE89370400440532013000", key="iban") == "DE89 3704 0044 0532 0130 00"


@pytest.mark.parametrize(
    ("told", "tone", "text"),
    [
        ("ok: adds up", "ok", "Adds up"),
        ("failed: net + tax: 1 is not 2", "bad", "Net + tax: 1 is not 2"),
        ("note: day first", "note", "Day first"),
        ("something else", "note", "Something else"),
    ],
)
def test_checks(told: str, tone: str, text: str) -> None:
    check = check_of(told)
    assert (check.tone, check.text) == (tone, text)


def form(**data: str) -> QueryDict:
    given = QueryDict(mutable=True)
    for name, value in data.items():
        given[name.replace("__", "-")] = value
    return given


def test_clicked_words_and_typed_text() -> None:
    clicked = given_in(form(words="5,3,x,3", page="2", raw="A b", initial=""), value_type="text")
    assert (clicked.words, clicked.page, clicked.raw_text, clicked.value) == ((3, 5), 2, "A b", None)
    untouched = given_in(form(words="3", page="2", raw="old", initial="old"), value_type="text")
    assert untouched.raw_text == ""
    typed = given_in(form(raw=" 12.50 ", currency="eur"), value_type="amount")
    assert (typed.value, typed.currency, typed.raw_text) == ("12.50", "EUR", "")
    as_written = given_in(form(raw="12,50 €"), value_type="amount")
    assert (as_written.value, as_written.raw_text) == (None, "12,50 €")


def test_words_of_an_address_are_bounded() -> None:
    assert words_in(form(words="")) == ()
    assert words_in(form(words="9999999999")) == ()
    assert len(words_in(form(words=",".join(map(str, range(900)))))) == 500


def test_rows_of_a_table() -> None:
    data = form(
        rows="3", description__0="Valve", amount__0="2.00", description__1=" ", description__2="Out", remove__2="on"
    )
    assert rows_in(data) == [
        {"description": "Valve", "quantity": "", "unit_price": "", "amount": "2.00", "tax_rate": ""}
    ]
    assert rows_in(form(rows="many")) == []


SCHEMA = SchemaView(
    "invoice",
    0,
    (
        Field("number", "identifier", "Number"),
        Field("own", "text", "Own", origin="USER", rule={"labels": ["Own"], "shape": "AA"}),
    ),
)


def test_a_schemas_form() -> None:
    data = form(label__number="Invoice no.", required__number="on", label__own="Mine", words__own="Mine, My own,")
    drafts = drafts_in(data, SCHEMA)
    assert [(each.key, each.label, each.is_required) for each in drafts] == [
        ("number", "Invoice no.", True),
        ("own", "Mine", False),
    ]
    assert drafts[1].rule == {"labels": ["Mine", "My own"], "shape": "AA"}
    data["remove-own"] = data["remove-number"] = "on"
    assert [each.key for each in drafts_in(data, SCHEMA)] == ["number"]  # what ships with docintel stays
    assert [each.key for each in drafts_in(form(), SCHEMA)] == ["number", "own"]  # added meanwhile by somebody else


def test_moving_and_adding_fields() -> None:
    drafts = [FieldDraft(key, "text", key) for key in "abc"]
    assert [each.key for each in moved(drafts, "up:b")] == ["b", "a", "c"]
    assert [each.key for each in moved(drafts, "down:c")] == ["a", "b", "c"]
    assert [each.key for each in moved(drafts, "sideways:b")] == ["a", "b", "c"]
    assert added_in(form(new__label="  ")) is None
    added = added_in(form(new__label="Customer no.", new__kind="identifier", new__repeatable="on"))
    assert added == FieldDraft("customer_no", "identifier", "Customer no.", is_repeatable=True)


def test_lines_to_read_leave_out_empty_columns() -> None:
    rows = [{"description": "Valve", "amount": "1850.00"}, {"description": "Pump", "amount": "20", "tax_rate": ""}]
    assert [[cell.text for cell in row] for row in cells_to_read(rows)] == [["Valve", "1,850.00"], ["Pump", "20.00"]]
    assert cells_to_read([]) == []
