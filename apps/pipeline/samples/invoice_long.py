"""A wholesaler's invoice over three pages: the item table continues and its head row comes again."""

from datetime import date, timedelta
from decimal import Decimal

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Spacer

from apps.pipeline.samples.model import Sample, Truth, table_truth
from apps.pipeline.samples.numbers import amount, belgian_vat, iban, long_date, short_date, spaced
from apps.pipeline.samples.pdf import GREY, RIGHT, Box, Command, Meta, build_pdf, lines, rule, table, text_style
from apps.pipeline.samples.trade import Bill, Item, document_fields

AGE_DAYS = 33
PAGES = 3
SELLER = "Vandermolen Electro Wholesale NV"
BUYER = "Brightwater Installations BV"
VAT_ID = belgian_vat("09994172")
IBAN = iban("BE", "999417003272")
ORANGE = "#c2410c"
FAMILIES = (
    ("Installation cable XVB 3G{}", ("1.5", "2.5", "4", "6", "10"), "m", "0.74"),
    ("Circuit breaker 1P+N, curve C, {} A", ("6", "10", "16", "20", "25", "32"), "pc", "8.35"),
    ("Residual current device 4P {} mA", ("30", "100", "300"), "pc", "61.90"),
    ("Flexible conduit with wire, {} mm", ("16", "20", "25", "32"), "m", "0.52"),
    ("LED panel 60 x 60 cm, {} W", ("24", "30", "36", "40"), "pc", "27.40"),
    ("Recessed spotlight, {} lm", ("350", "500", "800", "1100"), "pc", "11.15"),
    ("Distribution board, {} modules", ("12", "24", "36", "54", "72"), "pc", "19.80"),
    ("Cable tray, perforated, {} mm", ("60", "100", "150", "200", "300"), "m", "6.45"),
    ("Wall socket with earth, {}", ("white", "cream", "anthracite", "bronze"), "pc", "5.95"),
    ("Motion detector, {} degrees", ("120", "180", "360"), "pc", "22.60"),
    ("Junction box IP55, {} mm", ("80 x 80", "100 x 100", "150 x 110", "190 x 140"), "pc", "2.85"),
    ("Data cable {} U/FTP", ("Cat 6", "Cat 6A", "Cat 7"), "m", "0.68"),
    ("Terminal block, {} mm²", ("2.5", "4", "6", "10", "16"), "pc", "0.92"),
    ("Time switch, {} channel", ("1", "2", "4"), "pc", "34.50"),
    ("Cable gland M{}, grey", ("12", "16", "20", "25", "32", "40"), "pc", "0.58"),
    ("Contactor 3P, {} A", ("9", "12", "18", "25", "40"), "pc", "24.15"),
    ("Surge arrester type 2, {} pole", ("1", "2", "4"), "pc", "58.20"),
    ("Floor heating cable, {} m", ("20", "40", "60", "80"), "pc", "71.30"),
    ("Heat shrink tube, {} mm", ("6", "9", "12", "19", "25"), "m", "0.47"),
    ("Door entry set, {} flats", ("1", "2", "4", "8"), "pc", "96.00"),
    ("Cable ties {} mm, bag of 100", ("100", "200", "300", "370"), "bag", "2.35"),
    ("Emergency luminaire, {} h", ("1", "3"), "pc", "46.75"),
)


def _items() -> list[Item]:
    """Return the order's lines; quantities and prices rise within a family by a fixed rule."""
    items: list[Item] = []
    for family, (name, variants, unit, price) in enumerate(FAMILIES, start=1):
        for step, variant in enumerate(variants):
            unit_price = (Decimal(price) * (100 + 37 * step) / 100).quantize(Decimal("0.01"))
            quantity = Decimal((family * 7 + step * 5) % 19 + 2) * (25 if unit == "m" else 1)
            code = f"{family:02d}{step + 1:02d}-{(family * 391 + step * 17) % 1000:03d}"
            items.append(Item(name.format(variant), quantity, unit_price, Decimal(21), unit, code))
    return items


BILL = Bill(_items())


def make(today: date) -> Sample:
    """Return the invoice as it came in `AGE_DAYS` before `today`."""
    issued = today - timedelta(days=AGE_DAYS + 1)
    due = issued + timedelta(days=30)
    number = f"VK{issued:%y}/20733"
    rows = _rows()
    content = build_pdf(
        _story(due, rows),
        Meta(f"Invoice {number}", SELLER, issued),
        first=[Box(15, 25, 180, 192)],
        later=[Box(15, 25, 180, 238)],
        paint=lambda canvas, page: _paint(canvas, page, number, issued),
    )
    fields = {
        "invoice_number": number,
        "issue_date": issued.isoformat(),
        "due_date": due.isoformat(),
        "order_reference": "BW-4471",
        "currency": "EUR",
        "seller_name": SELLER,
        "seller_vat_id": VAT_ID,
        "buyer_name": BUYER,
        "iban": IBAN,
        **BILL.totals(),
        **document_fields(SELLER, issued),
    }
    return Sample(
        name=f"vandermolen_{issued:%Y-%m}_20733.pdf",
        content=content,
        title=f"Vandermolen invoice {number}",
        media_type="application/pdf",
        tags=("accounting", "long"),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="invoice",
            language="en",
            page_count=PAGES,
            text_contains=(number, BUYER, "Emergency luminaire, 3 h", "Page 3 of 3", "Total payable"),
            fields=fields,
            line_items=BILL.line_items(),
            tables=(table_truth(rows),),
        ),
    )


