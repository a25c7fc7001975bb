"""Payment codes: what they say, where they are looked for, where they are found; mail headers; sources together."""

from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from apps.extraction.engine.fields.embedded import mail
from apps.extraction.engine.fields.embedded.codes import pages_worth_a_look
from apps.extraction.engine.fields.embedded.merging import merged
from apps.extraction.engine.fields.embedded.payments import Payment, payment_of, values_of
from apps.extraction.engine.fields.types import Code, MachineData
from apps.extraction.engine.guard import GuardedReader
from apps.extraction.engine.operations import machine_data
from apps.extraction.engine.types import PageReading
from apps.pipeline.samples.einvoice_xml import with_attachment
from tests.unit.extraction.makers_einvoices import INVOICE, factur_x

SWISS_PARTY = ["S", "Muster Velo AG", "Seestrasse", "7", "6003", "Luzern", "CH"]
SWISS_HEAD = ["SPC", "0200", "1", "CH9300762011623852957"]
SWISS_TAIL = ["SCOR", "RF18539007547034", "Service in spring", "EPD"]
SWISS = "\r\n".join([*SWISS_HEAD, *SWISS_PARTY, *([""] * 7), "1949.75", "CHF", *SWISS_PARTY, *SWISS_TAIL])
EPC = "BCD\n002\n1\nSCT\nBFSWDE33BER\nBrückner & Söhne GmbH\nDE89370400440532013000\nEUR537.14\n\n\nRE-2026/417\n"
SPAYD = "SPD*1.0*ACC:CZ5855000000001265098001+RZBCCZPP*AM:480.50*CC:CZK*RN:ALICE*X-VS:1234567890"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            SWISS,
            Payment(
                account="CH9300762011623852957",
                payee="Muster Velo AG",
                amount="1949.75",
                currency="CHF",
                reference="RF18539007547034",
            ),
        ),
        (
            EPC,
            Payment(
                account="DE89370400440532013000",
                payee="Brückner & Söhne GmbH",
                amount="537.14",
                currency="EUR",
                reference="RE-2026/417",
            ),
        ),
        (
            SPAYD,
            Payment(
                account="CZ5855000000001265098001",
                payee="ALICE",
                amount="480.50",
                currency="CZK",
                reference="1234567890",
            ),
        ),
        ("https://example.org/pay", None),
        ("SPC\n0200", None),
        ("SPC\n0100\n" * 20, None),
        ("BCD\n002\n1\nXYZ\n\n\n\n", None),
        ("", None),
    ],
)
def test_what_codes_ask_for(content: str, expected: Payment | None) -> None:
    assert payment_of(content) == expected


def test_values_have_the_code_as_their_place() -> None:
    box = (0.1, 0.7, 0.3, 0.9)
    values = {value.key: value for value in values_of([Code(page=2, box=box, kind="qr", content=SWISS)])}
    assert {key: value.value for key, value in values.items()} == {
        "iban": "CH9300762011623852957",
        "currency": "CHF",
        "payee_name": "Muster Velo AG",
        "payment_reference": "RF18539007547034",
        "amount_due": "1949.75",
    }
    assert {(value.page, value.box, value.method, value.confidence) for value in values.values()} == {
        (2, box, "embedded", None)
    }
    assert values["amount_due"].currency == "CHF"


@pytest.mark.parametrize(
    ("amount", "account"), [("EUR-5.00", "DE89"), ("EUR", ""), ("EUR1e99", "x"), ("EURNaN", "?"), ("", "")]
)
def test_senseless_parts_are_left_out(amount: str, account: str) -> None:
    content = EPC.replace("EUR537.14", amount).replace("DE89370400440532013000", account)
    keys = {value.key for value in values_of([Code(page=1, box=None, kind="qr", content=content)])}
    assert not keys & {"iban", "amount_due"}


def page(number: int, text: str, width: float = 595) -> PageReading:
    return PageReading(number=number, width=width, height=842, rotation=0, text=text, text_source="native")


