"""Values against each other, embedded values against the pages, and what of it a person should see."""

from datetime import date

import pytest
from msgspec import structs

from apps.extraction.engine.fields import find_fields
from apps.extraction.engine.fields.checks import checked
from apps.extraction.engine.fields.embedded.comparing import DIFFERENCE, compared
from apps.extraction.engine.fields.embedded.placing import placed
from apps.extraction.engine.fields.embedded.values import embedded
from apps.extraction.engine.fields.support import is_supported
from apps.extraction.engine.fields.types import FieldReading, FieldsInput, LineItem, MachineData, ValueType
from apps.extraction.engine.types import PageReading, TextSource, Word

TODAY = date(2026, 11, 23)
KINDS: dict[str, ValueType] = {
    "net_total": "amount",
    "tax_total": "amount",
    "grand_total": "amount",
    "amount_due": "amount",
    "issue_date": "date",
    "due_date": "date",
    "effective_date": "date",
    "expiration_date": "date",
    "line_items": "table",
}


def value(key: str, text: str | list[LineItem], *, currency: str = "", method: str = "rule") -> FieldReading:
    """Return a value as an extractor gives it."""
    kind = KINDS.get(key, "text")
    raw = text if isinstance(text, str) else f"{len(text)} lines"
    if method == "embedded":
        return embedded(key, text, kind, raw, currency=currency)
    return FieldReading(
        key=key, value=text, value_type=kind, raw_text=raw, method="rule", producer="test", page=1, currency=currency
    )


def checks(**values: str | list[LineItem]) -> dict[str, list[str]]:
    """Return the sentences that the values get, by key."""
    found = checked([value(key, text) for key, text in values.items()], today=TODAY)
    return {reading.key: reading.checks for reading in found if reading.checks}


def lines(*rows: tuple[str, str]) -> list[LineItem]:
    return [LineItem(description="Lamp", amount=amount, tax_rate=rate) for amount, rate in rows]


def test_net_and_tax_make_the_total() -> None:
    fine = checks(net_total="464.38", tax_total="72.76", grand_total="537.14")
    assert set(fine) == {"net_total", "tax_total", "grand_total"}
    assert fine["grand_total"] == ["ok: net and tax make the total"]
    wrong = checks(net_total="464.38", tax_total="72.76", grand_total="573.14")
    assert wrong["net_total"] == ["failed: 464.38 net and 72.76 tax make 537.14, not 573.14"]
    assert checks(net_total="464.38", grand_total="537.14") == {}
    swiss = checks(net_total="100.02", tax_total="8.10", grand_total="108.10")  # rounded to five
    assert swiss["grand_total"] == ["ok: net and tax make the total"]


def test_lines_make_the_net_total_or_the_total() -> None:
    both = lines(("335.40", ""), ("128.98", ""))
    assert checks(line_items=both, net_total="464.38") == {
        "line_items": ["ok: the lines make the net total"],
        "net_total": ["ok: the lines make the net total"],
    }
    assert checks(line_items=both, grand_total="464.38", net_total="400.00")["grand_total"]
    assert checks(line_items=both, net_total="500.00") == {
        "line_items": ["failed: the lines make 464.38, the net total is 500.00"]
    }
    assert checks(line_items=lines(("", "19")), net_total="500.00") == {}


@pytest.mark.parametrize(
    ("tax", "rows", "expected"),
    [
        ("72.76", [("335.40", "19"), ("128.98", "7")], "ok: the lines' rates make the tax"),
        ("88.23", [("335.40", "19"), ("128.98", "7")], "failed: the lines' rates make a tax of 72.75, not 88.23"),
        ("88.23", [("335.40", ""), ("128.98", "")], "ok: the tax is 19 % of the net total"),
        ("72.76", [("335.40", ""), ("128.98", "")], None),
    ],
)
def test_rates_make_the_tax(tax: str, rows: list[tuple[str, str]], expected: str | None) -> None:
    found = checks(net_total="464.38", tax_total=tax, line_items=lines(*rows)).get("tax_total")
    assert found == ([expected] if expected else None)