def _rows() -> list[list[str]]:
    header = ["Article", "Description", "Quantity", "Unit", "Price EUR", "Amount EUR"]
    return [header] + [
        [line.code, line.description, str(line.quantity), line.unit, amount(line.unit_price), amount(line.amount)]
        for line in BILL.items
    ]


def _story(due: date, rows: list[list[str]]) -> list[Flowable]:
    columns: list[Command] = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 8.5),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 8.5),
        ("LINEABOVE", (0, 0), (-1, 0), 1, ORANGE),
        ("LINEBELOW", (0, 0), (-1, 0), 1, ORANGE),
        ("LINEBELOW", (0, -1), (-1, -1), 1, ORANGE),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), ("#ffffff", "#faf3ee")),
        ("ALIGN", (2, 0), (2, -1), "RIGHT"),
        ("ALIGN", (4, 0), (-1, -1), "RIGHT"),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.6),
    ]
    totals = [
        ["Net amount", f"{amount(BILL.net_total)}"],
        ["VAT 21%", f"{amount(BILL.tax_total)}"],
        ["Total payable EUR", f"{amount(BILL.grand_total)}"],
    ]
    look: list[Command] = [
        ("FONT", (0, 0), (-1, -2), "Helvetica", 9.5),
        ("FONT", (0, -1), (-1, -1), "Helvetica-Bold", 11),
        ("ALIGN", (1, 0), (1, -1), "RIGHT"),
        ("LINEABOVE", (0, -1), (-1, -1), 0.8, ORANGE),
        ("RIGHTPADDING", (1, 0), (1, -1), 4),
    ]
    note = (
        f"Please pay <b>{amount(BILL.grand_total)} EUR</b> by <b>{long_date(due)}</b> to IBAN {spaced(IBAN)}, "
        "BIC FICTBE99, quoting the invoice number. Our general terms of sale apply."
    )
    return [
        table(rows, [24, 82, 19, 13, 20, 22], columns, repeat=1),
        Spacer(0, 10),
        table(totals, [45, 32], look, align="RIGHT"),
        Spacer(0, 16),
        Paragraph(note, text_style(9.5, leading=13)),
    ]


def _paint(canvas: Canvas, page: int, number: str, issued: date) -> None:
    canvas.setFillColor(HexColor(ORANGE))
    bolt = canvas.beginPath()
    bolt.moveTo(23 * mm, 286 * mm)
    for x, y in ((16, 275), (20.5, 275), (18, 267), (26.5, 279), (22, 279), (26, 286)):
        bolt.lineTo(x * mm, y * mm)
    bolt.close()
    canvas.drawPath(bolt, stroke=0, fill=1)
    lines(canvas, ["VANDERMOLEN"], (30, 278.5), font="Helvetica-Bold", size=17)
    lines(canvas, ["Electro Wholesale"], (30, 273), size=10, colour=GREY)
    lines(canvas, [f"Invoice {number}", f"Page {page} of {PAGES}"], (195, 279), size=10, align=RIGHT)
    footer = f"{SELLER} · Kanaalstraat 120, 9099 Gent · VAT {VAT_ID} · IBAN {spaced(IBAN)}"
    rule(canvas, 15, 195, 18, colour=ORANGE)
    lines(canvas, [footer, "RPR Gent · orders@vandermolen.example"], (15, 14), size=7.5, colour=GREY)
    if page > 1:
        return
    lines(canvas, ["INVOICE"], (15, 254), font="Helvetica-Bold", size=16, colour=ORANGE)
    labels = ["Invoice number", "Invoice date", "Your order", "Customer", "Delivery note"]
    values = [number, short_date(issued), "BW-4471", "C-55210", "DN-90318"]
    lines(canvas, labels, (15, 246), size=9, colour=GREY, leading=13)
    lines(canvas, values, (48, 246), size=9, leading=13)
    lines(canvas, [BUYER], (120, 246), font="Helvetica-Bold", size=10.5)
    lines(canvas, ["Attn. Mrs. L. Dekeyzer", "Industrieweg 9", "2899 Mechelen"], (120, 241), size=10, leading=13)
