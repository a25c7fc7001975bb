"""Machine-readable invoices: every syntax says the same; what is damaged or hostile says less and breaks nothing."""

import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import msgspec
import pikepdf
import pytest

from apps.extraction.engine.fields.embedded.invoices import statement_in
from apps.extraction.engine.fields.embedded.values import day_of, decimal_of, decimal_text, values_of
from apps.extraction.engine.fields.types import MachineData
from apps.extraction.engine.guard import GuardedReader
from apps.extraction.engine.operations import machine_data
from apps.pipeline.samples.einvoice_xml import with_attachment
from tests.unit.extraction.makers_bundles import bundle_pdf
from tests.unit.extraction.makers_einvoices import (
    INVOICE,
    LINES,
    TRUTH,
    credit_note,
    factur_x,
    order_x,
    xrechnung,
    zugferd_1,
)

PDF = "application/pdf"
XML = "application/xml"


def said(xml: str | bytes) -> dict[str, object]:
    """Return the values that a file states, by their keys."""
    statement = statement_in(xml.encode() if isinstance(xml, str) else xml)
    return {value.key: msgspec.to_builtins(value.value) for value in values_of(statement)} if statement else {}


def data_of(path: Path, content: bytes, media_type: str) -> MachineData:
    path.write_bytes(content)
    with GuardedReader(ocr_languages=()) as reader:
        return reader.perform(
            machine_data, path, media_type=media_type, arguments=machine_data.Arguments(), result=MachineData
        )


@pytest.mark.parametrize(
    ("media_type", "facts", "code_pages", "expected"),
    [
        (PDF, {"title": "A report"}, [], False),
        (PDF, {"children": [{"key": "1", "name": "factur-x.xml"}]}, [], True),
        (PDF, {}, [2], True),
        ("image/png", {}, [1], True),
        ("image/png", {}, [], False),
        (XML, {}, [], True),
        ("message/rfc822", {}, [], True),
        ("text/plain", {}, [], False),
    ],
)
def test_only_files_that_may_say_something_are_opened_for_it(
    media_type: str, facts: dict[str, object], code_pages: list[int], expected: bool
) -> None:
    arguments = machine_data.Arguments(code_pages=code_pages)
    assert machine_data.is_worth_asking(media_type, facts, arguments) is expected


@pytest.mark.parametrize("make", [factur_x, zugferd_1, xrechnung, credit_note])
def test_every_syntax_says_the_same(make: Callable[[], str]) -> None:
    assert said(make()) == TRUTH


def test_an_order_comes_from_its_buyer() -> None:
    assert said(order_x()) == {**TRUTH, "sender": "Fuchs AG"}


def test_values_say_how_they_came_about() -> None:
    statement = statement_in(factur_x().encode())
    assert statement is not None
    assert statement.profile == "urn:cen.eu:en16931:2017"
    values = {value.key: value for value in values_of(statement)}
    assert {value.method for value in values.values()} == {"embedded"}
    assert {value.confidence for value in values.values()} == {None}
    assert values["grand_total"].currency == "EUR"
    assert values["issue_date"].raw_text == "20260305"


def test_unknown_namespaces_and_prefixes_do_not_matter() -> None:
    other = factur_x().replace(":100", ":200").replace("ram:", "a:").replace(":ram=", ":a=")
    assert said(other)["grand_total"] == "537.14"
    envelope = f'<e xmlns="urn:envelope"><header/>{xrechnung().partition("?>")[2]}</e>'
    assert said(envelope)["invoice_number"] == "RE-2026/417"


def test_what_is_missing_or_senseless_is_left_out() -> None:
    text = factur_x().replace("20260305", "20260231").replace("<ram:GrandTotalAmount>537.14", "<ram:GrandTotalAmount>?")
    text = text.replace(">EUR<", ">euros<")
    values = said(text)
    assert set(TRUTH) - set(values) == {"issue_date", "document_date", "grand_total", "currency"}
    assert values["line_items"] == LINES
    assert "iban" not in said(xrechnung().replace("DE89370400440532013000", "4711"))
    assert said(factur_x().replace("DE89370400440532013000", "DE4711"))["iban"] == "DE4711"  # declared as one


