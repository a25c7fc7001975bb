"""Bundles made on the spot: letters and invoices on one PDF, separator and empty sheets, a TIFF of several pages."""

from io import BytesIO

import zxingcpp
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

A4 = (595.0, 842.0)

INVOICE = ["{name} Ltd", "1 Harbour Road, London", "office@{slug}.example.org", "", "# INVOICE", "Invoice no. {code}"]
ITEMS = [
    "Date: 3 March 2026",
    "",
    "Lamps  12  480.00",
    "Cables  3  36.00",
    "",
    "Total  516.00",
    "Thank you",
    "Page 1 of 1",
]
LETTER = ["Our keeper has seen your ship.", "She asks for a lamp of her own.", "Please send word to us soon."]
BODY = [f"and so it goes on in the same way, line {line} of the terms of delivery" for line in range(30)]


def invoice(name: str, code: str) -> list[str]:
    """Return the lines of an invoice's only page."""
    return [line.format(name=name, slug=name.lower(), code=code) for line in INVOICE] + ITEMS


def letter(name: str) -> list[str]:
    """Return the lines of a letter of one page."""
    return [f"# {name.upper()} LIGHTHOUSES", "12 May 2026", "", "Dear Mr Charlie,", *LETTER, "Sincerely", name]


def report(number: int, count: int) -> list[str]:
    """Return the lines of a page of a numbered report."""
    return ["Terms of delivery of the Harbour Trading Company", *BODY, f"Page {number} of {count}"]


def bundle_pdf(pages: list[list[str]]) -> bytes:
    """Return a PDF of these pages; none: an empty one, `|`: a barcode, `#`: large print."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for lines in pages:
        if lines and lines[0].startswith("|"):
            canvas.drawImage(ImageReader(barcode(lines[0][1:])), 100, 400, 400, 120)
        else:
            for place, line in enumerate(lines):
                canvas.setFont("Helvetica", 24 if line.startswith("# ") else 11)
                canvas.drawString(72, 780 - 20 * place, line.removeprefix("# "))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def barcode(value: str) -> Image.Image:
    """Return the picture of a Code 128."""
    drawn = zxingcpp.write_barcode(zxingcpp.BarcodeFormat.Code128, value, width=800, height=240)
    return Image.fromarray(drawn)


def bundle_tiff(sizes: list[tuple[int, int]]) -> bytes:
    """Return a TIFF with a grey page of each size."""
    pictures = [Image.new("L", size, 100 + 20 * place) for place, size in enumerate(sizes)]
    buffer = BytesIO()
    pictures[0].save(buffer, "TIFF", save_all=True, append_images=pictures[1:], dpi=(150, 150))
    return buffer.getvalue()
