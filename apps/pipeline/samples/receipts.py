"""Two till receipts: one photographed with a phone, one stored by the till itself."""

import io
import random
from datetime import date, timedelta
from decimal import Decimal

from PIL import Image, ImageDraw

from apps.pipeline.samples.model import Sample, Truth
from apps.pipeline.samples.numbers import amount, german_vat, short_date
from apps.pipeline.samples.raster import MONO, MONO_BOLD, SANS, SANS_BOLD, Sheet, photographed
from apps.pipeline.samples.trade import Bill, document_fields, item

PHOTO_AGE_DAYS = 5
TILL_AGE_DAYS = 18
HARDWARE = "TUMBLEWICK HARDWARE"
HARDWARE_ADDRESS = "27 Market Street, Ashcombe, OR 97099"
CAFE = "Café Zaunkönig"
CAFE_ADDRESS = "Am Mühlgraben 3, 99423 Weimar"
CAFE_VAT = german_vat("99804415")
SHOPPING = Bill(
    [
        item("WOOD SCREWS 4X40 BOX", "2", "6.49", "0"),
        item("PAINT ROLLER SET", "1", "14.99", "0"),
        item("MASKING TAPE 48MM", "3", "4.25", "0"),
        item("INTERIOR PAINT WHITE", "2", "31.90", "0"),
        item("DUST MASK FFP2 5PK", "1", "9.79", "0"),
    ]
)
BREAKFAST = (
    ("2", "Cappuccino", "3.80"),
    ("1", "Kännchen Earl Grey", "4.90"),
    ("2", "Frühstück Waldrand", "13.50"),
    ("1", "Rührei mit Kräutern", "6.20"),
    ("1", "Stück Mohnkuchen", "4.30"),
)


def make_photo(today: date) -> Sample:
    """Return the photographed receipt; every price already holds the tax, as the till prints it."""
    day = today - timedelta(days=PHOTO_AGE_DAYS)
    chance = random.Random(f"{day.isoformat()} hardware")
    content = photographed(_hardware_receipt(day), chance, angle=-2.3, quality=72)
    return Sample(
        name="IMG_4471.jpg",
        content=content,
        title="Tumblewick Hardware receipt",
        media_type="image/jpeg",
        tags=("expenses",),
        received_days_ago=PHOTO_AGE_DAYS,
        truth=Truth(
            type="receipt",
            language="en",
            text_contains=(HARDWARE, "PAINT ROLLER SET", "TOTAL"),
            fields={
                "merchant_name": HARDWARE,
                "merchant_address": HARDWARE_ADDRESS,
                "date": day.isoformat(),
                "total": str(SHOPPING.grand_total),
                "currency": "USD",
                **document_fields(HARDWARE, day),
            },
        ),
    )


def _hardware_receipt(day: date) -> Image.Image:
    street, town = HARDWARE_ADDRESS.split(", ", 1)
    sheet = Sheet.blank(720, 1130, 46)
    sheet.line(HARDWARE, MONO_BOLD, 42, anchor="ma")
    for text in (street, town, "TEL (503) 555-0177"):
        sheet.line(text, MONO, 26, anchor="ma")
    sheet.skip(16)
    sheet.pair(f"DATE {short_date(day, 'us')}", "TIME 16:42", MONO, 26)
    sheet.pair("TILL 03  CLERK ROSA", "NO 118204", MONO, 26)
    sheet.rule()
    for line in SHOPPING.items:
        sheet.pair(line.description, amount(line.amount), MONO, 28)
        if line.quantity > 1:
            sheet.line(f"   {line.quantity} @ {amount(line.unit_price)}", MONO, 26)
    sheet.rule()
    sheet.pair("SUBTOTAL", amount(SHOPPING.grand_total), MONO, 28)
    sheet.pair("SALES TAX 0.0%", "0.00", MONO, 28)
    sheet.skip(6)
    sheet.pair("TOTAL USD", f"${amount(SHOPPING.grand_total)}", MONO_BOLD, 40)
    sheet.skip(6)
    sheet.pair("CASH", amount(Decimal(120)), MONO, 28)
    sheet.pair("CHANGE", amount(Decimal(120) - SHOPPING.grand_total), MONO, 28)
    sheet.rule()
    for text in ("RETURNS WITHIN 30 DAYS", "WITH THIS RECEIPT", "THANK YOU!"):
        sheet.line(text, MONO, 26, anchor="ma")
    sheet.skip(14)
    _bars(sheet, "118204097731")
    return sheet.image