def test_only_pages_that_may_have_a_code_are_drawn() -> None:
    pages = [page(number, f"page {number}") for number in range(1, 9)]
    assert pages_worth_a_look(pages, "invoice") == [1, 2, 8]
    assert pages_worth_a_look(pages, "contract") == []
    pages[7] = page(8, "Zahlteil Konto CH93 0076 2011 6238 5295 7")
    assert pages_worth_a_look(pages, None) == [8]
    assert pages_worth_a_look([page(1, "IBAN DE89 3704 0044 0532 0130 00", width=0)], "invoice") == []


def paper(content: str) -> bytes:
    """Return a page with a QR code in its lower left corner, the modules half a millimetre wide."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1)
    canvas.drawString(72, 780, "Invoice RE-2026/417")
    code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    canvas.drawImage(ImageReader(Image.fromarray(code.to_image(scale=4))), 60, 80, 130, 130)
    canvas.save()
    return buffer.getvalue()


def data_of(path: Path, content: bytes, media_type: str, pages: list[int]) -> MachineData:
    path.write_bytes(content)
    arguments = machine_data.Arguments(code_pages=pages)
    with GuardedReader(ocr_languages=()) as reader:
        return reader.perform(machine_data, path, media_type=media_type, arguments=arguments, result=MachineData)


def test_codes_on_a_page_of_a_pdf_and_on_a_picture(tmp_path: Path) -> None:
    found = data_of(tmp_path / "a.pdf", paper(SWISS), "application/pdf", [1])
    (code,) = found.codes
    assert code.content.splitlines() == SWISS.splitlines()
    assert code.box is not None
    assert code.box == pytest.approx((60 / 595, 1 - 210 / 842, 190 / 595, 1 - 80 / 842), abs=0.03)
    assert {value.key: value.value for value in found.values}["amount_due"] == "1949.75"
    assert data_of(tmp_path / "b.pdf", paper(SWISS), "application/pdf", []) == MachineData()
    drawn = zxingcpp.create_barcode(EPC, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture = Image.new("L", (1000, 1400), 255)
    picture.paste(Image.fromarray(drawn.to_image(scale=5)), (100, 900))
    picture.save(tmp_path / "c.png")
    values = data_of(tmp_path / "c.png", (tmp_path / "c.png").read_bytes(), "image/png", [1]).values
    assert {value.key: value.value for value in values}["payee_name"] == "Brückner & Söhne GmbH"


def test_an_invoice_speaks_before_the_code_on_its_page(tmp_path: Path) -> None:
    other = EPC.replace("DE89370400440532013000", "GB82WEST12345698765432")
    both = with_attachment(paper(other), "factur-x.xml", factur_x().encode(), INVOICE.issued)
    values = {value.key: value for value in data_of(tmp_path / "a.pdf", both, "application/pdf", [1]).values}
    assert values["iban"].value == "DE89370400440532013000"
    assert values["iban"].checks == ["failed: the payment code on page 1 says GB82WEST12345698765432"]
    assert [other.value for other in values["iban"].alternatives] == ["GB82WEST12345698765432"]
    assert values["currency"].checks == []
    assert values["amount_due"].value == "537.14"


def test_headers_of_a_mail(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"] = "Alice <alice@harbour.example>"
    message["Date"] = "Thu, 05 Mar 2026 23:30:00 +0100"
    message["Subject"] = "Lamps"
    message.set_content("The lamps have come.")
    values = data_of(tmp_path / "a.eml", bytes(message), "message/rfc822", []).values
    assert [(value.key, value.value, value.method) for value in values] == [
        ("sender", "Alice <alice@harbour.example>", "embedded"),
        ("document_date", "2026-03-05", "embedded"),
    ]
    assert mail.values_of("message/rfc822", {"created_at": "some day"}) == []
    assert mail.values_of("application/pdf", {"author": "Alice"}) == []


def test_what_agrees_is_told_once() -> None:
    values = values_of([Code(page=1, box=None, kind="qr", content=EPC)])
    assert merged([values, values]) == values
