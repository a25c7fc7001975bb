"""A scientific paper in two columns with a table between rules and a plotted figure."""

from datetime import date, timedelta

from reportlab.graphics.shapes import Drawing, PolyLine, String
from reportlab.graphics.shapes import Line as Stroke
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, FrameBreak, Paragraph, Spacer

from apps.pipeline.samples.model import Sample, Truth, table_truth
from apps.pipeline.samples.numbers import month_name
from apps.pipeline.samples.pdf import CENTRE, GREY, JUSTIFIED, Box, Command, Meta, build_pdf, lines, prose, table
from apps.pipeline.samples.pdf import text_style as style
from apps.pipeline.samples.texts import load

AGE_DAYS = 76
PAGES = 2
TITLE = "HoverCount: Calibrated On-Device Counting of Pollinator Visits in Urban Roof Gardens"
AUTHORS = "Dorothea Marchetti-Boone, Tunde Okonjo-Reyes, Silje Vael"
ABSTRACT = (
    "<b>Abstract.</b> We describe a battery-powered camera that detects, tracks and counts insect visits to flowers "
    "without storing images. Trained on two gardens and tested on sixteen others, its detector reaches a macro F1 of "
    "0.871 at 0.9 joules a frame. After calibration the seasonal counts agree with human observers within 6 percent. "
    "We report 312,804 visits from one season and discuss what they do and do not show."
)
RESULTS = [
    ["Detector", "Parameters (M)", "F1", "ECE", "J/frame"],
    ["GiantFly-L", "76.4", "0.897", "0.041", "46.2"],
    ["MidgeNet", "11.2", "0.858", "0.063", "7.8"],
    ["HoverCount (ours)", "1.9", "0.871", "0.012", "0.9"],
    ["no tracking", "1.9", "0.802", "0.055", "0.8"],
    ["no calibration", "1.9", "0.871", "0.097", "0.9"],
]
# Visits a day (thousands) in the middle of each fortnight from April to September.
SEASON = (0.4, 0.7, 1.1, 1.6, 2.1, 2.5, 2.8, 2.6, 2.3, 1.7, 1.2, 0.6)


def make(today: date) -> Sample:
    """Return the paper as it came in `AGE_DAYS` before `today`."""
    published = today - timedelta(days=AGE_DAYS + 10)
    content = build_pdf(
        _story(),
        Meta(TITLE, AUTHORS, published),
        first=[Box(18, 222, 174, 57), Box(18, 20, 84, 200), Box(108, 20, 84, 200)],
        later=[Box(18, 20, 84, 254), Box(108, 20, 84, 254)],
        paint=lambda canvas, page: _paint(canvas, page, published),
    )
    return Sample(
        name="hovercount_preprint.pdf",
        content=content,
        title="HoverCount: counting of pollinator visits",
        media_type="application/pdf",
        tags=("research",),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="scientific_paper",
            language="en",
            page_count=PAGES,
            text_contains=("HoverCount", AUTHORS.split(",", maxsplit=1)[0], "Abstract", "References", "GiantFly-L"),
            tables=(table_truth(RESULTS),),
        ),
    )


def _story() -> list[Flowable]:
    body = style(11, font="Times-Roman", align=JUSTIFIED, leading=14, after=5)
    heading = style(12, font="Times-Bold", before=6, after=4)
    caption = style(8.4, font="Times-Roman", leading=10.2, before=3, after=4)
    before, after = load("paper.txt").split("## 5 Limitations")
    look: list[Command] = [
        ("FONT", (0, 0), (-1, -1), "Times-Roman", 8.6),
        ("FONT", (0, 0), (-1, 0), "Times-Bold", 8.6),
        ("LINEABOVE", (0, 0), (-1, 0), 0.9, "#000000"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, "#000000"),
        ("LINEBELOW", (0, -1), (-1, -1), 0.9, "#000000"),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
    return [
        Paragraph(TITLE, style(17, font="Times-Bold", align=CENTRE, leading=21, after=8)),
        Paragraph(AUTHORS, style(11, font="Times-Roman", align=CENTRE, after=2)),
        Paragraph(
            "Institute for Small Observations, University of Western Moorland",
            style(9.5, font="Times-Italic", align=CENTRE, after=9),
        ),
        Paragraph(ABSTRACT, style(9.4, font="Times-Roman", align=JUSTIFIED, leading=12, indent=0)),
        FrameBreak(),
        *prose(before, body, heading),
        Paragraph("<b>Table 1.</b> Detectors on sixteen unseen gardens; ECE is the calibration error.", caption),
        table(RESULTS, [29, 22, 10, 10, 13], look),
        Spacer(0, 8),
        _figure(),
        Paragraph("<b>Figure 1.</b> Visits a day (thousands), all gardens, April to September.", caption),
        *prose("## 5 Limitations" + after, body, heading),
    ]


def _figure() -> Drawing:
    """Return the season's curve, 84 x 38 mm."""
    width, height = 84 * mm, 38 * mm
    drawing = Drawing(width, height)
    left, bottom = 20, 14
    step = (width - left - 8) / (len(SEASON) - 1)
    scale = (height - bottom - 8) / 3
    grey = HexColor("#9ca3af")
    for value in range(4):
        y = bottom + value * scale
        drawing.add(Stroke(left, y, width - 8, y, strokeColor=grey, strokeWidth=0.3))
        drawing.add(String(left - 10, y - 2.5, str(value), fontName="Times-Roman", fontSize=7.5))
    for index, month in enumerate(("Apr", "May", "Jun", "Jul", "Aug", "Sep")):
        drawing.add(String(left + (2 * index + 0.2) * step, 3, month, fontName="Times-Roman", fontSize=7.5))
    points = [(left + index * step, bottom + value * scale) for index, value in enumerate(SEASON)]
    flat = [coordinate for point in points for coordinate in point]
    drawing.add(PolyLine(flat, strokeColor=HexColor("#b45309"), strokeWidth=1.4))
    return drawing


def _paint(canvas: Canvas, page: int, published: date) -> None:
    head = f"Preprint of the Institute for Small Observations · {month_name(published)}"
    lines(canvas, [head], (105, 285), font="Times-Italic", size=8.5, colour=GREY, align=CENTRE)
    lines(canvas, [str(page)], (105, 11), font="Times-Roman", size=9, align=CENTRE)