def test_taxes_are_told_in_the_currency_of_the_invoice() -> None:
    told_twice = factur_x().replace(
        "<ram:TaxTotalAmount", '<ram:TaxTotalAmount currencyID="GBP">61.20</ram:TaxTotalAmount><ram:TaxTotalAmount', 1
    )
    assert said(told_twice)["tax_total"] == "72.76"


def test_the_last_of_several_terms_is_the_due_date() -> None:
    early = "<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>20260312</ram:DueDateDateTime>"
    text = factur_x().replace(
        "<ram:SpecifiedTradeSettlementHeader",
        f"{early}</ram:SpecifiedTradePaymentTerms><ram:SpecifiedTradeSettlementHeader",
        1,
    )
    assert said(text)["due_date"] == "2026-04-04"


def test_prices_for_several_pieces_are_told_for_one() -> None:
    text = factur_x().replace(
        "<ram:ChargeAmount>27.95</ram:ChargeAmount>",
        "<ram:ChargeAmount>2795.00</ram:ChargeAmount><ram:BasisQuantity>100</ram:BasisQuantity>",
    )
    assert said(text)["line_items"] == LINES


@pytest.mark.parametrize(
    "damaged",
    [
        b"\xef\xbb\xbf\r\n  " + factur_x().encode(),  # blanks before the declaration
        factur_x().encode("latin-1"),  # declared as UTF-8
        factur_x().replace("UTF-8", "utf-16").encode("utf-16"),
        factur_x().encode().replace(b"</rsm:CrossIndustryInvoice>", b""),
        factur_x().replace("&amp;", "&").encode(),
        factur_x().replace("<ram:Name>", "<!-- the name --><ram:Name><!-- of -->").encode(),
    ],
    ids=["blanks", "latin", "utf-16", "cut", "ampersand", "comments"],
)
def test_plausible_damage_is_forgiven(damaged: bytes) -> None:
    values = said(damaged)
    assert str(values.pop("seller_name")).startswith("Brückner")
    assert values["grand_total"] == "537.14"
    assert values["line_items"] == LINES


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
    + "]>"
)
STEALER = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "hostile",
    [
        (BOMB + factur_x().partition("?>")[2].replace("RE-2026/417", "&j;")).encode(),
        (STEALER + factur_x().partition("?>")[2].replace("RE-2026/417", "&a;")).encode(),
        (STEALER + factur_x().partition("?>")[2].replace("RE-2026/417", "&a;")).encode("utf-16"),
        b"<" * 100_000,
        b"<a>" * 100_000,
        b"<a b='" + b"x" * (11 << 20),
        b"\x00\xff" * 1000 + b"<",
        b"<CrossIndustryInvoice/>",
        b"<Invoice/>",
        b"<!-- " + b"-" * 1_000_000,
        b"",
    ],
)
def test_hostile_xml_says_nothing(hostile: bytes) -> None:
    assert said(hostile) == {}


def test_no_prefix_of_an_invoice_breaks_the_reader() -> None:
    whole = xrechnung().encode()
    for end in range(0, len(whole), 97):
        assert set(said(whole[:end])) <= set(TRUTH)


def test_a_pdf_with_an_invoice_inside(tmp_path: Path) -> None:
    pdf = bundle_pdf([["# INVOICE", "RE-2026/417"]])
    with_other = with_attachment(pdf, "factur-x.xml", factur_x().encode(), INVOICE.issued)
    found = data_of(tmp_path / "a.pdf", with_other, PDF)
    assert {value.key: msgspec.to_builtins(value.value) for value in found.values} == TRUTH
    assert found.profile == "urn:cen.eu:en16931:2017"
    nameless = with_attachment(pdf, "data", factur_x().encode(), INVOICE.issued)
    assert data_of(tmp_path / "b.pdf", nameless, PDF) == found
    assert data_of(tmp_path / "c.pdf", pdf, PDF) == MachineData()
    other = with_attachment(pdf, "factur-x.xml", b"<note>nothing</note>", INVOICE.issued)
    assert data_of(tmp_path / "d.pdf", other, PDF) == MachineData()