def _bars(sheet: Sheet, digits: str) -> None:
    """Draw stripes in the manner of a bar code, two for every digit."""
    draw = ImageDraw.Draw(sheet.image)
    x = sheet.image.width // 2 - 150
    for digit in digits * 2:
        draw.rectangle((x, sheet.y, x + 1 + int(digit) // 2, sheet.y + 70), fill=20)
        x += 8 + int(digit) // 2
    sheet.skip(78)


def make_till(today: date) -> Sample:
    """Return the café's receipt as the clean picture its till exports."""
    day = today - timedelta(days=TILL_AGE_DAYS)
    total = sum((int(count) * Decimal(price) for count, _, price in BREAKFAST), Decimal(0))
    net = (total / Decimal("1.07")).quantize(Decimal("0.01"))
    sheet = _cafe_receipt(day, total, net)
    buffer = io.BytesIO()
    sheet.image.save(buffer, "PNG", dpi=(203, 203))
    return Sample(
        name=f"beleg-{day:%Y%m%d}-0077.png",
        content=buffer.getvalue(),
        title="Café Zaunkönig, Frühstück",
        media_type="image/png",
        tags=("expenses", "travel"),
        received_days_ago=TILL_AGE_DAYS,
        truth=Truth(
            type="receipt",
            language="de",
            text_contains=(CAFE, "Kännchen Earl Grey", "Gesamtbetrag"),
            fields={
                "merchant_name": CAFE,
                "merchant_address": CAFE_ADDRESS,
                "date": day.isoformat(),
                "total": str(total),
                "tax_total": str(total - net),
                "currency": "EUR",
                **document_fields(CAFE, day),
            },
        ),
    )


def _cafe_receipt(day: date, total: Decimal, net: Decimal) -> Sheet:
    street, town = CAFE_ADDRESS.split(", ")
    sheet = Sheet.blank(640, 730, 44)
    draw = ImageDraw.Draw(sheet.image)
    draw.ellipse((290, 30, 350, 90), outline=20, width=5)
    draw.arc((306, 46, 334, 74), 20, 250, fill=20, width=5)
    sheet.skip(62)
    sheet.line(CAFE, SANS_BOLD, 36, anchor="ma")
    for text in (street, town, f"USt-IdNr. {CAFE_VAT}"):
        sheet.line(text, SANS, 22, anchor="ma")
    sheet.skip(12)
    sheet.pair(f"Datum {short_date(day, 'de')}  09:58", "Beleg 0077", SANS, 22)
    sheet.rule()
    for count, name, price in BREAKFAST:
        sheet.pair(f"{count} x {name}", f"{amount(int(count) * Decimal(price), 'de')} A", SANS, 24, leading=1.5)
    sheet.rule()
    sheet.pair("Gesamtbetrag EUR", amount(total, "de"), SANS_BOLD, 32)
    sheet.pair("Kartenzahlung girocard", amount(total, "de"), SANS, 22)
    sheet.skip(14)
    sheet.pair("A  MwSt. 7,0 %", f"Netto {amount(net, 'de')}   Steuer {amount(total - net, 'de')}", SANS, 22)
    sheet.rule()
    sheet.line("Es bediente Sie: Henrike", SANS, 22, anchor="ma")
    sheet.line("Vielen Dank für Ihren Besuch!", SANS_BOLD, 24, anchor="ma")
    return sheet
