"""Check digits and national ways of writing, against published examples."""

from datetime import date
from decimal import Decimal

import pytest

from apps.pipeline.samples import numbers
from apps.pipeline.samples.trade import Bill, item


@pytest.mark.parametrize(
    "example",
    ["GB82WEST12345698765432", "DE89370400440532013000", "FR1420041010050500013M02606", "BE68539007547034"],
)
def test_iban_agrees_with_registry_examples(example: str) -> None:
    assert numbers.iban(example[:2], example[4:]) == example


def test_vat_ids_agree_with_known_numbers() -> None:
    assert numbers.german_vat("13669597") == "DE136695976"
    assert numbers.french_vat("303265045") == "FR40303265045"
    assert numbers.british_vat("9807806") == "GB980780684"
    assert numbers.belgian_vat("04287594") == "BE0428759497"
    assert numbers.swiss_vat("10778757") == "CHE107787577"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("en", "12,345.60"), ("us", "12,345.60"), ("de", "12.345,60"), ("fr", "12\u00a0345,60")],
)
def test_amounts(locale: numbers.Locale, expected: str) -> None:
    assert numbers.amount(Decimal("12345.6"), locale) == expected


@pytest.mark.parametrize(
    ("locale", "short", "long"),
    [
        ("en", "05/03/2026", "5 March 2026"),
        ("us", "03/05/2026", "March 5, 2026"),
        ("de", "05.03.2026", "5. März 2026"),
        ("fr", "05/03/2026", "5 mars 2026"),
    ],
)
def test_dates(locale: numbers.Locale, short: str, long: str) -> None:
    day = date(2026, 3, 5)
    assert numbers.short_date(day, locale) == short
    assert numbers.long_date(day, locale) == long


def test_bill_rounds_tax_once_per_rate() -> None:
    bill = Bill([item("a", "3", "0.35", "19"), item("b", "1", "0.35", "19"), item("c", "1", "10.00", "7")])
    assert bill.net_total == Decimal("11.40")
    assert bill.taxes == {Decimal(19): Decimal("0.27"), Decimal(7): Decimal("0.70")}
    assert bill.grand_total == Decimal("12.37")
