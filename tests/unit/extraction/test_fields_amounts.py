"""Amounts and currencies in texts, as documents of several countries write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.extraction.engine.fields.normalise.amounts import (
    amount_of,
    amounts_in,
    currency_of,
    decimal_mark,
    decimal_of,
)


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1.420,00", "1420.00", ""),
        ("€57 051,50", "57051.50", "EUR"),
        ("2371,50€", "2371.50", "EUR"),
        ("RM 12.50", "12.50", "MYR"),
        ("RM12.50", "12.50", "MYR"),
        ("Total 1,234.56 USD", "1234.56", "USD"),
        ("1'234.50 CHF", "1234.50", "CHF"),
        ("$4.11", "4.11", "USD"),
        ("US$4.11", "4.11", "USD"),
        ("-14,73", "-14.73", ""),
        ("165,00-", "-165.00", ""),
        ("(5.00)", "-5.00", ""),
        ("$-5.00", "-5.00", "USD"),
        ("-$5.00", "-5.00", "USD"),
        ("Rs 1939 x", "1939", "INR"),
        ("1.234.567,89 €", "1234567.89", "EUR"),
        ("1,000", "1000", ""),
        ("0.123", "0.123", ""),
        ("9,9000", "9.9000", ""),
        ("Rs. 12,34,567.00", "1234567.00", "INR"),
        ("₹ 1,05,000", "105000", "INR"),
        ("INR 500/-", "500", "INR"),
        ("Fr. 12.-", "12", "CHF"),
        ("12,-- €", "12", "EUR"),
        ("$.50", "0.50", "USD"),
        ("CA$ 12.00", "12.00", "CAD"),
        ("NT$1,200", "1200", "TWD"),
        ("JP¥ 12,000", "12000", "JPY"),
    ],
)
def test_amount(text: str, value: str, currency: str) -> None:
    found = next(amounts_in(text))
    assert (found.value, found.currency) == (value, currency)


def test_a_percentage_is_told() -> None:
    assert [(found.value, found.is_percent) for found in amounts_in("USt. 19 % 269,80")] == [
        ("19", True),
        ("269.80", False),
    ]


@pytest.mark.parametrize("text", ["3.99F", "3.99 F", "3.99/kg", "3,99A"])
def test_a_tax_code_or_unit_behind_cents_does_not_cut_them_off(text: str) -> None:
    assert [found.value for found in amounts_in(text)] == ["3.99"]


def test_no_part_of_a_number_is_an_amount() -> None:
    assert not list(amounts_in("2.5kg"))


def test_times_and_parts_of_words_are_no_amounts() -> None:
    assert [found.value for found in amounts_in("at 12:30 for B2B in RE2017x, row 7")] == ["7"]


@pytest.mark.parametrize(
    ("texts", "mark"),
    [(["1.420,00", "12,50"], ","), (["1,420.00", "7.25"], "."), (["05.03.2018", "42"], ""), (["1,50", "1.50"], "")],
)
def test_the_decimal_mark_is_told_by_cents(texts: list[str], mark: str) -> None:
    assert decimal_mark(texts) == mark


def test_three_digits_behind_a_mark_follow_the_document() -> None:
    assert str(decimal_of("1.234")) == "1234"
    assert str(decimal_of("1.234", ".")) == "1.234"
    assert str(decimal_of("1,234", ",")) == "1.234"


def test_numbers_of_too_many_digits_are_no_amounts() -> None:
    assert decimal_of("4012345001235123") is None
    assert amount_of("4012345001235123") is None


@pytest.mark.parametrize(
    ("symbol", "places", "code"),
    [
        ("€", "", "EUR"),
        ("eur", "", "EUR"),
        ("$", "", "USD"),
        ("$", "acme sdn bhd, johor", "MYR"),
        ("$", "sydney, australia", "AUD"),
        ("kr", "kobenhavn", "DKK"),
        ("", "", ""),
        ("Stk", "", ""),
    ],
)
def test_currency(symbol: str, places: str, code: str) -> None:
    assert currency_of(symbol, places) == code


@given(cents=st.integers(min_value=0, max_value=10**11), group=st.sampled_from([".", " ", "'"]))
def test_what_is_written_with_a_comma_is_read_back(cents: int, group: str) -> None:
    whole = f"{cents // 100:,}".replace(",", group)
    assert amount_of(f"{whole},{cents % 100:02d}") == f"{cents // 100}.{cents % 100:02d}"


@given(text=st.text(alphabet="0123456789.,'€$%-() EURab", max_size=60))
def test_any_text_gives_amounts_within_it(text: str) -> None:
    for found in amounts_in(text):
        assert 0 <= found.start < found.end <= len(text)
        assert float(found.value) == float(found.value)
