"""An English invoice in a modern, open layout: colour accent, no ruled table, payment block at the foot."""

from datetime import date, timedelta

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Spacer

from apps.pipeline.samples.model import Sample, Truth, table_truth
from apps.pipeline.samples.numbers import amount, british_vat, iban, long_date, spaced
from apps.pipeline.samples.pdf import GREY, RIGHT, Box, Command, Meta, build_pdf, lines, rule, table, text_style
from apps.pipeline.samples.trade import Bill, document_fields, item

AGE_DAYS = 9
SELLER = "Northlight Studio Ltd"
BUYER = "Pemberly Garden Centres Ltd"
VAT_ID = british_vat("9137246")
IBAN = iban("GB", "NLSB09128865430172")
TEAL = "#0f766e"
BILL = Bill(
    [
        item("Brand workshop and research report", "1", "1850.00", "20"),
        item("Website design, five page templates", "5", "640.00", "20"),
        item("Front-end implementation (days)", "7.5", "520.00", "20"),
        item("Product photography, half day", "2", "395.00", "20"),
        item("Stock image licences", "12", "14.50", "20"),
    ]
)


def make(today: date) -> Sample:
    """Return the invoice as it came in `AGE_DAYS` before `today`."""
    issued = today - timedelta(days=AGE_DAYS + 1)
    due = issued + timedelta(days=30)
    number = f"NLS-{issued.year}-0418"
    rows = _rows()
    content = build_pdf(
        _story(number, issued, due, rows),
        Meta(f"Invoice {number}", SELLER, issued),
        first=[Box(22, 45, 166, 212)],
        paint=_paint,
    )
    fields = {
        "invoice_number": number,
        "issue_date": issued.isoformat(),
        "due_date": due.isoformat(),
        "order_reference": "PGC-77120",
        "currency": "GBP",
        "seller_name": SELLER,
        "seller_vat_id": VAT_ID,
        "buyer_name": BUYER,
        "iban": IBAN,
        **BILL.totals(),
        **document_fields(SELLER, issued),
    }
    return Sample(
        name=f"{number}.pdf",
        content=content,
        title=f"Northlight Studio invoice {number}",
        media_type="application/pdf",
        tags=("accounting", "marketing"),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="invoice",
            language="en",
            text_contains=(number, BUYER, "Front-end implementation (days)", "Amount due", spaced(IBAN)),
            fields=fields,
            line_items=BILL.line_items(),
            tables=(table_truth(rows),),
        ),
    )


def _rows() -> list[list[str]]:
    header = ["Description", "Quantity", "Unit price", "Amount"]
    return [header] + [
        [line.description, f"{line.quantity}", f"£{amount(line.unit_price)}", f"£{amount(line.amount)}"]
        for line in BILL.items
    ]


def _story(number: str, issued: date, due: date, rows: list[list[str]]) -> list[Flowable]:
    small = text_style(7.5, colour=GREY)
    value = text_style(9.5, leading=13)
    facts = [
        ("Invoice no.", number),
        ("Issued", long_date(issued)),
        ("Due", long_date(due)),
        ("Your order", "PGC-77120"),
    ]
    address = f"<b>{BUYER}</b><br/>Accounts Payable<br/>14 Orchard Lane<br/>Tetbury GL8 8XQ"
    columns: list[Command] = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 9),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 8),
        ("TEXTCOLOR", (0, 0), (-1, 0), TEAL),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("TOPPADDING", (0, 0), (-1, -1), 6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ("LINEBELOW", (0, 0), (-1, 0), 1, TEAL),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, "#d1d5db"),
    ]
    return [
        Paragraph("Invoice", text_style(30, font="Helvetica-Bold", colour=TEAL, leading=34, after=14)),
        table(
            [[Paragraph(name, small) for name, _ in facts], [Paragraph(text, value) for _, text in facts]], [41.5] * 4
        ),
        Spacer(0, 16),
        table([[Paragraph("Billed to", small), ""], [Paragraph(address, value), ""]], [83, 83]),
        Spacer(0, 20),
        table(rows, [92, 20, 27, 27], columns, repeat=1),
        Spacer(0, 10),
        _totals(),
        Spacer(0, 22),
        Paragraph(
            "Thank you for working with us. Questions about this invoice? Write to accounts@northlight.example.", value
        ),
    ]


def _totals() -> Flowable:
    rows = [
        ["Subtotal", f"£{amount(BILL.net_total)}"],
        ["VAT 20%", f"£{amount(BILL.tax_total)}"],
        ["Amount due", f"£{amount(BILL.grand_total)}"],
    ]
    look: list[Command] = [
        ("FONT", (0, 0), (-1, 1), "Helvetica", 9),
        ("FONT", (0, 2), (-1, 2), "Helvetica-Bold", 12),
        ("ALIGN", (1, 0), (1, -1), "RIGHT"),
        ("BACKGROUND", (0, 2), (-1, 2), TEAL),
        ("TEXTCOLOR", (0, 2), (-1, 2), "#ffffff"),
        ("TOPPADDING", (0, 2), (-1, 2), 7),
        ("BOTTOMPADDING", (0, 2), (-1, 2), 9),
        ("LEFTPADDING", (0, 0), (0, -1), 8),
        ("RIGHTPADDING", (1, 0), (1, -1), 8),
    ]
    return table(rows, [40, 36], look, align="RIGHT")


def _paint(canvas: Canvas, _page: int) -> None:
    canvas.setFillColor(HexColor(TEAL))
    canvas.rect(0, 292 * mm, 210 * mm, 5 * mm, stroke=0, fill=1)
    for index, shade in enumerate(("#99f6e4", "#2dd4bf", TEAL)):
        canvas.setFillColor(HexColor(shade))
        canvas.circle((152 + 5 * index) * mm, 274 * mm, 5.5 * mm, stroke=0, fill=1)
    lines(canvas, ["Northlight", "Studio"], (169, 275), font="Helvetica-Bold", size=10, leading=11.5)
    rule(canvas, 22, 188, 36, colour="#d1d5db")
    lines(canvas, [SELLER, "3 Harbour Yard", "Bristol BS1 9QT", f"VAT no. {VAT_ID}"], (22, 31), size=7.5, colour=GREY)
    lines(
        canvas,
        ["Pay to", "Fictional Bank plc", f"IBAN {spaced(IBAN)}", "BIC NLSBGB2X"],
        (84, 31),
        size=7.5,
        colour=GREY,
    )
    legal = ["Registered in England", "Company no. 00918273", "020 7946 0417", "northlight.example"]
    lines(canvas, legal, (188, 31), size=7.5, colour=GREY, align=RIGHT)
