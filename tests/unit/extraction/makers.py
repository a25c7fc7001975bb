"""Small documents made on the spot, so that each test shows what it is about."""

from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

A4 = (595.0, 842.0)


def text_pdf(path: Path, pages: list[list[tuple[float, float, str]]], *, title: str = "") -> Path:
    """Write a PDF of texts at places in points from the bottom left."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setTitle(title)
    canvas.setAuthor("Alice")
    for texts in pages:
        canvas.setFont("Helvetica", 12)
        for x, y, text in texts:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return path


def hello_pdf(path: Path, text: str = "Hello careful reader") -> Path:
    """Write a PDF of one page with one line at (72, 700)."""
    return text_pdf(path, [[(72, 700, text)]], title="Greeting")


def rotated(source: Path, path: Path, degrees: int) -> Path:
    """Write a copy whose first page is shown turned clockwise."""
    with pikepdf.open(source) as pdf:
        pdf.pages[0].Rotate = degrees
        pdf.save(path)
    return path


def cropped(source: Path, path: Path, box: tuple[float, float, float, float]) -> Path:
    """Write a copy whose first page shows only a box."""
    with pikepdf.open(source) as pdf:
        pdf.pages[0].CropBox = pikepdf.Array(box)
        pdf.save(path)
    return path


def encrypted(source: Path, path: Path, password: str) -> Path:
    """Write a copy that asks for a password."""
    with pikepdf.open(source) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(user=password, owner=password))
    return path


def written_picture(lines: list[str], size: tuple[int, int] = (1240, 800)) -> Image.Image:
    """Draw black lines of large print on white."""
    picture = Image.new("L", size, 255)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=44)
    for index, line in enumerate(lines):
        draw.text((80, 80 + 90 * index), line, fill=0, font=font)
    return picture


def scanned_pdf(path: Path, lines: list[str], *, stamp: str = "") -> Path:
    """Write a PDF whose page is a picture of print, with a stamp of real text if wanted."""
    buffer = BytesIO()
    written_picture(lines).save(buffer, "PNG")
    buffer.seek(0)
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawImage(ImageReader(buffer), 0, 300, width=595, height=384)
    if stamp:
        canvas.drawImage(ImageReader(BytesIO(buffer.getvalue())), 0, 10, width=595, height=280)
        canvas.drawString(72, 800, stamp)
    canvas.showPage()
    canvas.save()
    return path


def table_pdf(path: Path, rows: list[list[str]], *, ruled: bool, left: float = 72, width: float = 110) -> Path:
    """Write a PDF with a table below a line of text; `width` is that of a column."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(left, 760, "The following figures were taken from the books of the company.")
    top, high = 720.0, 20.0
    for index, row in enumerate(rows):
        for column, text in enumerate(row):
            canvas.drawString(left + column * width + 4, top - index * high - 14, text)
    if ruled:
        columns = max(len(row) for row in rows)
        xs = [left + index * width for index in range(columns + 1)]
        canvas.grid(xs, [top - index * high for index in range(len(rows) + 1)])
    canvas.showPage()
    canvas.save()
    return path


def mail(path: Path, *, plain: str | None, html: str | None, attachment: bytes | None = None) -> Path:
    """Write a message from alice to bob with the parts given."""
    message = EmailMessage()
    message["From"] = "Alice <alice@example.org>"
    message["To"] = "bob@example.org"
    message["Subject"] = "Überweisung für März"
    message["Date"] = "Mon, 02 Mar 2026 09:30:00 +0100"
    if plain is not None:
        message.set_content(plain)
        if html is not None:
            message.add_alternative(html, subtype="html")
    elif html is not None:
        message.set_content(html, subtype="html")
    if attachment is not None:
        message.add_attachment(attachment, maintype="application", subtype="pdf", filename="../../etc/invoice.pdf")
    path.write_bytes(bytes(message))
    return path


def bomb_pdf(path: Path, megabytes: int) -> Path:
    """Write a PDF whose page's content unpacks to that size."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=A4)
        page.Contents = pdf.make_stream(b"q Q\n" * (megabytes << 18))
        pdf.save(path, compress_streams=True)
    return path
