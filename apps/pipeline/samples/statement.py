"""A bank statement: opening balance, bookings with a running balance, closing balance."""

from datetime import date, timedelta
from decimal import Decimal

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Spacer

from apps.pipeline.samples.model import Sample, Truth, table_truth
from apps.pipeline.samples.numbers import amount, iban, long_date, month_name, spaced
from apps.pipeline.samples.pdf import CENTRE, GREY, RIGHT, Box, Command, Meta, build_pdf, lines, rule, table, text_style
from apps.pipeline.samples.trade import document_fields

AGE_DAYS = 24
BANK = "Fernwick Mutual Bank"
HOLDER = "Pemberly Garden Centres Ltd"
IBAN = iban("GB", "FERN09417200331846")
INDIGO = "#3730a3"
OPENING = Decimal("18204.36")
# Day of the month, what for, money in (positive) or out (negative).
BOOKINGS = (
    (1, "Standing order, rent Tetbury site", "-3400.00"),
    (3, "Card takings, week 1", "9412.75"),
    (5, "Direct debit, Westmere Power", "-1186.40"),
    (8, "Transfer from Oakhanger Hotels", "2750.00"),
    (10, "Card takings, week 2", "10088.15"),
    (12, "Vandeleur Bulbs, invoice 7713", "-4960.00"),
    (15, "Wages, 14 payments", "-15322.81"),
    (17, "Card takings, week 3", "11240.90"),
    (19, "Direct debit, business rates", "-2015.00"),
    (22, "Cash paid in, branch 0417", "3890.00"),
    (24, "Card takings, week 4", "9967.20"),
    (26, "Compost & Clay Ltd, invoice 2290", "-2841.66"),
    (28, "Account fee", "-24.00"),
)


def make(today: date) -> Sample:
    """Return the statement as it came in `AGE_DAYS` before `today`, for the month before."""
    last = (today - timedelta(days=AGE_DAYS)).replace(day=1) - timedelta(days=1)
    rows = _rows(last)
    content = build_pdf(
        _story(last, rows),
        Meta(f"Statement {month_name(last)}", BANK, last),
        first=[Box(20, 30, 170, 178)],
        paint=lambda canvas, _page: _paint(canvas, last),
    )
    return Sample(
        name=f"statement_{last:%Y-%m}.pdf",
        content=content,
        title=f"Fernwick bank statement {month_name(last)}",
        media_type="application/pdf",
        tags=("accounting", "bank"),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="bank_statement",
            language="en",
            text_contains=(spaced(IBAN), HOLDER, "Wages, 14 payments", "Closing balance", rows[-1][4]),
            fields={"iban": IBAN, "currency": "GBP", **document_fields(BANK, last)},
            tables=(table_truth(rows),),
        ),
    )


def closing_balance() -> Decimal:
    """Return the opening balance plus all bookings."""
    return OPENING + sum((Decimal(value) for _, _, value in BOOKINGS), Decimal(0))


def _rows(last: date) -> list[list[str]]:
    rows = [["Date", "Details", "Paid out", "Paid in", "Balance"], ["", "Opening balance", "", "", amount(OPENING)]]
    balance = OPENING
    for day, text, value in BOOKINGS:
        change = Decimal(value)
        balance += change
        out, paid_in = (amount(-change), "") if change < 0 else ("", amount(change))
        rows.append([f"{day:02d} {month_name(last)[:3]}", text, out, paid_in, amount(balance)])
    rows.append(["", "Closing balance", "", "", amount(balance)])
    return rows


def _story(last: date, rows: list[list[str]]) -> list[Flowable]:
    look: list[Command] = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 9),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 9),
        ("FONT", (0, 1), (-1, 1), "Helvetica-Bold", 9),
        ("FONT", (0, -1), (-1, -1), "Helvetica-Bold", 9),
        ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
        ("LINEBELOW", (0, 0), (-1, 0), 1, INDIGO),
        ("LINEABOVE", (0, -1), (-1, -1), 0.6, INDIGO),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), ("#f5f5fc", "#ffffff")),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
    ]
    period = f"1 to {long_date(last)}"
    return [
        Paragraph("Business current account statement", text_style(15, font="Helvetica-Bold", colour=INDIGO, after=6)),
        Paragraph(f"Period: {period} · Statement {last.month} · All amounts in GBP", text_style(9, colour=GREY)),
        Spacer(0, 10),
        table(rows, [20, 76, 24, 24, 26], look, repeat=1),
        Spacer(0, 14),
        Paragraph("Please check the entries and tell us within 60 days if anything is wrong.", text_style(9)),
    ]


def _paint(canvas: Canvas, last: date) -> None:
    canvas.setFillColor(HexColor(INDIGO))
    for index in range(4):
        canvas.rect((22 + 5 * index) * mm, 268 * mm, 3 * mm, 9 * mm, stroke=0, fill=1)
    canvas.rect(20 * mm, 265 * mm, 22 * mm, 2 * mm, stroke=0, fill=1)
    roof = canvas.beginPath()
    roof.moveTo(19 * mm, 278.5 * mm)
    roof.lineTo(31 * mm, 285 * mm)
    roof.lineTo(43 * mm, 278.5 * mm)
    roof.close()
    canvas.drawPath(roof, stroke=0, fill=1)
    lines(canvas, ["Fernwick"], (47, 275.5), font="Helvetica-Bold", size=19, colour=INDIGO)
    lines(canvas, ["Mutual Bank"], (47, 269.5), size=11, colour=GREY)
    lines(canvas, [HOLDER, "14 Orchard Lane", "Tetbury GL8 8XQ"], (20, 245), size=10, leading=13.5)
    lines(canvas, ["Account holder", "IBAN", "BIC", "Date"], (118, 245), size=8.5, colour=GREY, leading=13.5)
    facts = [HOLDER, spaced(IBAN), "FERNGB2X", long_date(last)]
    lines(canvas, facts, (190, 245), size=8.5, leading=13.5, align=RIGHT)
    rule(canvas, 20, 190, 20, colour=INDIGO)
    legal = (
        "Fernwick Mutual Bank, 1 Penny Row, Fernwick FW1 9ZZ · A fictitious bank, regulated by nobody · 020 7946 0991"
    )
    lines(canvas, [legal], (105, 15), size=7.5, colour=GREY, align=CENTRE)
