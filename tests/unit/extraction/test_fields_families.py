"""Which family of fields a document is read for where its type is uncertain, and what stands on several lines."""

import pytest

from apps.extraction.engine.fields import find_fields
from apps.extraction.engine.fields.contracts.opening import is_opening
from apps.extraction.engine.fields.ranking.candidates import habits_of, plain_candidates
from apps.extraction.engine.fields.ranking.evidence import schema_of
from apps.extraction.engine.fields.ranking.only_currency import only_currency
from apps.extraction.engine.fields.ranking.several_rates import with_summed_taxes
from apps.extraction.engine.fields.ranking.sheet import Sheet
from apps.extraction.engine.fields.types import FieldReading, FieldsInput
from tests.unit.extraction.ranking_pages import INVOICE, RECEIPT, Line, document, sheet

TWO_RATES: list[Line] = [
    (50, 60, "Biohof Sonnental GmbH"),
    (50, 74, "Feldweg 9, 79104 Freiburg"),
    (400, 60, "RECHNUNG"),
    (400, 80, "Rechnungsnummer: 24-0917"),
    (400, 94, "Rechnungsdatum: 17.04.2024"),
    (50, 200, "Artikel"),
    (480, 200, "Gesamt"),
    (50, 214, "Kisten"),
    (480, 214, "180,00"),
    (50, 228, "Pfand"),
    (480, 228, " 50,00"),
    (340, 270, "Nettobetrag"),
    (480, 270, "230,00"),
    (340, 284, "zzgl. 7 % MwSt."),
    (480, 284, "12,60"),
    (340, 298, "zzgl. 19 % MwSt."),
    (480, 298, "  9,50"),
    (340, 320, "Rechnungsbetrag"),
    (480, 320, "252,10"),
]
SERVICE = """Dienstleistungsvertrag
zwischen
Lindner Systemhaus GmbH, Hafenstraße 12, 20457 Hamburg
- nachfolgend „Auftragnehmer“ genannt -
und
Nordlicht Versicherung AG, Domplatz 3, 28195 Bremen
- nachfolgend „Auftraggeber“ genannt -
§ 1 Gegenstand des Vertrages
Der Auftragnehmer wartet die Server des Auftraggebers."""
STATUTE = """Gesetz über den Vertrag zwischen Versicherer und Versicherungsnehmer
§ 1 Der Vertrag kommt zwischen dem Versicherer und der Person zustande, die im Folgenden Nehmer heißt."""


def as_type(given: FieldsInput, label: str, share: float, **others: float) -> FieldsInput:
    return FieldsInput(pages=given.pages, type_label=label, type_shares={label: share, **others})


def lines(text: str) -> list[Line]:
    return [(50, 60 + 14 * number, line) for number, line in enumerate(text.splitlines())]


def by_key(values: list[FieldReading]) -> dict[str, FieldReading]:
    return {value.key: value for value in values}


def test_taxes_at_several_rates_are_one_total_with_the_words_of_all() -> None:
    given = document(TWO_RATES)
    found = by_key(find_fields(FieldsInput(pages=given.pages, type_label="invoice")))
    tax = found["tax_total"]
    words = [given.pages[0].words[index].text for index in tax.words]
    assert (tax.value, tax.raw_text, words) == ("22.10", "12,60 9,50", ["12,60", "9,50"])
    assert "ok: net and tax make the total" in tax.checks


def test_taxes_are_not_summed_where_the_total_is_printed_or_nothing_proves_it() -> None:
    def summed(rows: list[Line]) -> list[str]:
        page = sheet(rows)
        plain = list(plain_candidates(page, habits_of(page)))
        return [each.value for each in with_summed_taxes(plain) if each not in plain]

    assert summed(TWO_RATES) == ["22.10"]
    assert summed([*TWO_RATES, (340, 309, "MwSt. gesamt"), (480, 309, "22,10")]) == []
    assert summed([row for row in TWO_RATES if row[2] != "252,10"]) == []


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Item Amt(RM)", "Tea 2.00"], "MYR"),
        (["Total (USD)", "2.00"], "USD"),
        (["Total (USD)", "EUR 2.00"], None),  # two of them
        (["ALL our teas", "are fresh"], None),  # a word that is also a code
    ],
)
def test_the_only_currency_of_a_document_is_its_own(texts: list[str], expected: str | None) -> None:
    page = sheet([(50, 100 + 14 * number, text) for number, text in enumerate(texts)])
    found = only_currency([each for each in plain_candidates(page, habits_of(page)) if each.kind == "currency"])
    assert (found.value if found else None) == expected


def test_a_contract_is_read_as_one_whatever_its_type_is_said_to_be() -> None:
    given = as_type(document(lines(SERVICE)), "legislation", 0.94)
    names = {value.value for value in find_fields(given) if value.key == "party"}
    assert names == {"Lindner Systemhaus GmbH", "Nordlicht Versicherung AG"}
    assert "party" not in by_key(find_fields(as_type(given, "legislation", 0.99)))
    assert not is_opening(STATUTE)


@pytest.mark.parametrize(
    ("rows", "label", "share", "expected"),
    [
        (INVOICE, "receipt", 0.8, "invoice"),
        (INVOICE, "receipt", 0.99, "receipt"),
        (INVOICE, "receipt", None, "receipt"),
        (RECEIPT, "invoice", 0.8, "receipt"),
        (RECEIPT, "receipt", 0.8, "receipt"),
    ],
)
def test_an_uncertain_type_is_decided_by_the_words(
    rows: list[Line], label: str, share: float | None, expected: str
) -> None:
    pages = document(rows).pages
    shares = {} if share is None else {label: share}
    assert schema_of(Sheet(FieldsInput(pages=pages, type_label=label, type_shares=shares))) == expected
