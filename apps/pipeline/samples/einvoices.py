"""Invoices that programs can read: a Factur-X PDF, an XRechnung in XML alone, a Swiss invoice with a QR-bill."""

from datetime import date, timedelta

import zxingcpp
from PIL import Image
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Spacer

from apps.pipeline.samples.einvoice_xml import Invoice, Party, cii, ubl, with_attachment
from apps.pipeline.samples.model import Sample, Truth, table_truth
from apps.pipeline.samples.numbers import amount, german_vat, iban, long_date, short_date, spaced, swiss_vat
from apps.pipeline.samples.pdf import GREY, RIGHT, Box, Command, Meta, build_pdf, lines, rule, table, text_style
from apps.pipeline.samples.trade import Bill, document_fields, item

HYBRID_AGE_DAYS, XML_AGE_DAYS, QR_AGE_DAYS = 9, 16, 27
TEAL = "#0f766e"
ROPES = Party(
    name="Seilerei Harkendorf GmbH",
    street="Hafenstraße 12",
    postcode="99425",
    city="Weimar",
    country="DE",
    vat_id=german_vat("99876120"),
)
CLIMBERS = Party(name="Kletterhalle Nordwand eG", street="Am Speicher 3", postcode="99086", city="Erfurt", country="DE")
CITY = Party(
    name="Stadtbibliothek Quellbronn", street="Marktplatz 1", postcode="99189", city="Quellbronn", country="DE"
)
IBAN = iban("DE", "999500000417441903")
SWISS_IBAN = iban("CH", "09999000417226118")
SWISS_VAT_ID = swiss_vat("99900042")
SWISS_SELLER = ("Velowerkstatt Brünnlein AG", "Seestrasse", "7", "6003", "Luzern")
SWISS_BUYER = ("Kurierdienst Pfeil GmbH", "Bahnhofplatz", "2", "6300", "Zug")
ROPE_BILL = Bill(
    [
        item("Kletterseil 9,8 mm, 60 m", "14", "129.50", "19"),
        item("Bandschlinge 120 cm", "60", "7.85", "19"),
        item("Lehrbuch Sicherungstechnik", "5", "28.00", "7"),
    ]
)
SHELF_BILL = Bill([item("Seilgeländer, montiert", "36", "41.20", "19"), item("Anfahrt", "1", "85.00", "19")])
VELO_BILL = Bill(
    [
        item("Jahresservice Lastenvelo", "6", "189.00", "8.1"),
        item("Bremsbelag organisch, Paar", "12", "24.90", "8.1"),
        item("Kette 12-fach", "6", "61.50", "8.1"),
    ]
)


def make_hybrid(today: date) -> Sample:
    """Return a PDF that carries its own data as Factur-X XML."""
    issued = today - timedelta(days=HYBRID_AGE_DAYS + 1)
    invoice = _invoice(f"SH-{issued:%y}-0418", issued, "K-2207", CLIMBERS, ROPE_BILL)
    rows = _rows(ROPE_BILL, "MwSt.")
    pdf = build_pdf(
        _story(invoice, rows, ROPES.name),
        Meta(f"Rechnung {invoice.number}", ROPES.name, issued, "de"),
        first=[Box(25, 40, 165, 165)],
        paint=lambda canvas, _page: _paint(canvas, invoice),
    )
    return Sample(
        name=f"rechnung_{invoice.number}_factur-x.pdf",
        content=with_attachment(pdf, "factur-x.xml", cii(invoice), issued),
        title=f"Rechnung {invoice.number} Seilerei Harkendorf",
        media_type="application/pdf",
        tags=("accounting",),
        received_days_ago=HYBRID_AGE_DAYS,
        truth=Truth(
            type="invoice",
            language="de",
            text_contains=(invoice.number, ROPES.name, CLIMBERS.name, f"{amount(ROPE_BILL.grand_total, 'de')} €"),
            fields=_fields(invoice),
            line_items=ROPE_BILL.line_items(),
            tables=(table_truth(rows),),
        ),
    )


def make_xml(today: date) -> Sample:
    """Return an XRechnung, which is XML without any page."""
    issued = today - timedelta(days=XML_AGE_DAYS + 2)
    invoice = _invoice(f"SH-{issued:%y}-0397", issued, "BIB-90412", CITY, SHELF_BILL)
    return Sample(
        name=f"xrechnung_{invoice.number}.xml",
        content=ubl(invoice),
        title=f"XRechnung {invoice.number} Seilerei Harkendorf",
        media_type="application/xml",
        tags=("accounting",),
        received_days_ago=XML_AGE_DAYS,
        truth=Truth(
            type="invoice",
            language="de",
            text_contains=(invoice.number, ROPES.name, CITY.name),
            fields=_fields(invoice),
            line_items=SHELF_BILL.line_items(),
        ),
    )


