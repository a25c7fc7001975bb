"""Tables drawn in many ways, as PDFs and as scans, with the texts of their cells."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

A4 = (595.0, 842.0)


def report(path: Path, pages: Sequence[Sequence[Sequence[str]]], *, ruled: bool, full: bool = True) -> Path:
    """Write a report with a running head and foot; every page holds one table, from its middle on where not full."""
    canvas = Canvas(str(path), pagesize=A4)
    for number, rows in enumerate(pages, 1):
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 815, "Annual report of the harbour")
        canvas.drawString(290, 25, str(number))
        canvas.setFont("Helvetica", 10)
        top = 780.0 if full else 500.0
        for index, row in enumerate(rows):
            for column, text in enumerate(row):
                canvas.drawString(76 + column * 120, top - 20 * index - 14, text)
        if ruled:
            columns = [72 + 120 * index for index in range(len(rows[0]) + 1)]
            canvas.grid(columns, [top - 20 * index for index in range(len(rows) + 1)])
        canvas.showPage()
    canvas.save()
    return path


def picture_of(path: Path, *, dpi: int = 200, turned: float = 0.0) -> Image.Image:
    """Draw the first page of a PDF in grey, a little askew if wanted."""
    with pdfium.PdfDocument(path) as pdf:
        picture: Image.Image = pdf[0].render(scale=dpi / 72, grayscale=True).to_pil()
    return picture.rotate(turned, Image.Resampling.BICUBIC, fillcolor=255) if turned else picture


def scan_of(path: Path, target: Path, *, dpi: int = 200, turned: float = 0.0) -> Path:
    """Write a PDF that shows the first page of another one as a picture."""
    buffer = BytesIO()
    picture_of(path, dpi=dpi, turned=turned).save(buffer, "PNG")
    buffer.seek(0)
    canvas = Canvas(str(target), pagesize=A4)
    canvas.drawImage(ImageReader(buffer), 0, 0, width=A4[0], height=A4[1])
    canvas.save()
    return target
