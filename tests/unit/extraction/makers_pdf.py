"""PDFs with forms, notes, attachments, signatures, odd fonts and odd orders, made on the spot."""

from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.unit.extraction.makers import A4, written_picture

LEFT_COLUMN = (
    "The committee met in the spring and went through the accounts of the last year with much care, because it was",
    "said that several of the larger payments had never been approved by anyone who was allowed to do so at the time",
)
RIGHT_COLUMN = (
    "Meanwhile the builders had started with the roof of the old mill and found that most of its beams were still in",
    "good order, which saved the village a good deal of money that could now be spent on the school and the bridge",
)


def columns_of(texts: tuple[str, str], width: int = 28) -> list[str]:
    """Return a text as lines of about that many characters."""
    lines = [""]
    for word in " ".join(texts).split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def columns_pdf(path: Path, left: list[str], right: list[str]) -> Path:
    """Write two columns the wrong way: line by line across the page."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 11)
    for index, (one, other) in enumerate(zip(left, right, strict=False)):
        canvas.drawString(60, 700 - 14 * index, one)
        canvas.drawString(320, 700 - 14 * index, other)
    canvas.showPage()
    canvas.save()
    return path


def form_pdf(path: Path, *, with_appearances: bool) -> Path:
    """Write a form with a text field, a checkbox, radio buttons and a choice, filled in."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawString(72, 700, "Name:")
    form = canvas.acroForm
    form.textfield(name="person.name", value="Charlie Example", x=120, y=690, width=200, height=20)
    form.checkbox(name="member", checked=True, x=120, y=650, size=14)
    form.checkbox(name="letters", checked=False, x=120, y=630, size=14)
    form.radio(name="pay", value="card", selected=False, x=120, y=600)
    form.radio(name="pay", value="cash", selected=True, x=160, y=600)
    form.choice(
        name="country", value="de", options=[("Germany", "de"), ("France", "fr")], x=120, y=560, width=100, height=20
    )
    canvas.showPage()
    canvas.save()
    if not with_appearances:
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            for widget in pdf.pages[0].Annots:
                if Name.AP in widget and widget.get("/FT") == Name.Tx:
                    del widget.AP
            pdf.save(path)
    return path


def annotated_pdf(path: Path) -> Path:
    """Write a page with a web link, a link within the file, a sticky note and a typewritten one."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawString(72, 700, "Read our terms")
    canvas.bookmarkPage("top")
    canvas.addOutlineEntry("Beginning", "top", level=0)
    canvas.bookmarkPage("details")
    canvas.addOutlineEntry("Details", "details", level=1)
    canvas.linkURL("https://example.org/terms", (72, 695, 150, 712))
    canvas.linkRect("", "top", (72, 600, 150, 620))
    canvas.textAnnotation("Please check this sum", (300, 690, 320, 710))
    canvas.showPage()
    canvas.save()
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        appearance = pdf.make_stream(b"BT /F1 12 Tf 2 4 Td (Approved by Bob) Tj ET")
        appearance.Type, appearance.Subtype = Name.XObject, Name.Form
        appearance.BBox = Array([0, 0, 150, 20])
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        appearance.Resources = Dictionary(Font=Dictionary(F1=font))
        note = Dictionary(
            Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([72, 500, 222, 520]), Contents=String("Approved by Bob")
        )
        note.AP, note.F = Dictionary(N=appearance), 4
        pdf.pages[0].Annots.append(pdf.make_indirect(note))
        pdf.save(path)
    return path


def with_attachment(source: Path, path: Path, name: str, content: bytes) -> Path:
    """Write a copy that carries a file, and claims PDF/A-3B as electronic invoices do."""
    with pikepdf.open(source) as pdf:
        specification = pikepdf.AttachedFileSpec(
            pdf, content, filename=name, mime_type="text/xml", description="", creation_date="", mod_date=""
        )
        pdf.attachments[name] = specification
        with pdf.open_metadata() as metadata:
            metadata["pdfaid:part"], metadata["pdfaid:conformance"] = "3", "B"
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return path


def with_signature(source: Path, path: Path, *, signed: bool) -> Path:
    """Write a copy with a signature field, holding a (worthless) signature or none."""
    with pikepdf.open(source) as pdf:
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String("approval"))
        field.Rect = Array([0, 0, 0, 0])
        if signed:
            field.V = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Name=String("Alice"))
            field.V.Contents, field.V.ByteRange = String(b"0" * 16), Array([0, 1, 2, 3])
        field = pdf.make_indirect(field)
        pdf.pages[0].Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=1)
        pdf.save(path)
    return path


def shifted_pdf(path: Path, text: str, places: int) -> Path:
    """Write a page whose font says of each letter that it is another one, so many places on in the alphabet."""
    canvas = Canvas(str(path), pagesize=A4, pageCompression=0)
    canvas.setFont("Helvetica", 11)
    words = text.split()
    for index in range(0, len(words), 12):
        canvas.drawString(60, 780 - index * 1.2, " ".join(words[index : index + 12]))
    canvas.showPage()
    canvas.save()
    rows = [f"<{code:02x}> <{_moved(code, places):04x}>" for code in range(32, 127)]
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <00> <ff> "
        f"endcodespacerange {len(rows)} beginbfchar {' '.join(rows)} endbfchar endcmap end end"
    )
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            font.ToUnicode = pdf.make_stream(cmap.encode())
        pdf.save(path)
    return path


def _moved(code: int, places: int) -> int:
    for first in (ord("a"), ord("A")):
        if first <= code < first + 26:
            return first + (code - first + places) % 26
    return code


def layered_scan(path: Path, lines: list[str]) -> Path:
    """Write a scan with the given lines as the hidden text that some program recognised."""
    buffer = BytesIO()
    written_picture(["The real print of this page", "is easily read"]).save(buffer, "PNG")
    buffer.seek(0)
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawImage(ImageReader(buffer), 0, 300, width=595, height=384)
    text = canvas.beginText(60, 640)
    text.setTextRenderMode(3)
    text.setFont("Helvetica", 10)
    for line in lines:
        text.textLine(line)
    canvas.drawText(text)
    canvas.showPage()
    canvas.save()
    return path
