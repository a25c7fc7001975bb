"""A one-page resume with a coloured side column."""

from datetime import date, timedelta

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, FrameBreak, Paragraph, Spacer

from apps.pipeline.samples.model import Sample, Truth
from apps.pipeline.samples.pdf import Box, Meta, build_pdf, paragraphs, text_style

AGE_DAYS = 21
NAME = "Saoirse Lindqvist-Okafor"
PLUM = "#4c1d5f"
JOBS = (
    (
        "Senior Data Engineer, Quillfeather Analytics",
        "March 2022 to present · Galway",
        (
            "Rebuilt the nightly reporting pipeline as an event stream: 4 minutes instead of 7 hours.",
            "Led a team of five; introduced code review, on-call rotation and a shared data catalogue.",
            "Cut warehouse cost by 38 percent by partitioning and retention rules.",
        ),
    ),
    (
        "Data Engineer, Port of Brackwater Authority",
        "September 2018 to February 2022 · Cork",
        (
            "Built berth forecasting from vessel position reports, used daily by 40 planners.",
            "Moved 12 years of tide and cargo records into PostgreSQL with full provenance.",
        ),
    ),
    (
        "Junior Software Developer, Tidewrack Software",
        "July 2016 to August 2018 · Cork",
        ("Maintained a Django booking system for ferry operators in six countries.",),
    ),
)
PROFILE = (
    "Data engineer with ten years of experience in building dependable pipelines for logistics and public services. "
    "I like small teams, plain SQL and systems that explain themselves."
)
SIDE = (
    ("Contact", ("saoirse@lindqvist.example", "+353 20 910 0417", "Galway, Ireland")),
    ("Skills", ("Python, SQL, Rust", "PostgreSQL, Kafka", "Airflow, dbt", "Kubernetes, Terraform", "Statistics")),
    ("Languages", ("English (native)", "Swedish (fluent)", "German (B2)")),
    ("Certificates", ("Certified Kubernetes Administrator", "Project Leadership, level II")),
    ("Interests", ("Sea swimming", "Bookbinding", "Choir")),
)


def make(today: date) -> Sample:
    """Return the resume as it came in `AGE_DAYS` before `today`."""
    written = today - timedelta(days=AGE_DAYS + 6)
    content = build_pdf(
        _story(),
        Meta(f"Resume of {NAME}", NAME, written),
        first=[Box(10, 20, 50, 222), Box(76, 20, 118, 250)],
        paint=_paint,
    )
    return Sample(
        name="CV_Lindqvist-Okafor.pdf",
        content=content,
        title=f"Resume of {NAME}",
        media_type="application/pdf",
        tags=("hiring",),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="resume",
            language="en",
            text_contains=(NAME, "Port of Brackwater Authority", "Kubernetes, Terraform", "Education"),
            fields={"sender": NAME},
        ),
    )


def _story() -> list[Flowable]:
    white = text_style(8.5, colour="#f3e8f8", leading=12.5)
    side_head = text_style(10, font="Helvetica-Bold", colour="#ffffff", before=14, after=4)
    story: list[Flowable] = []
    for head, entries in SIDE:
        story += [Paragraph(head.upper(), side_head), *paragraphs(entries, white)]
    body = text_style(9.3, leading=13, after=3)
    head_style = text_style(12, font="Helvetica-Bold", colour=PLUM, before=12, after=6)
    role = text_style(10.5, font="Helvetica-Bold", before=7)
    when = text_style(8.5, colour="#6b7280", after=3)
    bullet = text_style(9.3, leading=12.8, after=2, indent=10)
    story += [
        FrameBreak(),
        Paragraph(NAME, text_style(23, font="Helvetica-Bold", colour=PLUM, leading=28)),
        Paragraph("Senior Data Engineer", text_style(12, colour="#6b7280", after=10)),
        Paragraph(PROFILE, body),
        Paragraph("Work experience", head_style),
    ]
    for title, period, results in JOBS:
        story += [Paragraph(title, role), Paragraph(period, when)]
        story += [Paragraph(result, bullet, bulletText="•") for result in results]
    story += [
        Paragraph("Education", head_style),
        Paragraph("MSc Computer Science, University of Western Moorland", role),
        Paragraph("2014 to 2016 · Thesis: Incremental view maintenance for sensor streams (first class)", when),
        Paragraph("BSc Mathematics, St Brannoc's College", role),
        Paragraph("2011 to 2014", when),
        Paragraph("Talks and publications", head_style),
        Paragraph("“Late data is normal data”, Harbour Data Days 2024", body),
        Paragraph("“A catalogue people read”, article in Practical Pipelines, issue 31", body),
        Spacer(0, 8),
        Paragraph("References are available on request.", body),
    ]
    return story


def _paint(canvas: Canvas, _page: int) -> None:
    canvas.setFillColor(HexColor(PLUM))
    canvas.rect(0, 0, 67 * mm, 297 * mm, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#7e4a96"))
    canvas.circle(33.5 * mm, 264 * mm, 17 * mm, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#ffffff"))
    canvas.setFont("Helvetica", 30)
    canvas.drawCentredString(33.5 * mm, 260.5 * mm, "SLO")
