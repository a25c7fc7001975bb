"""A German invoice in the layout of DIN 5008: window address, information block, four-column footer."""

from datetime import date, timedelta

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Spacer

from apps.pipeline.samples.model import Sample, Truth, table_truth
from apps.pipeline.samples.numbers import amount, german_vat, iban, long_date, short_date, spaced
from apps.pipeline.samples.pdf import GREY, Box, Command, Meta, build_pdf, lines, rule, table, text_style
from apps.pipeline.samples.trade import Bill, document_fields, item

AGE_DAYS = 12
SELLER = "Brandmüller & Söhne Bürobedarf GmbH"
BUYER = "Kanzlei Fuchsgruber Partnerschaft mbB"
VAT_ID = german_vat("99871234")
IBAN = iban("DE", "999500000417330082")
RED = "#9f1d35"
BILL = Bill(
    [
        item("Kopierpapier A4, 80 g/m², 2.500 Blatt", "12", "27.95", "19", unit="Karton", code="10-4410"),
        item("Höhenverstellbarer Schreibtisch „Linde“", "3", "489.00", "19", unit="Stück", code="77-0032"),
        item("Bürodrehstuhl „Ahorn“, schwarz", "3", "312.50", "19", unit="Stück", code="77-0118"),
        item("Tonerkassette, Reichweite 12.000 Seiten", "4", "118.70", "19", unit="Stück", code="31-2207"),
        item("Handbuch Kanzleiorganisation, 4. Auflage", "2", "64.49", "7", unit="Stück", code="90-0007"),
    ]
)


def make(today: date) -> Sample:
    """Return the invoice as it came in `AGE_DAYS` before `today`."""
    issued = today - timedelta(days=AGE_DAYS + 2)
    due = issued + timedelta(days=14)
    number = f"RE-{issued.year}-114"
    rows = _rows()
    content = build_pdf(
        _story(number, issued, due, rows),
        Meta(f"Rechnung {number}", SELLER, issued, "de"),
        first=[Box(25, 42, 165, 150)],
        paint=lambda canvas, _page: _paint(canvas, number, issued),
    )
    fields = {
        "invoice_number": number,
        "issue_date": issued.isoformat(),
        "due_date": due.isoformat(),
        "order_reference": "B-20871",
        "currency": "EUR",
        "seller_name": SELLER,
        "seller_vat_id": VAT_ID,
        "buyer_name": BUYER,
        "iban": IBAN,
        **BILL.totals(),
        **document_fields(SELLER, issued),
    }
    return Sample(
        name=f"rechnung-{issued.year}-114.pdf",
        content=content,
        title=f"Rechnung {number} Brandmüller & Söhne",
        media_type="application/pdf",
        tags=("accounting",),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="invoice",
            language="de",
            text_contains=(
                number,
                SELLER,
                "Höhenverstellbarer Schreibtisch",
                VAT_ID,
                f"{amount(BILL.grand_total, 'de')} €",
            ),
            fields=fields,
            line_items=BILL.line_items(),
            tables=(table_truth(rows),),
        ),
    )


def _rows() -> list[list[str]]:
    header = ["Pos.", "Art.-Nr.", "Bezeichnung", "Menge", "Einheit", "MwSt.", "Einzelpreis", "Gesamt"]
    body = [
        [
            str(place),
            line.code,
            line.description,
            str(line.quantity),
            line.unit,
            f"{line.tax_rate} %",
            amount(line.unit_price, "de"),
            amount(line.amount, "de"),
        ]
        for place, line in enumerate(BILL.items, start=1)
    ]
    return [header, *body]


