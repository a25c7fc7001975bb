"""A mutual non-disclosure agreement of three pages."""

from datetime import date, timedelta

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer

from apps.pipeline.samples.model import Sample, Truth
from apps.pipeline.samples.numbers import long_date
from apps.pipeline.samples.pdf import (
    CENTRE,
    GREY,
    JUSTIFIED,
    Box,
    Meta,
    build_pdf,
    lines,
    prose,
    rule,
    table,
    text_style,
)
from apps.pipeline.samples.texts import load
from apps.pipeline.samples.trade import document_fields

AGE_DAYS = 64
PAGES = 3
TITLE = "Mutual Non-Disclosure Agreement"
FIRST = "Ashgrove Composites Limited"
SECOND = "Lysefjord Energi ApS"


def make(today: date) -> Sample:
    """Return the agreement as it came in `AGE_DAYS` before `today`."""
    effective = today - timedelta(days=AGE_DAYS + 4)
    # A term of three years ends on the day before its third anniversary.
    expiration = date(effective.year + 3, effective.month, min(effective.day, 28)) - timedelta(days=1)
    text = load("nda.txt", effective=long_date(effective), expiration=long_date(expiration), first=FIRST, second=SECOND)
    content = build_pdf(
        _story(text, effective),
        Meta(TITLE, FIRST, effective),
        first=[Box(28, 28, 154, 240)],
        paint=_paint,
    )
    fields: dict[str, str | tuple[str, ...]] = {
        "party": (FIRST, SECOND),
        "jurisdiction": "England and Wales",
        "effective_date": effective.isoformat(),
        "term": "three (3) years",
        "expiration_date": expiration.isoformat(),
        "notice_period": "sixty (60) days",
        "renewal": "This Agreement does not renew automatically.",
        **document_fields(FIRST, effective),
    }
    return Sample(
        name="NDA_Ashgrove_Lysefjord_signed.pdf",
        content=content,
        title="NDA Ashgrove / Lysefjord",
        media_type="application/pdf",
        tags=("legal", "blade recycling"),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="contract",
            language="en",
            page_count=PAGES,
            text_contains=(FIRST, SECOND, long_date(effective), "sixty (60) days", "Page 3 of 3"),
            fields=fields,
        ),
    )


def _story(text: str, effective: date) -> list[Flowable]:
    body = text_style(11.8, font="Times-Roman", align=JUSTIFIED, leading=16.8, after=8)
    heading = text_style(12, font="Times-Bold", before=8, after=5)
    title = text_style(16, font="Times-Bold", align=CENTRE, after=18)
    story: list[Flowable] = [Paragraph(TITLE.upper(), title)]
    story += prose(text, body, heading)
    signed = long_date(effective)
    left, right = (
        Paragraph(
            f"For and on behalf of<br/><b>{company}</b><br/><br/><br/>"
            f"<font name='Times-Italic' size='15'>{name}</font><br/>"
            f"_________________________________<br/>Name: {name}<br/>Title: {role}<br/>Date: {signed}",
            text_style(10, font="Times-Roman", leading=14),
        )
        for company, name, role in (
            (FIRST, "Harriet Colquhoun-Vane", "Managing Director"),
            (SECOND, "Mads Ravnsborg", "Chief Executive Officer"),
        )
    )
    closing = "In witness whereof the Parties have signed this Agreement through their authorised representatives."
    story.append(
        KeepTogether([Spacer(0, 10), Paragraph(closing, body), Spacer(0, 8), table([[left, right]], [80, 74])])
    )
    return story


def _paint(canvas: Canvas, page: int) -> None:
    lines(canvas, ["CONFIDENTIAL"], (105, 281), font="Times-Roman", size=8, colour=GREY, align=CENTRE)
    rule(canvas, 28, 182, 20, width=0.3)
    lines(canvas, [f"Page {page} of {PAGES}"], (105, 14), font="Times-Roman", size=9, colour=GREY, align=CENTRE)
