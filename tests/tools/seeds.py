"""One small sound file of every format there is a writer for, to be damaged by `fuzz`."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from io import BytesIO

import docx
import pptx
import xlsxwriter
from odfdo import Document, DrawPage, Frame, Paragraph, Table
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from apps.pipeline.samples.einvoice_xml import Invoice, Party, cii, with_attachment
from apps.pipeline.samples.trade import Bill, item

_WORDS = "Invoice 2026-17 for Alice, due 2026-03-02: 1,234.50 EUR"
_DAY = date(2026, 3, 2)
_OLE_HEAD = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + bytes.fromhex("3e000300feff0900060000000000000000000000")


@dataclass(frozen=True)
class Seed:
    """A format and how to make a file of it."""

    media_type: str
    suffix: str
    make: Callable[[], bytes]


def _pdf() -> bytes:
    """Return a PDF whose streams are not packed, so that damage reaches what is in them."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pageCompression=0)
    canvas.setTitle(_WORDS)
    canvas.bookmarkPage("top")
    canvas.addOutlineEntry("Top", "top")
    for number in range(2):
        canvas.drawString(72, 700, f"{_WORDS} {number}")
        canvas.grid([72, 200, 330], [500, 520, 540])
        canvas.linkURL("https://example.org", (72, 690, 200, 710))
        canvas.acroForm.textfield(name=f"field{number}", value="filled in", x=72, y=600, width=200, height=20)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _picture(kind: str) -> Callable[[], bytes]:
    def make() -> bytes:
        buffer = BytesIO()
        Image.linear_gradient("L").resize((60, 40)).convert("RGB").save(buffer, kind)
        return buffer.getvalue()

    return make


def _docx() -> bytes:
    document = docx.Document()
    document.add_heading("Invoice", 1)
    document.add_paragraph(_WORDS, style="List Bullet")
    document.add_table(2, 2).cell(0, 0).text = _WORDS
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _pptx() -> bytes:
    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.placeholders[0].text = _WORDS
    buffer = BytesIO()
    slides.save(buffer)
    return buffer.getvalue()


def _xlsx() -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Invoices")
        sheet.write_row(0, 0, ["Number", "Due", "Total"])
        sheet.write_row(1, 0, ["17", "2026-03-02", 1234.5])
        sheet.merge_range(2, 0, 2, 2, _WORDS)
    return buffer.getvalue()


def _open_document(kind: str) -> Callable[[], bytes]:
    def make() -> bytes:
        document = Document(kind)
        if kind == "text":
            document.body.append(Paragraph(_WORDS))
        elif kind == "spreadsheet":
            table = Table("Invoices")
            table.set_values([["Number", "Due", "Total"], ["17", "2026-03-02", 1234.5]])
            document.body.append(table)
        else:
            page = DrawPage("page1", name="First")
            page.append(Frame.text_frame(_WORDS, size=("10cm", "5cm"), position=("1cm", "1cm")))
            document.body.append(page)
        buffer = BytesIO()
        document.save(buffer)
        return buffer.getvalue()

    return make


def _mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "alice@example.org", "bob@example.org", _WORDS
    message.set_content(_WORDS)
    message.add_alternative(f"<h1>{_WORDS}</h1>", subtype="html")
    message.add_attachment(_pdf(), maintype="application", subtype="pdf", filename="invoice.pdf")
    return bytes(message)


def _zip(members: dict[str, str]) -> Callable[[], bytes]:
    def make() -> bytes:
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return buffer.getvalue()

    return make


_HTML = f"<html><body><h1>{_WORDS}</h1><ul><li>one<table><tr><td>1<td>2</table></ul><script>x</script></body></html>"
_EPUB = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="a.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    ),
    "a.opf": (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    ),
    "a.xhtml": _HTML,
}
_RTF = r"{\rtf1\ansi{\fonttbl\f0\fswiss Helvetica;}\f0\pard " + _WORDS + r"\par\trowd\cellx1\cellx2 a\cell b\cell\row}"


