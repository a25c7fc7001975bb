"""An American invoice in the classic layout: serif type, fully ruled item table, boxed totals."""

from datetime import date, timedelta
from decimal import Decimal

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Spacer

from apps.pipeline.samples.model import Sample, Truth, table_truth
from apps.pipeline.samples.numbers import amount, short_date
from apps.pipeline.samples.pdf import CENTRE, RIGHT, Box, Command, Meta, build_pdf, lines, rule, table, text_style
from apps.pipeline.samples.trade import Bill, document_fields, item

AGE_DAYS = 41
SELLER = "Harrow & Pike Industrial Supply, Inc."
BUYER = "Tallgrass Valley Dairy Cooperative"
NAVY = "#1e2a4a"
LETTER_SIZE = (612, 792)
BILL = Bill(
    [
        item("Sanitary butterfly valve, 2 in., 316L", "8", "112.40", "6.5", unit="EA", code="BV-200-S"),
        item("EPDM gasket, 2 in., white", "50", "1.85", "6.5", unit="EA", code="GK-200-E"),
        item("Centrifugal pump, 5 HP, sanitary", "2", "2318.00", "6.5", unit="EA", code="CP-5H-S"),
        item("Stainless tubing, 2 in. x 20 ft", "14", "187.25", "6.5", unit="LEN", code="TB-220"),
        item("Food-grade lubricant, 14 oz cartridge", "24", "9.10", "6.5", unit="CTG", code="LB-FG14"),
        item("Clamp, heavy duty, 2 in.", "60", "6.72", "6.5", unit="EA", code="CL-200-H"),
    ]
)


def make(today: date) -> Sample:
    """Return the invoice as it came in `AGE_DAYS` before `today`."""
    issued = today - timedelta(days=AGE_DAYS + 3)
    due = issued + timedelta(days=45)
    number = "108834"
    rows = _rows()
    content = build_pdf(
        _story(number, issued, due, rows),
        Meta(f"Invoice {number}", SELLER, issued),
        first=[Box(18, 28, 180, 208)],
        paint=_paint,
        size=LETTER_SIZE,
    )
    fields = {
        "invoice_number": number,
        "issue_date": issued.isoformat(),
        "due_date": due.isoformat(),
        "order_reference": "PO 5520-B",
        "currency": "USD",
        "seller_name": SELLER,
        "buyer_name": BUYER,
        **BILL.totals(),
        **document_fields(SELLER, issued),
    }
    return Sample(
        name=f"INV{number}.pdf",
        content=content,
        title=f"Harrow & Pike invoice {number}",
        media_type="application/pdf",
        tags=("accounting", "plant"),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="invoice",
            language="en",
            text_contains=("108834", BUYER, "Sanitary butterfly valve, 2 in., 316L", "TOTAL DUE", "PO 5520-B"),
            fields=fields,
            line_items=BILL.line_items(),
            tables=(table_truth(rows),),
        ),
    )


def _rows() -> list[list[str]]:
    header = ["Item no.", "Description", "Qty", "Unit", "Unit price", "Amount"]
    return [header] + [
        [line.code, line.description, str(line.quantity), line.unit, amount(line.unit_price), amount(line.amount)]
        for line in BILL.items
    ]


