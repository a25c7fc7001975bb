"""A hospital's discharge letter as it comes out of a fax machine: an image-only PDF."""

import io
import random
import time
from datetime import date, timedelta

from PIL import Image, ImageDraw

from apps.pipeline.samples.model import Sample, Truth
from apps.pipeline.samples.numbers import long_date, short_date
from apps.pipeline.samples.raster import MONO, SANS, SANS_BOLD, Sheet, faxed
from apps.pipeline.samples.texts import blocks, load
from apps.pipeline.samples.trade import document_fields

AGE_DAYS = 46
CLINIC = "St. Cuthmund's General Hospital"
# A4 at 200 dots an inch, the "superfine" grid of fax machines made square.
DPI = 200
PAGE = (1654, 2339)


def make(today: date) -> Sample:
    """Return the fax as it came in `AGE_DAYS` before `today`."""
    discharged = today - timedelta(days=AGE_DAYS)
    chance = random.Random(f"{discharged.isoformat()} fax")
    page = faxed(_page(discharged), chance, angle=0.6)
    buffer = io.BytesIO()
    moment = time.strptime(discharged.isoformat(), "%Y-%m-%d")
    page.save(buffer, "PDF", resolution=DPI, title="Fax", producer="Faxline 300", creationDate=moment, modDate=moment)
    return Sample(
        name=f"fax_{discharged:%Y%m%d}_1542.pdf",
        content=buffer.getvalue(),
        title="Discharge letter (fax)",
        media_type="application/pdf",
        tags=("health", "scan"),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="medical_report",
            language="en",
            text_contains=("DISCHARGE SUMMARY", "Diagnosis", "community-acquired pneumonia", "Amoxicillin"),
            fields=document_fields(CLINIC, discharged),
        ),
    )


def _page(discharged: date) -> Image.Image:
    sheet = Sheet.blank(*PAGE, 150)
    sheet.y = 40
    sheet.pair(f"{discharged:%d/%m/%Y} 15:42  FROM +44 20 7946 0622", "P. 001/001", MONO, 26)
    sheet.skip(60)
    draw = ImageDraw.Draw(sheet.image)
    draw.rectangle((150, sheet.y + 30, 250, sheet.y + 60), fill=20)
    draw.rectangle((185, sheet.y - 5, 215, sheet.y + 95), fill=20)
    sheet.write(CLINIC, SANS_BOLD, 46, x=290)
    sheet.skip(62)
    sheet.write("Department of Respiratory Medicine, 8 Infirmary Walk, Ashdon AD4 9ZZ", SANS, 27, x=290)
    sheet.skip(60)
    sheet.rule(thickness=4, gap=16)
    sheet.line("DISCHARGE SUMMARY", SANS_BOLD, 42)
    sheet.skip(14)
    admitted = discharged - timedelta(days=6)
    for left, right in (
        ("Patient:  Mr Barnaby Featherstonehaugh-Quick", f"Date:  {long_date(discharged)}"),
        (f"Date of birth:  {short_date(date(1957, 3, 14))}", "Hospital no.:  QX 417 226"),
        (f"Admitted:  {short_date(admitted)}", f"Discharged:  {short_date(discharged)}"),
    ):
        sheet.pair(left, right, SANS, 30, leading=1.5)
    sheet.rule(gap=20)
    for block in blocks(load("medical.txt", review=long_date(discharged + timedelta(days=42)))):
        if block.startswith("## "):
            sheet.skip(16)
            sheet.line(block[3:], SANS_BOLD, 31, leading=1.5)
        else:
            sheet.paragraph(block, SANS, 29)
    sheet.skip(70)
    draw.line([(160, sheet.y), (200, sheet.y - 50), (230, sheet.y + 8), (270, sheet.y - 40), (330, sheet.y - 6)], 20, 4)
    sheet.skip(24)
    sheet.line("Dr Philippa Nightingrove, Consultant Physician", SANS, 29)
    return sheet.image