def make_qr_bill(today: date) -> Sample:
    """Return a Swiss invoice whose payment part has a QR code (Swiss Implementation Guidelines QR-bill 2.2)."""
    issued = today - timedelta(days=QR_AGE_DAYS + 3)
    due = issued + timedelta(days=30)
    number = f"{issued:%Y}-1183"
    rows = _rows(VELO_BILL, "MWST")
    content = build_pdf(
        _swiss_story(rows, due),
        Meta(f"Rechnung {number}", SWISS_SELLER[0], issued, "de"),
        first=[Box(20, 112, 170, 104)],
        paint=lambda canvas, _page: _paint_swiss(canvas, number, issued, due),
    )
    fields = {
        "invoice_number": number,
        "issue_date": issued.isoformat(),
        "due_date": due.isoformat(),
        "order_reference": "PF-3310",
        "currency": "CHF",
        "seller_name": SWISS_SELLER[0],
        "seller_vat_id": SWISS_VAT_ID,
        "buyer_name": SWISS_BUYER[0],
        "iban": SWISS_IBAN,
        **VELO_BILL.totals(),
        **document_fields(SWISS_SELLER[0], issued),
    }
    return Sample(
        name=f"Velowerkstatt {number} QR-Rechnung.pdf",
        content=content,
        title=f"Rechnung {number} Velowerkstatt Brünnlein",
        media_type="application/pdf",
        tags=("accounting",),
        received_days_ago=QR_AGE_DAYS,
        truth=Truth(
            type="invoice",
            language="de",
            text_contains=(number, SWISS_SELLER[0], "Zahlteil", spaced(SWISS_IBAN)),
            fields=fields,
            line_items=VELO_BILL.line_items(),
            tables=(table_truth(rows),),
        ),
    )


def _invoice(number: str, issued: date, order: str, buyer: Party, bill: Bill) -> Invoice:
    return Invoice(
        number=number,
        issued=issued,
        due=issued + timedelta(days=14),
        order=order,
        currency="EUR",
        seller=ROPES,
        buyer=buyer,
        iban=IBAN,
        bill=bill,
    )


def _fields(invoice: Invoice) -> dict[str, str | tuple[str, ...]]:
    return {
        "invoice_number": invoice.number,
        "issue_date": invoice.issued.isoformat(),
        "due_date": invoice.due.isoformat(),
        "order_reference": invoice.order,
        "currency": invoice.currency,
        "seller_name": invoice.seller.name,
        "seller_vat_id": invoice.seller.vat_id,
        "buyer_name": invoice.buyer.name,
        "iban": invoice.iban,
        **invoice.bill.totals(),
        **document_fields(invoice.seller.name, invoice.issued),
    }


def _rows(bill: Bill, tax: str) -> list[list[str]]:
    body = [
        [
            line.description,
            str(line.quantity),
            amount(line.unit_price, "de"),
            f"{str(line.tax_rate).replace('.', ',')} %",
            amount(line.amount, "de"),
        ]
        for line in bill.items
    ]
    return [["Bezeichnung", "Menge", "Einzelpreis", tax, "Betrag"], *body]


def _lines_table(rows: list[list[str]], colour: str) -> Flowable:
    look: list[Command] = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 9.5),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 9.5),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colour),
        ("LINEBELOW", (0, -1), (-1, -1), 0.4, GREY),
    ]
    return table(rows, [78, 18, 26, 20, 23], look, repeat=1)


def _totals(bill: Bill, tax: str, total: str, sign: str) -> Flowable:
    taxes = [
        [f"{tax} {str(rate).replace('.', ',')} %", f"{amount(value, 'de')} {sign}"]
        for rate, value in bill.taxes.items()
    ]
    rows = [
        ["Summe netto", f"{amount(bill.net_total, 'de')} {sign}"],
        *taxes,
        [f"{tax} gesamt", f"{amount(bill.tax_total, 'de')} {sign}"],
        [total, f"{amount(bill.grand_total, 'de')} {sign}"],
    ]
    look: list[Command] = [
        ("FONT", (0, 0), (-1, -2), "Helvetica", 9.5),
        ("FONT", (0, -1), (-1, -1), "Helvetica-Bold", 10.5),
        ("ALIGN", (1, 0), (1, -1), "RIGHT"),
    ]
    return table(rows, [50, 32], look, align="RIGHT")


def _story(invoice: Invoice, rows: list[list[str]], seller: str) -> list[Flowable]:
    body = text_style(10, leading=14, after=7)
    return [
        Paragraph(f"Rechnung {invoice.number}", text_style(15, font="Helvetica-Bold", colour=TEAL, after=10)),
        Paragraph(f"Ihre Bestellung {invoice.order}, geliefert am {long_date(invoice.issued, 'de')}.", body),
        _lines_table(rows, TEAL),
        Spacer(0, 6),
        _totals(invoice.bill, "MwSt.", "Rechnungsbetrag", "€"),
        Spacer(0, 14),
        Paragraph(f"Bitte überweisen Sie den Betrag bis zum <b>{short_date(invoice.due, 'de')}</b>.", body),
        Paragraph(f"Die Daten dieser Rechnung liegen ihr als XML bei (Factur-X).<br/>{seller}", body),
    ]


