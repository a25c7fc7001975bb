"""Minutes of a committee meeting with attendance and a table of actions."""

from datetime import date, timedelta

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Spacer

from apps.pipeline.samples.model import Sample, Truth, table_truth
from apps.pipeline.samples.numbers import long_date, short_date
from apps.pipeline.samples.pdf import CENTRE, GREY, Box, Command, Meta, build_pdf, lines, prose, table, text_style
from apps.pipeline.samples.texts import load
from apps.pipeline.samples.trade import document_fields

AGE_DAYS = 15
BODY = "Thistlecombe Allotment Association"
GREEN = "#3f6212"
PRESENT = "Gwendolyn Abernethy (chair), Ines Castellane (treasurer), Beatrix Underhill, Faisal Merriweather"


def make(today: date) -> Sample:
    """Return the minutes as they came in `AGE_DAYS` before `today`."""
    held = today - timedelta(days=AGE_DAYS + 5)
    rows = [
        ["No.", "Action", "Owner", "Due"],
        ["1", "Order the standpipe repair", "B. Underhill", short_date(held + timedelta(days=10))],
        ["2", "Write to members in arrears", "I. Castellane", short_date(held + timedelta(days=14))],
        ["3", "Send rule 7 notices, plots 12 and 33", "G. Abernethy", short_date(held + timedelta(days=21))],
        ["4", "Buy a first-aid box", "F. Merriweather", short_date(held + timedelta(days=28))],
    ]
    content = build_pdf(
        _story(held, rows),
        Meta(f"Minutes, {BODY}", BODY, held + timedelta(days=2)),
        first=[Box(25, 22, 160, 232)],
        paint=_paint,
    )
    return Sample(
        name=f"minutes-{held.isoformat()}.pdf",
        content=content,
        title=f"Allotment committee minutes, {long_date(held)}",
        media_type="application/pdf",
        tags=("association",),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="meeting_minutes",
            language="en",
            text_contains=("Minutes of the Committee Meeting", long_date(held), "Dunmore Plumbing", "Actions"),
            fields=document_fields(BODY, held),
            tables=(table_truth(rows),),
        ),
    )


def _story(held: date, rows: list[list[str]]) -> list[Flowable]:
    body = text_style(9.8, leading=13.5, after=4)
    head = text_style(11, font="Helvetica-Bold", colour=GREEN, before=8, after=3)
    present = f"{PRESENT}, Tomasz Wrenfield, Lotte Haverkamp (minutes)"
    following = long_date(held + timedelta(days=56))
    look: list[Command] = [
        ("GRID", (0, 0), (-1, -1), 0.5, GREEN),
        ("BACKGROUND", (0, 0), (-1, 0), "#ecf3df"),
        ("FONT", (0, 0), (-1, -1), "Helvetica", 9),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 9),
        ("LEFTPADDING", (0, 0), (-1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), 3.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5),
    ]
    story: list[Flowable] = [
        Paragraph("Minutes of the Committee Meeting", text_style(18, font="Helvetica-Bold", leading=24, after=8)),
        Paragraph(f"<b>Date:</b> {long_date(held)}, 19:30 to 20:55", body),
        Paragraph("<b>Place:</b> Thistlecombe Village Hall, small room", body),
        Paragraph(f"<b>Present:</b> {present}", body),
    ]
    story += prose(load("minutes.txt"), body, head)
    return [
        *story,
        Paragraph("Actions", head),
        Spacer(0, 3),
        table(rows, [12, 82, 38, 28], look),
        Spacer(0, 10),
        Paragraph(f"The meeting closed at 20:55. Next meeting: {following}, 19:30, same place.", body),
    ]


def _paint(canvas: Canvas, _page: int) -> None:
    canvas.setStrokeColor(HexColor(GREEN))
    canvas.setFillColor(HexColor("#a3c76d"))
    canvas.setLineWidth(1.4)
    canvas.line(31 * mm, 264 * mm, 31 * mm, 275 * mm)
    canvas.ellipse(24 * mm, 271 * mm, 31 * mm, 275 * mm, fill=1)
    canvas.ellipse(31 * mm, 274 * mm, 39 * mm, 279 * mm, fill=1)
    lines(canvas, [BODY], (43, 270), font="Helvetica-Bold", size=12, colour=GREEN)
    footer = f"{BODY} · Registered society no. 99417 · secretary@thistlecombe.example"
    lines(canvas, [footer], (105, 12), size=8, colour=GREY, align=CENTRE)
