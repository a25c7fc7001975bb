"""Account, tax and company numbers: their one form, check digits, and what recognition confuses."""

import pytest

from apps.extraction.engine.fields.normalise import identifiers
from apps.extraction.engine.fields.normalise.identifiers import Identifier


@pytest.mark.parametrize(
    ("text", "value", "is_valid"),
    [
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000", True),
        ("de89-3704-0044-0532-0130-00", "DE89370400440532013000", True),
        ("DE89 3704 OO44 O532 0l30 00", "DE89370400440532013000", True),  # O and l where digits must stand
        ("GB82 WE5T I234 5698 7654 32", "GB82WEST12345698765432", True),
        ("CH93 0076 2011 6238 5295 7", "CH9300762011623852957", True),
        ("DE89 3704 0044 0532 0130 01", "DE89370400440532013001", False),
    ],
)
def test_account_numbers(text: str, value: str, is_valid: bool) -> None:
    assert identifiers.iban(text) == Identifier("iban", value, is_valid)


@pytest.mark.parametrize(
    ("text", "value", "is_valid"),
    [
        ("DE 136 695 976", "DE136695976", True),
        ("DE 136 695 97G", "DE136695976", True),
        ("ATU13585627", "ATU13585627", True),
        ("EL 094259216", "EL094259216", True),
        ("GB 980 7806 84", "GB980780684", True),
        ("CHE-107.787.577 MWST", "CHE107787577", True),
        ("NO 995 525 828 MVA", "NO995525828MVA", True),
        ("DE 136 695 977", "DE136695977", False),
    ],
)
def test_vat_ids(text: str, value: str, is_valid: bool) -> None:
    assert identifiers.vat_id(text) == Identifier("vat_id", value, is_valid)


@pytest.mark.parametrize("text", ["", "DELIVERY", "BESTELLNUMMER 4711", "Invoice 2026-114", "Total 1,234.50", "+"])
def test_words_are_no_numbers(text: str) -> None:
    assert identifiers.iban(text) is None
    assert identifiers.vat_id(text) is None
    assert identifiers.lei(text) is None


def test_banks_and_entities() -> None:
    assert identifiers.bic("deut de ff") == Identifier("bic", "DEUTDEFF", is_valid=True)
    assert identifiers.bic("CONSIGNEE") is None
    assert identifiers.lei("5493 001K JTII GC8Y 1R12") == Identifier("lei", "5493001KJTIIGC8Y1R12", is_valid=True)
    assert identifiers.lei("5493001KJTIIGC8Y1R13") == Identifier("lei", "5493001KJTIIGC8Y1R13", is_valid=False)


def test_telephone_numbers_take_their_country() -> None:
    text = "Tel. 030 23125 117, Fax +44 20 7946 0018"
    found = [(text[start:end], number.value) for start, end, number in identifiers.phones(text, "DE")]
    assert found == [("030 23125 117", "+493023125117"), ("+44 20 7946 0018", "+442079460018")]