def test_days_come_in_order_and_are_plausible() -> None:
    assert checks(issue_date="2026-03-05", due_date="2026-04-04")["due_date"] == ["ok: due not before it was issued"]
    assert checks(issue_date="2026-03-05", due_date="2026-03-04")["issue_date"] == ["failed: due before it was issued"]
    assert checks(effective_date="2026-03-05", expiration_date="2025-03-05")["expiration_date"] == [
        "failed: ends before it begins"
    ]
    assert checks(issue_date="2062-03-05") == {"issue_date": ["failed: lies more than a year ahead"]}
    assert checks(issue_date="1926-03-05") == {"issue_date": ["failed: lies before 1980"]}
    assert checks(issue_date="2026-03-05") == {}


def test_check_digits() -> None:
    assert checks(iban="DE89370400440532013000", seller_vat_id="DE136695976") == {
        "iban": ["ok: the check digits hold"],
        "seller_vat_id": ["ok: the check digits hold"],
    }
    assert checks(iban="DE89370400440532013001") == {"iban": ["failed: the check digits do not hold"]}
    assert checks(seller_vat_id="22/815/0815/4") == {}


def test_one_currency() -> None:
    euros = [value("currency", "EUR"), value("net_total", "1.00", currency="EUR")]
    assert checked(euros, today=TODAY)[0].checks == ["ok: the amounts are in this currency"]
    mixed = [*euros, value("grand_total", "1.00", currency="CHF")]
    assert checked(mixed, today=TODAY)[2].checks == ["failed: amounts are told in CHF and EUR"]


def page(*rows: str, source: TextSource = "native", number: int = 1) -> PageReading:
    """Return a page with these lines, as a reader gives it."""
    words = [
        Word(0.1 + 0.08 * column, 0.05 + 0.03 * row, 0.17 + 0.08 * column, 0.07 + 0.03 * row, text)
        for row, line in enumerate(rows)
        for column, text in enumerate(line.split())
    ]
    text = "\n".join(rows)
    return PageReading(number=number, width=595, height=842, rotation=0, text=text, text_source=source, words=words)


@pytest.mark.parametrize(
    ("key", "text", "row"),
    [
        ("grand_total", "1234.50", "Total 1.234,50 €"),
        ("grand_total", "1234.50", "Total EUR 1,234.50"),
        ("grand_total", "1234.50", "Total 1 234,50 EUR"),
        ("grand_total", "1234.50", "Total CHF 1'234.50"),
        ("grand_total", "-7.90", "Gutschrift 7,90"),
        ("issue_date", "2026-03-05", "Datum: 05.03.2026"),
        ("issue_date", "2026-03-05", "Date 5 March 2026"),
        ("issue_date", "2026-03-05", "Date 03/05/2026"),
        ("issue_date", "2026-03-05", "Datum 5. März 2026"),
        ("iban", "DE89370400440532013000", "IBAN DE89 3704 0044 0532 0130 00 BIC"),
        ("invoice_number", "RE-2026/417", "Nr. RE-2026 / 417,"),
        ("seller_name", "Brückner & Söhne GmbH", "BRÜCKNER & SÖHNE GMBH"),
        ("currency", "EUR", "Betrag 12,50 €"),
    ],
)
def test_a_value_is_found_in_any_usual_writing(key: str, text: str, row: str) -> None:
    pages = [page("Lamps and cables"), page("INVOICE", row, number=2)]
    (found,) = compared(placed([value(key, text, method="embedded")], pages), [], pages)
    assert (found.page, found.checks, found.method) == (2, ["ok: shown on page 2"], "embedded")
    assert found.box is not None
    assert is_supported(pages[1].words, found.box, found.raw_text)


