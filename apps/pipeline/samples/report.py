"""A company's half-year report of three pages with a borderless statement and a ruled segment table."""

from datetime import date, timedelta

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, Spacer, Table

from apps.pipeline.samples.model import Sample, Truth, table_truth
from apps.pipeline.samples.numbers import long_date
from apps.pipeline.samples.pdf import (
    GREY,
    JUSTIFIED,
    RIGHT,
    Box,
    Command,
    Meta,
    build_pdf,
    lines,
    prose,
    table,
    text_style,
)
from apps.pipeline.samples.texts import load
from apps.pipeline.samples.trade import document_fields

AGE_DAYS = 58
PAGES = 3
COMPANY = "Meridian Ropeway Group plc"
SLATE = "#164e63"
SEGMENTS = [
    ["Segment", "Revenue", "Operating profit", "Margin", "Employees"],
    ["Urban ropeways", "118.4", "17.3", "14.6%", "612"],
    ["Mountain lifts", "74.9", "9.2", "12.3%", "488"],
    ["Service and parts", "41.6", "10.8", "26.0%", "305"],
    ["Group", "234.9", "37.3", "15.9%", "1,405"],
]


def _income(year: int) -> list[list[str]]:
    return [
        ["£ million", f"H1 {year}", f"H1 {year - 1}"],
        ["Revenue", "234.9", "212.6"],
        ["Cost of sales", "(151.2)", "(139.8)"],
        ["Gross profit", "83.7", "72.8"],
        ["Distribution costs", "(14.1)", "(13.6)"],
        ["Administrative expenses", "(32.3)", "(30.5)"],
        ["Operating profit", "37.3", "28.7"],
        ["Finance costs", "(4.2)", "(4.9)"],
        ["Profit before tax", "33.1", "23.8"],
        ["Income tax", "(7.6)", "(5.5)"],
        ["Profit for the period", "25.5", "18.3"],
    ]


def _balance(year: int) -> list[list[str]]:
    return [
        ["£ million", f"30 June {year}", f"31 December {year - 1}"],
        ["Property, plant and equipment", "142.0", "138.5"],
        ["Intangible assets", "58.3", "60.1"],
        ["Inventories", "47.7", "44.2"],
        ["Trade receivables", "66.4", "61.9"],
        ["Cash", "39.8", "31.0"],
        ["Total assets", "354.2", "335.7"],
        ["Borrowings", "96.5", "104.0"],
        ["Trade payables", "71.3", "66.8"],
        ["Equity", "186.4", "164.9"],
        ["Total equity and liabilities", "354.2", "335.7"],
    ]


def _half_year(published: date) -> int:
    """Return the year whose first half was the last to end before `published`."""
    return published.year if published.month > 7 else published.year - 1


def make(today: date) -> Sample:
    """Return the report as it came in `AGE_DAYS` before `today`."""
    published = today - timedelta(days=AGE_DAYS + 3)
    year = _half_year(published)
    income, balance = _income(year), _balance(year)
    content = build_pdf(
        _story(published, income, balance),
        Meta(f"Half-year report {year}", COMPANY, published),
        first=[Box(25, 25, 160, 165)],
        later=[Box(25, 25, 160, 245)],
        paint=lambda canvas, page: _paint(canvas, page, year),
    )
    return Sample(
        name=f"meridian-ropeway-half-year-{year}.pdf",
        content=content,
        title=f"Meridian Ropeway half-year report {year}",
        media_type="application/pdf",
        tags=("finance",),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="financial_report",
            language="en",
            page_count=PAGES,
            text_contains=(COMPANY, "Profit before tax", "Service and parts", "Total equity and liabilities"),
            fields=document_fields(COMPANY, published),
            tables=tuple(table_truth(rows) for rows in (SEGMENTS, income, balance)),
        ),
    )


def _story(published: date, income: list[list[str]], balance: list[list[str]]) -> list[Flowable]:
    body = text_style(10, align=JUSTIFIED, leading=14.5, after=7)
    heading = text_style(13, font="Helvetica-Bold", colour=SLATE, before=10, after=6)
    ruled: list[Command] = [
        ("GRID", (0, 0), (-1, -1), 0.5, SLATE),
        ("BACKGROUND", (0, 0), (-1, 0), SLATE),
        ("TEXTCOLOR", (0, 0), (-1, 0), "#ffffff"),
        ("BACKGROUND", (0, -1), (-1, -1), "#e0f2f7"),
        ("FONT", (0, 0), (-1, -1), "Helvetica", 9),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 9),
        ("FONT", (0, -1), (-1, -1), "Helvetica-Bold", 9),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("LEFTPADDING", (0, 0), (-1, -1), 5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
    ]
    year = _half_year(published)
    review = load("report.txt", year=str(year), before=str(year - 1), following=str(year + 1))
    opening, statements, outlook = review.split("===")
    return [
        *prose(opening, body, heading),
        PageBreak(),
        Paragraph("Segments", heading),
        Paragraph("Revenue and operating profit in £ million, six months ended 30 June.", body),
        table(SEGMENTS, [48, 26, 34, 24, 28], ruled),
        Spacer(0, 14),
        Paragraph("Condensed income statement", heading),
        _statement(income, totals=(3, 6, 8, 10)),
        Spacer(0, 10),
        *prose(statements, body, heading),
        PageBreak(),
        Paragraph("Condensed balance sheet", heading),
        _statement(balance, totals=(6, 10)),
        Spacer(0, 14),
        *prose(outlook, body, heading),
        Paragraph(f"{long_date(published)}<br/>Cordelia Strand-Whitlock, Chief Financial Officer", body),
    ]


def _statement(rows: list[list[str]], *, totals: tuple[int, ...]) -> Table:
    """Return a statement without any rules; rows of `totals` are bold."""
    look: list[Command] = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 9.5),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Oblique", 9),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        *[("FONT", (0, row), (-1, row), "Helvetica-Bold", 9.5) for row in totals],
    ]
    return table(rows, [88, 36, 36], look)


def _paint(canvas: Canvas, page: int, year: int) -> None:
    lines(canvas, [COMPANY], (25, 14), size=8, colour=GREY)
    lines(canvas, [f"Half-year report {year}  ·  {page}"], (185, 14), size=8, colour=GREY, align=RIGHT)
    if page > 1:
        return
    canvas.setFillColor(HexColor(SLATE))
    canvas.rect(0, 205 * mm, 210 * mm, 92 * mm, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#0e7490"))
    ridge = canvas.beginPath()
    ridge.moveTo(0, 205 * mm)
    for left, top in ((30, 232), (52, 219), (92, 254), (120, 228), (150, 243), (210, 212), (210, 205)):
        ridge.lineTo(left * mm, top * mm)
    ridge.close()
    canvas.drawPath(ridge, stroke=0, fill=1)
    canvas.setStrokeColor(HexColor("#ffffff"))
    canvas.setLineWidth(1)
    canvas.line(0, 240 * mm, 210 * mm, 268 * mm)
    canvas.setFillColor(HexColor("#fbbf24"))
    for x in (48, 118, 176):
        # The rope climbs 28 mm over the width of the page.
        y = 240 + 28 * x / 210
        canvas.line(x * mm, y * mm, x * mm, (y - 5) * mm)
        canvas.roundRect((x - 5) * mm, (y - 13) * mm, 10 * mm, 8 * mm, 2 * mm, stroke=0, fill=1)
    lines(canvas, [COMPANY], (25, 281), size=12, colour="#ffffff")
    lines(canvas, [f"Half-year report {year}"], (25, 269), font="Helvetica-Bold", size=26, colour="#ffffff")