def _story(number: str, issued: date, due: date, rows: list[list[str]]) -> list[Flowable]:
    body = text_style(9.5, leading=13, after=7)
    discount = amount(BILL.grand_total * 98 / 100, "de")
    columns: list[Command] = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 8.5),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 8.5),
        ("BACKGROUND", (0, 0), (-1, 0), "#f6e9ec"),
        ("ALIGN", (3, 0), (3, -1), "RIGHT"),
        ("ALIGN", (5, 0), (-1, -1), "RIGHT"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, "#c9a3ab"),
        ("LINEABOVE", (0, 0), (-1, 0), 0.9, RED),
    ]
    return [
        Paragraph(f"Rechnung Nr. {number}", text_style(15, font="Helvetica-Bold", colour=RED, after=10)),
        Paragraph("Sehr geehrte Damen und Herren,", body),
        Paragraph("für die Lieferung zu Ihrer Bestellung B-20871 berechnen wir Ihnen wie vereinbart:", body),
        table(rows, [9, 17, 62, 12, 15, 12, 19, 19], columns, repeat=1),
        Spacer(0, 6),
        _totals(),
        Spacer(0, 12),
        Paragraph(
            f"Zahlbar ohne Abzug bis <b>{short_date(due, 'de')}</b>. Bei Zahlung innerhalb von 7 Tagen gewähren wir "
            f"2 % Skonto (Zahlbetrag {discount} €). Lieferdatum: {long_date(issued - timedelta(days=3), 'de')}.",
            body,
        ),
        Paragraph("Die Ware bleibt bis zur vollständigen Bezahlung unser Eigentum.", body),
        Paragraph("Mit freundlichen Grüßen<br/>Ihre Auftragsabwicklung", body),
    ]


def _totals() -> Flowable:
    taxes = [
        [f"zzgl. {rate} % MwSt. auf {amount(BILL.net_of(rate), 'de')} €", f"{amount(tax, 'de')} €"]
        for rate, tax in BILL.taxes.items()
    ]
    rows = [
        ["Summe netto", f"{amount(BILL.net_total, 'de')} €"],
        *taxes,
        ["Summe MwSt.", f"{amount(BILL.tax_total, 'de')} €"],
        ["Rechnungsbetrag", f"{amount(BILL.grand_total, 'de')} €"],
    ]
    look: list[Command] = [
        ("FONT", (0, 0), (-1, -2), "Helvetica", 9),
        ("FONT", (0, -1), (-1, -1), "Helvetica-Bold", 10.5),
        ("ALIGN", (1, 0), (1, -1), "RIGHT"),
        ("LINEABOVE", (0, -1), (-1, -1), 0.9, RED),
        ("RIGHTPADDING", (1, 0), (1, -1), 3),
    ]
    return table(rows, [62, 28], look, align="RIGHT")


def _paint(canvas: Canvas, number: str, issued: date) -> None:
    canvas.setFillColor(HexColor(RED))
    for index in range(3):
        canvas.roundRect((25 + 4.4 * index) * mm, 272 * mm, 3.4 * mm, (7 + 3.5 * index) * mm, 1 * mm, stroke=0, fill=1)
    lines(canvas, ["Brandmüller & Söhne"], (41, 277), font="Helvetica-Bold", size=15, colour=RED)
    lines(canvas, ["Bürobedarf seit 1974"], (41, 272.3), size=9, colour=GREY)
    lines(canvas, [f"{SELLER} · Lindenstraße 48 · 99089 Erfurt"], (25, 247), size=6.5, colour=GREY)
    rule(canvas, 25, 105, 246, width=0.3)
    address = [BUYER, "Frau Rechtsanwältin Dr. A. Fuchsgruber", "Marktplatz 7", "99084 Erfurt"]
    lines(canvas, address, (25, 240), size=10, leading=13)
    labels = ["Rechnungsnummer", "Rechnungsdatum", "Kundennummer", "Bestellung", "Ansprechpartner"]
    values = [number, short_date(issued, "de"), "K-30416", "B-20871", "Jonas Weidenfeller"]
    lines(canvas, labels, (128, 240), size=8.5, colour=GREY, leading=13)
    lines(canvas, values, (160, 240), size=8.5, leading=13)
    for fold in (192, 87):
        rule(canvas, 3, 8, fold, width=0.3)
    rule(canvas, 25, 190, 34, colour=RED)
    footer = [
        [SELLER, "Lindenstraße 48", "99089 Erfurt"],
        ["Tel. +49 30 23125 117", "rechnung@brandmueller.example", "www.brandmueller.example"],
        ["Musterbank Erfurt", f"IBAN {spaced(IBAN)}", "BIC MUSTDE99XXX"],
        ["Geschäftsführer: M. Brandmüller", "Amtsgericht Jena HRB 990017", f"USt-IdNr. {VAT_ID}"],
    ]
    for left, column in zip((25, 74, 112, 156), footer, strict=True):
        lines(canvas, column, (left, 29.5), size=6.3, colour=GREY, leading=9)