def test_totals_are_pointed_at_where_they_stand_last() -> None:
    pages = [page("Lamp 10,00", "Total 10,00")]
    (total,) = placed([value("grand_total", "10.00", method="embedded")], pages)
    assert total.words == [3]


@pytest.mark.parametrize(
    ("text", "row"), [("10.00", "Total 110,00"), ("10.00", "Total 10,001"), ("1234.50", "Total 1.234,05")]
)
def test_other_values_are_not_it(text: str, row: str) -> None:
    (found,) = placed([value("grand_total", text, method="embedded")], [page(row)])
    assert found.page is None


def test_a_page_that_says_something_else_is_told() -> None:
    pages = [page("Invoice RE-1", "Total 99,00 €")]
    read = [value("grand_total", "99.00"), value("invoice_number", "RE-1")]
    stated = [value("grand_total", "10.00", method="embedded"), value("issue_date", "2026-03-05", method="embedded")]
    total, issued = compared(placed(stated, pages), read, pages)
    assert total.checks == ["failed: page 1 shows 99.00"]
    assert [other.value for other in total.alternatives] == ["99.00"]
    assert issued.checks == ["failed: not found on the pages"]
    assert all(DIFFERENCE.match(found.checks[0]) for found in (total, issued))  # what a person is warned of


def test_what_recognition_or_nothing_shows_accuses_nobody() -> None:
    stated = [value("grand_total", "10.00", method="embedded")]
    scan = [page("Total 1O.OO", source="ocr")]
    assert compared(placed(stated, scan), [], scan)[0].checks == ["note: not found on the pages"]
    bare = [page()]
    assert compared(placed(stated, bare), [], bare) == stated
    terms = [value("due_date", "2026-04-04", method="embedded")]
    paper = [page("Payable within 30 days of 03.03.2026")]
    assert compared(placed(terms, paper), [], paper)[0].checks == ["note: not found on the pages"]
    unsure = structs.replace(value("due_date", "2026-03-03"), confidence=0.6)
    assert compared(placed(terms, paper), [unsure], paper)[0].checks == ["note: not found on the pages"]
    sure = structs.replace(unsure, confidence=0.95)
    assert compared(placed(terms, paper), [sure], paper)[0].checks == ["failed: page 1 shows 2026-03-03"]


def test_machine_data_comes_first_and_is_checked() -> None:
    stated = MachineData(values=[value("iban", "DE89370400440532013000", method="embedded")])
    found = find_fields(FieldsInput(pages=[page("IBAN DE89 3704 0044 0532 0130 00")], machine=stated))
    account = next(each for each in found if each.key == "iban")
    assert account.method == "embedded"
    assert account.checks == ["ok: shown on page 1", "ok: the check digits hold"]


def test_data_tell_what_a_document_is() -> None:
    stated = MachineData(values=[value("amount_due", "10.00", method="embedded", currency="CHF")])
    bill = FieldsInput(pages=[page("Empfangsschein Zahlteil")], type_label="receipt", machine=stated)
    found = {each.key: each for each in find_fields(bill)}
    assert found["grand_total"].value == "10.00"
    assert "note: taken from the payment code" in found["grand_total"].checks
    printed = FieldsInput(pages=[page("Empfangsschein Zahlteil", "CHF 10.00")], type_label="receipt", machine=stated)
    found = {each.key: each for each in find_fields(printed)}
    assert found["grand_total"].value == "10.00"
    assert found["grand_total"].checks == ["ok: the payment code asks for it"]
    letter = FieldsInput(pages=bill.pages, type_label="letter", machine=stated)
    assert "grand_total" not in {each.key for each in find_fields(letter)}


def test_what_a_payment_code_asks_for() -> None:
    assert checks(grand_total="10.00", amount_due="10.00")["grand_total"] == ["ok: the payment code asks for it"]
    assert checks(grand_total="10.00", amount_due="4.00")["grand_total"] == ["note: the payment code asks for 4.00"]