def _invoice() -> bytes:
    """Return an e-invoice in XML."""
    party = Party(name="Alice", street="1 Quay", postcode="99", city="Weimar", country="DE", vat_id="DE136695976")
    return cii(
        Invoice(
            number="2026-17",
            issued=_DAY,
            due=_DAY,
            order="",
            currency="EUR",
            seller=party,
            buyer=party,
            iban="DE89370400440532013000",
            bill=Bill([item("Lamp", "2", "12.50", "19")]),
        )
    )


def _bytes(text: str) -> Callable[[], bytes]:
    return text.encode


_OFFICE = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
SEEDS: tuple[Seed, ...] = (
    Seed("application/pdf", ".pdf", _pdf),
    *(Seed(f"image/{kind.lower()}", f".{kind.lower()}", _picture(kind)) for kind in ("PNG", "JPEG", "TIFF", "WEBP")),
    *(Seed(f"image/{kind.lower()}", f".{kind.lower()}", _picture(kind)) for kind in ("BMP", "GIF")),
    Seed("text/plain", ".txt", _bytes(_WORDS * 20)),
    Seed("text/markdown", ".md", _bytes(f"# {_WORDS}\n\n- one\n  - two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")),
    Seed("text/csv", ".csv", _bytes('number,due,total\n17,2026-03-02,"1,234.50"\n' * 5)),
    Seed("text/tab-separated-values", ".tsv", _bytes("number\tdue\ttotal\n17\t2026-03-02\t1,234.50\n" * 5)),
    Seed("text/x-rst", ".rst", _bytes(f"Title\n=====\n\n{_WORDS}\n")),
    Seed("application/json", ".json", _bytes('{"invoice": {"number": 17, "lines": [1, 2.5, null, "x"]}}')),
    Seed("text/html", ".html", _bytes(_HTML)),
    Seed("application/xml", ".xml", _bytes(f'<?xml version="1.0"?><a><b c="1">{_WORDS}</b></a>')),
    Seed("application/xml", ".xml", _invoice),
    Seed("application/pdf", ".pdf", lambda: with_attachment(_pdf(), "factur-x.xml", _invoice(), _DAY)),
    Seed("application/rtf", ".rtf", _bytes(_RTF)),
    Seed("message/rfc822", ".eml", _mail),
    Seed("application/mbox", ".mbox", lambda: b"From alice@example.org Mon Mar  2 09:30:00 2026\n" + _mail() + b"\n"),
    Seed(f"{_OFFICE}.wordprocessingml.document", ".docx", _docx),
    Seed(f"{_OFFICE}.presentationml.presentation", ".pptx", _pptx),
    Seed(f"{_OFFICE}.spreadsheetml.sheet", ".xlsx", _xlsx),
    Seed(f"{_ODF}.text", ".odt", _open_document("text")),
    Seed(f"{_ODF}.presentation", ".odp", _open_document("presentation")),
    Seed(f"{_ODF}.spreadsheet", ".ods", _open_document("spreadsheet")),
    Seed("application/epub+zip", ".epub", _zip(_EPUB)),
    Seed("application/zip", ".zip", _zip({"a.txt": _WORDS, "folder/b.html": _HTML})),
    # Nothing we may use writes these; what is fed to their readers begins as such a file does.
    Seed("application/msword", ".doc", lambda: _OLE_HEAD + b"WordDocument".decode().encode("utf-16-le") * 200),
    Seed("application/vnd.ms-excel", ".xls", lambda: _OLE_HEAD + "Workbook".encode("utf-16-le") * 200),
    Seed("application/vnd.ms-powerpoint", ".ppt", lambda: _OLE_HEAD + "PowerPoint Document".encode("utf-16-le") * 200),
    Seed("application/vnd.ms-outlook", ".msg", lambda: _OLE_HEAD + "__substg1.0_0037001F".encode("utf-16-le") * 200),
)