def test_an_invoice_that_is_only_associated_with_the_file_or_a_page(tmp_path: Path) -> None:
    whole = with_attachment(bundle_pdf([["# INVOICE"]]), "factur-x.xml", factur_x().encode(), INVOICE.issued)
    for number, owner in enumerate(("file", "page")):
        content = BytesIO()
        with pikepdf.open(BytesIO(whole)) as pdf:
            del pdf.Root["/Names"]
            if owner == "page":
                pdf.pages[0].obj["/AF"] = pdf.Root["/AF"]
                del pdf.Root["/AF"]
            pdf.save(content)
        found = data_of(tmp_path / f"{number}.pdf", content.getvalue(), PDF)
        assert {value.key: msgspec.to_builtins(value.value) for value in found.values} == TRUTH
    with GuardedReader(ocr_languages=()) as reader:  # a file that is both named and associated is one file
        (tmp_path / "a.pdf").write_bytes(whole)
        assert [child.name for child in reader.open(tmp_path / "a.pdf").children] == ["factur-x.xml"]


def test_an_attachment_that_unpacks_without_end_costs_itself_only(tmp_path: Path) -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(700)) + packer.flush()
    content = BytesIO()
    pdf_with = with_attachment(bundle_pdf([["# INVOICE"]]), "factur-x.xml", b"<a/>", INVOICE.issued)
    with pikepdf.open(BytesIO(pdf_with)) as pdf:
        stream = pdf.attachments["factur-x.xml"].obj.EF.UF
        stream.write(packed, filter=pikepdf.Name("/FlateDecode"))
        stream.Params = pikepdf.Dictionary(Size=100)
        pdf.save(content)
    assert data_of(tmp_path / "a.pdf", content.getvalue(), PDF) == MachineData()


def test_a_damaged_attachment_costs_itself_only(tmp_path: Path) -> None:
    whole = with_attachment(bundle_pdf([["# INVOICE"]]), "factur-x.xml", b"<a/>", INVOICE.issued)
    content = BytesIO()
    with pikepdf.open(BytesIO(whole)) as pdf:
        pdf.attachments["factur-x.xml"].obj.EF.UF.write(b"no stream at all", filter=pikepdf.Name("/FlateDecode"))
        pdf.save(content)
    assert data_of(tmp_path / "a.pdf", content.getvalue(), PDF) == MachineData()


def test_a_file_of_xml_alone(tmp_path: Path) -> None:
    found = data_of(tmp_path / "a.xml", xrechnung().encode(), XML)
    assert {value.key: msgspec.to_builtins(value.value) for value in found.values} == TRUTH
    assert data_of(tmp_path / "b.xml", b"<book><title>Lamps</title></book>", XML) == MachineData()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20260305", "2026-03-05"),
        ("2026-03-05", "2026-03-05"),
        ("2026-03-05+01:00", "2026-03-05"),
        ("202603051230", "2026-03-05"),
        ("5.3.2026", "2026-03-05"),
        ("20261305", ""),
        ("soon", ""),
    ],
)
def test_days(text: str, expected: str) -> None:
    assert day_of(text) == expected


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [
        ("473.0000", 2, "473.00"),
        ("-7.9", 2, "-7.90"),
        ("20.0000", 0, "20"),
        ("100", 0, "100"),
        ("0.00", 2, "0.00"),
        ("1E+2", 2, "100.00"),
        ("3.3333", 2, "3.3333"),
        ("12,5", 2, "12.50"),
        ("1.234,50", 2, ""),
        ("NaN", 2, ""),
        ("1e999", 2, ""),
        ("", 2, ""),
        ("1e-999999", 0, ""),
        ("1e999999", 0, ""),
    ],
)
def test_numbers(text: str, places: int, expected: str) -> None:
    assert decimal_text(decimal_of(text), places=places) == expected