def _story(number: str, issued: date, due: date, rows: list[list[str]]) -> list[Flowable]:
    body = text_style(10, font="Times-Roman", leading=12.5)
    head = text_style(9, font="Times-Bold", colour=NAVY)
    sold_to = f"{BUYER}<br/>Attn: Accounts Payable<br/>4100 Creamery Road<br/>Fort Ansley, IA 50599"
    ship_to = f"{BUYER}<br/>Plant 2, Dock C<br/>88 Silo Street<br/>Fort Ansley, IA 50599"
    facts = [
        ["Invoice number", "Invoice date", "Due date", "Customer P.O.", "Terms", "Ship via"],
        [number, short_date(issued, "us"), short_date(due, "us"), "PO 5520-B", "Net 45", "Midland Freight"],
    ]
    boxed: list[Command] = [
        ("GRID", (0, 0), (-1, -1), 0.7, NAVY),
        ("BACKGROUND", (0, 0), (-1, 0), "#e8ebf3"),
        ("FONT", (0, 0), (-1, 0), "Times-Bold", 9),
        ("FONT", (0, 1), (-1, -1), "Times-Roman", 10),
        ("LEFTPADDING", (0, 0), (-1, -1), 5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
    ]
    centred: list[Command] = [*boxed, ("ALIGN", (0, 0), (-1, -1), "CENTER")]
    figures: list[Command] = [*boxed, ("ALIGN", (2, 0), (2, -1), "CENTER"), ("ALIGN", (4, 0), (5, -1), "RIGHT")]
    return [
        table(
            [
                [Paragraph("SOLD TO", head), Paragraph("SHIP TO", head)],
                [Paragraph(sold_to, body), Paragraph(ship_to, body)],
            ],
            [95, 85],
        ),
        Spacer(0, 16),
        table(facts, [30] * 6, centred),
        Spacer(0, 14),
        table(rows, [26, 74, 14, 14, 25, 27], figures, repeat=1),
        Spacer(0, 8),
        _totals(boxed),
        Spacer(0, 26),
        Paragraph("Remit to: Harrow &amp; Pike Industrial Supply, Inc., P.O. Box 0419, Millbrook, OH 45001", body),
        Paragraph("A finance charge of 1.5% per month applies to balances past due.", body),
    ]


def _totals(boxed: list[Command]) -> Flowable:
    rows = [
        ["Subtotal", f"${amount(BILL.net_total)}"],
        [f"Sales tax {max(BILL.taxes, default=Decimal(0))}%", f"${amount(BILL.tax_total)}"],
        ["TOTAL DUE", f"${amount(BILL.grand_total)}"],
    ]
    look: list[Command] = [
        *boxed,
        ("BACKGROUND", (0, 0), (-1, 1), "#ffffff"),
        ("FONT", (0, 0), (-1, 1), "Times-Roman", 10),
        ("FONT", (0, 2), (-1, 2), "Times-Bold", 11),
        ("BACKGROUND", (0, 2), (-1, 2), "#e8ebf3"),
        ("ALIGN", (1, 0), (1, -1), "RIGHT"),
    ]
    return table(rows, [38, 27], look, align="RIGHT")


def _paint(canvas: Canvas, _page: int) -> None:
    canvas.setStrokeColor(HexColor(NAVY))
    canvas.setLineWidth(2)
    canvas.circle(28 * mm, 257 * mm, 9 * mm)
    for turn in range(6):
        canvas.saveState()
        canvas.translate(28 * mm, 257 * mm)
        canvas.rotate(60 * turn)
        canvas.line(0, 3 * mm, 0, 9 * mm)
        canvas.restoreState()
    canvas.circle(28 * mm, 257 * mm, 3 * mm)
    lines(canvas, ["Harrow & Pike"], (42, 259), font="Times-Bold", size=20, colour=NAVY)
    lines(canvas, ["Industrial Supply, Inc.  ·  Since 1958"], (42, 253), font="Times-Italic", size=11, colour=NAVY)
    lines(canvas, ["INVOICE"], (198, 258), font="Times-Bold", size=24, colour=NAVY, align=RIGHT)
    address = ["2200 Foundry Avenue", "Millbrook, OH 45001", "(614) 555-0142"]
    lines(canvas, address, (198, 252.5), font="Times-Roman", size=9, align=RIGHT)
    rule(canvas, 18, 198, 239.5, colour=NAVY, width=1.2)
    rule(canvas, 18, 198, 22, colour=NAVY)
    footer = ["Harrow & Pike Industrial Supply, Inc.   ·   billing@harrowpike.example   ·   www.harrowpike.example"]
    lines(canvas, footer, (108, 17), font="Times-Roman", size=8.5, align=CENTRE)
