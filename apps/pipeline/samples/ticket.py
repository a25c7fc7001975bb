"""A railway ticket in landscape A5 with a two-dimensional code."""

from datetime import date, timedelta

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A5, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Spacer

from apps.pipeline.samples.model import Sample, Truth, table_truth
from apps.pipeline.samples.numbers import long_date
from apps.pipeline.samples.pdf import GREY, RIGHT, Box, Command, Meta, build_pdf, lines, table, text_style
from apps.pipeline.samples.trade import document_fields

AGE_DAYS = 37
CARRIER = "Nordspur Rail"
PASSENGER = "Ms Saoirse Lindqvist-Okafor"
GREEN = "#065f46"
BOOKING = "NQ7R4C"
LEGS = [
    ["Train", "From", "Departs", "To", "Arrives", "Coach / seat"],
    ["NS 417", "Hamburg Hbf", "08:26", "Odense", "12:41", "21 / 64 window"],
    ["NS 902", "Odense", "13:04", "København H", "14:22", "7 / 12 aisle"],
]


def make(today: date) -> Sample:
    """Return the ticket as it came in `AGE_DAYS` before `today`."""
    booked = today - timedelta(days=AGE_DAYS)
    travel = booked + timedelta(days=23)
    content = build_pdf(
        _story(booked, travel),
        Meta(f"Ticket {BOOKING}", CARRIER, booked),
        first=[Box(12, 12, 138, 98)],
        paint=lambda canvas, _page: _paint(canvas, travel),
        size=landscape(A5),
    )
    return Sample(
        name=f"ticket-{BOOKING}.pdf",
        content=content,
        title="Rail ticket Hamburg to Copenhagen",
        media_type="application/pdf",
        tags=("travel",),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="travel_ticket",
            language="en",
            text_contains=(BOOKING, PASSENGER, "Hamburg Hbf", long_date(travel), "EUR 84.90"),
            fields=document_fields(CARRIER, booked),
            tables=(table_truth(LEGS),),
        ),
    )


def _story(booked: date, travel: date) -> list[Flowable]:
    small = text_style(7.5, colour=GREY)
    value = text_style(10, font="Helvetica-Bold", leading=14)
    facts = [
        ("Passenger", PASSENGER),
        ("Travel date", long_date(travel)),
        ("Class", "2nd, Flex"),
    ]
    look: list[Command] = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 8.5),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 8),
        ("TEXTCOLOR", (0, 0), (-1, 0), GREEN),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, "#9ec5b5"),
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
    ]
    rules = (
        "Valid only with photo identification and for the trains shown. Exchange or refund free of charge until one "
        "hour before departure. Please be at the platform two minutes before the train leaves."
    )
    return [
        table(
            [[Paragraph(name, small) for name, _ in facts], [Paragraph(text, value) for _, text in facts]], [68, 42, 28]
        ),
        Spacer(0, 12),
        table(LEGS, [17, 29, 16, 29, 16, 31], look),
        Spacer(0, 12),
        Paragraph("Price EUR 84.90 · paid by card", text_style(10, font="Helvetica-Bold", after=4)),
        Paragraph(f"Booked on {long_date(booked)} · Order 5520-0417-88", text_style(8.5, after=12)),
        Paragraph(rules, text_style(7.8, colour=GREY, leading=10.5)),
    ]


def _paint(canvas: Canvas, travel: date) -> None:
    canvas.setFillColor(HexColor(GREEN))
    canvas.rect(0, 120 * mm, 210 * mm, 28.5 * mm, stroke=0, fill=1)
    canvas.setStrokeColor(HexColor("#a7f3d0"))
    canvas.setLineWidth(2)
    canvas.line(12 * mm, 128 * mm, 24 * mm, 141 * mm)
    canvas.line(17 * mm, 128 * mm, 29 * mm, 141 * mm)
    for step in (0.15, 0.45, 0.75):
        x, y = 12 + 12 * step, 128 + 13 * step
        canvas.line(x * mm, y * mm, (x + 5) * mm, y * mm)
    lines(canvas, ["NORDSPUR RAIL"], (35, 134), font="Helvetica-Bold", size=18, colour="#ffffff")
    lines(canvas, ["Online ticket · print or show on your phone"], (35, 128), size=9, colour="#d1fae5")
    lines(canvas, [BOOKING], (198, 134), font="Helvetica-Bold", size=18, colour="#ffffff", align=RIGHT)
    lines(canvas, ["Booking code"], (198, 128), size=9, colour="#d1fae5", align=RIGHT)
    canvas.setStrokeColor(HexColor("#9ca3af"))
    canvas.setLineWidth(0.6)
    canvas.setDash(3, 3)
    canvas.line(155 * mm, 6 * mm, 155 * mm, 118 * mm)
    code = QrCodeWidget(f"{BOOKING}|{travel.isoformat()}|NS417|NS902|FICTITIOUS", barWidth=40 * mm, barHeight=40 * mm)
    drawing = Drawing(40 * mm, 40 * mm)
    drawing.add(code)
    renderPDF.draw(drawing, canvas, 160 * mm, 66 * mm)
    lines(canvas, ["Ticket 1 of 1", "1 adult", f"Valid {travel:%d.%m.%Y}"], (163, 58), size=9, leading=13)