def _paint(canvas: Canvas, invoice: Invoice) -> None:
    lines(canvas, [invoice.seller.name], (25, 280), font="Helvetica-Bold", size=15, colour=TEAL)
    lines(canvas, ["Seile für Berg und See"], (25, 275), size=9, colour=GREY)
    rule(canvas, 25, 190, 271, colour=TEAL)
    lines(canvas, _address(invoice.buyer), (25, 248), size=10, leading=14)
    facts = [f"Rechnungsdatum {short_date(invoice.issued, 'de')}", f"Bestellung {invoice.order}"]
    lines(canvas, facts, (190, 248), size=9.5, leading=13, align=RIGHT)
    foot = [
        " · ".join([invoice.seller.name, invoice.seller.street, f"{invoice.seller.postcode} {invoice.seller.city}"]),
        f"IBAN {spaced(invoice.iban)} · BIC MUSTDE99XXX · USt-IdNr. {invoice.seller.vat_id}",
    ]
    lines(canvas, foot, (25, 24), size=8, colour=GREY, leading=11)


def _address(party: Party) -> list[str]:
    return [party.name, party.street, f"{party.postcode} {party.city}"]


def _swiss_story(rows: list[list[str]], due: date) -> list[Flowable]:
    body = text_style(10, leading=14, after=7)
    return [
        _lines_table(rows, "#111827"),
        Spacer(0, 5),
        _totals(VELO_BILL, "MWST", "Total", "CHF"),
        Spacer(0, 8),
        Paragraph(f"Zahlbar bis {short_date(due, 'de')}, rein netto. Besten Dank für Ihren Auftrag.", body),
    ]


def _paint_swiss(canvas: Canvas, number: str, issued: date, due: date) -> None:
    lines(canvas, _post(SWISS_SELLER), (20, 282), size=10, leading=13)
    lines(canvas, _post(SWISS_BUYER), (125, 262), size=10, leading=13)
    lines(canvas, [f"Rechnung {number}"], (20, 246), font="Helvetica-Bold", size=14)
    labels = ["Rechnungsdatum", "Kundennummer", "Ihre Bestellung", "Fällig am", "MWST-Nummer"]
    vat_id = f"CHE {spaced(SWISS_VAT_ID[3:], 3)} MWST"
    values = [long_date(issued, "de"), "4107", "PF-3310", short_date(due, "de"), vat_id]
    lines(canvas, labels, (20, 240), size=9, colour=GREY, leading=12)
    lines(canvas, values, (52, 240), size=9, leading=12)
    rule(canvas, 0, 210, 105, width=0.5)
    _payment_part(canvas, number)


def _payment_part(canvas: Canvas, number: str) -> None:
    """Draw receipt and payment part; the code is 46 mm wide."""
    total = f"{VELO_BILL.grand_total:,.2f}".replace(",", " ")
    payee = [spaced(SWISS_IBAN), *_post(SWISS_SELLER)]
    for left, title in ((5, "Empfangsschein"), (67, "Zahlteil")):
        lines(canvas, [title], (left, 96), font="Helvetica-Bold", size=11)
        lines(canvas, ["Währung   Betrag"], (left, 33 if left > 5 else 36), font="Helvetica-Bold", size=7)
        lines(canvas, [f"CHF           {total}"], (left, 29 if left > 5 else 32), size=8)
    for left, top in ((5, 89), (118, 96)):
        lines(canvas, ["Konto / Zahlbar an"], (left, top), font="Helvetica-Bold", size=7)
        lines(canvas, payee, (left, top - 4), size=8, leading=9.5)
    lines(canvas, ["Zusätzliche Informationen"], (118, 68), font="Helvetica-Bold", size=7)
    lines(canvas, [f"Rechnung {number}"], (118, 64), size=8)
    code = zxingcpp.create_barcode(_qr_content(number), zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    canvas.drawImage(ImageReader(Image.fromarray(code.to_image(scale=4))), 67 * mm, 42 * mm, 46 * mm, 46 * mm)


def _qr_content(number: str) -> str:
    head = ["SPC", "0200", "1", SWISS_IBAN]
    nobody = [""] * 7
    payment = [str(VELO_BILL.grand_total), "CHF"]
    tail = ["NON", "", f"Rechnung {number}", "EPD"]
    return "\r\n".join([*head, *_party(SWISS_SELLER), *nobody, *payment, *_party(SWISS_BUYER), *tail])


def _party(party: tuple[str, ...]) -> list[str]:
    return ["S", *party, "CH"]


def _post(party: tuple[str, ...]) -> list[str]:
    name, street, house, postcode, city = party
    return [name, f"{street} {house}", f"{postcode} {city}"]
