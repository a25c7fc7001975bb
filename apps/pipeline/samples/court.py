"""A court's judgment with order, two pages, numbered paragraphs."""

from datetime import date, timedelta

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Spacer

from apps.pipeline.samples.model import Sample, Truth
from apps.pipeline.samples.numbers import long_date
from apps.pipeline.samples.pdf import CENTRE, JUSTIFIED, RIGHT, Box, Command, Meta, build_pdf, lines, prose, table
from apps.pipeline.samples.pdf import text_style as style
from apps.pipeline.samples.texts import load
from apps.pipeline.samples.trade import document_fields

AGE_DAYS = 52
PAGES = 2
COURT = "Commercial Court of Wyrmsea"
CLAIMANT = "Greyfell Textile Works Limited"
DEFENDANT = "Halcyon Sailmakers Limited"


def make(today: date) -> Sample:
    """Return the judgment as it came in `AGE_DAYS` before `today`."""
    handed_down = today - timedelta(days=AGE_DAYS + 7)
    claim = f"CW-{handed_down.year}-000417"
    text = load(
        "court.txt",
        applied=long_date(handed_down - timedelta(days=96)),
        contracted=long_date(handed_down - timedelta(days=431)),
        payable=long_date(handed_down + timedelta(days=28)),
    )
    content = build_pdf(
        _story(text, claim, handed_down),
        Meta(f"{CLAIMANT} v {DEFENDANT}", COURT, handed_down),
        first=[Box(28, 28, 154, 225)],
        later=[Box(28, 28, 154, 245)],
        paint=lambda canvas, page: _paint(canvas, page, claim),
    )
    return Sample(
        name=f"judgment_{claim}.pdf",
        content=content,
        title=f"{CLAIMANT} v {DEFENDANT}",
        media_type="application/pdf",
        tags=("legal",),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="court_document",
            language="en",
            page_count=PAGES,
            text_contains=(claim, CLAIMANT, DEFENDANT, "summary judgment", "costs be in the case"),
            fields=document_fields(COURT, handed_down),
        ),
    )


def _story(text: str, claim: str, handed_down: date) -> list[Flowable]:
    body = style(10.8, font="Times-Roman", align=JUSTIFIED, leading=15, after=7)
    heading = style(11, font="Times-Bold", before=6, after=6)
    centred = style(11, font="Times-Roman", align=CENTRE, after=4)
    look: list[Command] = [
        ("FONT", (0, 0), (-1, -1), "Times-Roman", 11),
        ("FONT", (0, 0), (0, -1), "Times-Bold", 11),
        ("ALIGN", (1, 0), (1, -1), "RIGHT"),
        ("LINEABOVE", (0, 0), (-1, 0), 0.6, "#1f2430"),
        ("LINEBELOW", (0, -1), (-1, -1), 0.6, "#1f2430"),
        ("TOPPADDING", (0, 0), (-1, -1), 6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
    ]
    return [
        Paragraph(f"Claim No. {claim}", style(10.5, font="Times-Roman", align=RIGHT)),
        Paragraph(f"Handed down on {long_date(handed_down)}", style(10.5, font="Times-Roman", align=RIGHT, after=10)),
        Paragraph("BETWEEN:", style(10.5, font="Times-Bold", after=6)),
        table([[CLAIMANT, "Claimant"], ["and", ""], [DEFENDANT, "Defendant"]], [110, 44], look),
        Spacer(0, 14),
        Paragraph("<b>JUDGMENT AND ORDER</b>", centred),
        Spacer(0, 6),
        *prose(text, body, heading),
    ]


def _paint(canvas: Canvas, page: int, claim: str) -> None:
    lines(canvas, [f"{claim}  ·  Page {page} of {PAGES}"], (105, 15), font="Times-Roman", size=9, align=CENTRE)
    if page > 1:
        return
    canvas.setStrokeColor(HexColor("#1f2430"))
    canvas.setLineWidth(1.1)
    canvas.line(105 * mm, 270 * mm, 105 * mm, 285 * mm)
    canvas.line(97 * mm, 283 * mm, 113 * mm, 283 * mm)
    canvas.line(101 * mm, 270 * mm, 109 * mm, 270 * mm)
    for centre in (97, 113):
        canvas.line(centre * mm, 283 * mm, (centre - 3) * mm, 276 * mm)
        canvas.line(centre * mm, 283 * mm, (centre + 3) * mm, 276 * mm)
        canvas.arc((centre - 3) * mm, 273.5 * mm, (centre + 3) * mm, 278.5 * mm, 180, 180)
    lines(canvas, [COURT.upper()], (105, 262), font="Times-Bold", size=13, align=CENTRE)
