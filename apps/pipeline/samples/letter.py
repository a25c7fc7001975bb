"""A German letter from a water company to a customer, without any amount to be paid."""

from datetime import date, timedelta

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Spacer

from apps.pipeline.samples.model import Sample, Truth
from apps.pipeline.samples.numbers import long_date
from apps.pipeline.samples.pdf import CENTRE, GREY, RIGHT, Box, Meta, build_pdf, lines, paragraphs, rule, text_style
from apps.pipeline.samples.texts import blocks, load
from apps.pipeline.samples.trade import document_fields

AGE_DAYS = 3
SENDER = "Stadtwerke Quellbronn AöR"
BLUE = "#0369a1"


def make(today: date) -> Sample:
    """Return the letter as it came in `AGE_DAYS` before `today`."""
    written = today - timedelta(days=AGE_DAYS + 2)
    visit = written + timedelta(days=19)
    content = build_pdf(
        _story(visit),
        Meta("Austausch Ihres Wasserzählers", SENDER, written, "de"),
        first=[Box(25, 35, 160, 158)],
        paint=lambda canvas, _page: _paint(canvas, written),
    )
    return Sample(
        name="Brief Stadtwerke Wasserzähler.pdf",
        content=content,
        title="Stadtwerke: Austausch des Wasserzählers",
        media_type="application/pdf",
        tags=("office",),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="letter",
            language="de",
            text_contains=("Austausch Ihres Wasserzählers", SENDER, long_date(visit, "de"), "Mit freundlichen Grüßen"),
            fields=document_fields(SENDER, written),
        ),
    )


def _story(visit: date) -> list[Flowable]:
    body = text_style(10.5, leading=15, after=9)
    text = load("letter_de.txt", visit=long_date(visit, "de"))
    return [
        Paragraph("Austausch Ihres Wasserzählers Nr. 4-0417-226", text_style(12, font="Helvetica-Bold", after=14)),
        *paragraphs(blocks(text), body),
        Spacer(0, 4),
        Paragraph("Mit freundlichen Grüßen", body),
        Paragraph("Thekla Morgenroth", text_style(19, font="Times-Italic", colour="#1e3a8a", before=8, after=8)),
        Paragraph("Thekla Morgenroth<br/>Zählerwesen", body),
    ]


def _paint(canvas: Canvas, written: date) -> None:
    canvas.setFillColor(HexColor(BLUE))
    drop = canvas.beginPath()
    drop.moveTo(33 * mm, 285 * mm)
    drop.curveTo(27 * mm, 276 * mm, 26 * mm, 268 * mm, 33 * mm, 267 * mm)
    drop.curveTo(40 * mm, 268 * mm, 39 * mm, 276 * mm, 33 * mm, 285 * mm)
    canvas.drawPath(drop, stroke=0, fill=1)
    lines(canvas, ["Stadtwerke Quellbronn"], (44, 275), font="Helvetica-Bold", size=15, colour=BLUE)
    lines(canvas, ["Wasser · Wärme · Nahverkehr"], (44, 270), size=9, colour=GREY)
    lines(canvas, [f"{SENDER} · Am Pumpwerk 1 · 99189 Quellbronn"], (25, 249), size=6.8, colour=GREY)
    address = ["Physiotherapie Sonnwende", "Herrn Ruben Achternbusch", "Bergstraße 21", "99189 Quellbronn"]
    lines(canvas, address, (25, 241), size=10.5, leading=14)
    facts = [f"Quellbronn, {long_date(written, 'de')}", "Unser Zeichen: ZW-226", "Telefon: 030 23125 226"]
    lines(canvas, facts, (185, 215), size=9.5, leading=13, align=RIGHT)
    rule(canvas, 25, 185, 26, colour=BLUE)
    footer = [
        "Stadtwerke Quellbronn AöR · Am Pumpwerk 1 · 99189 Quellbronn · www.stadtwerke-quellbronn.example",
        "Vorstand: Dr. Irmgard Tannhäuser · Anstalt des öffentlichen Rechts · Sitz Quellbronn",
    ]
    lines(canvas, footer, (105, 20), size=7.5, colour=GREY, align=CENTRE)
