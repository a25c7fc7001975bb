"""Page building on top of reportlab: reproducible PDFs, text styles, tables and page furniture."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pikepdf
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Table, TableStyle

from apps.pipeline.samples.texts import blocks

LEFT, CENTRE, RIGHT, JUSTIFIED = 0, 1, 2, 4
INK = "#1f2430"
GREY = "#6b7280"

Painter = Callable[[Canvas, int], None]
Command = tuple[object, ...]


class Box(NamedTuple):
    """A text area on the page in millimetres from the lower left corner."""

    left: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Meta:
    """What stands in the PDF's document information."""

    title: str
    author: str
    created: date
    language: str = "en"


def build_pdf(
    story: Sequence[Flowable],
    meta: Meta,
    *,
    first: Sequence[Box],
    later: Sequence[Box] = (),
    paint: Painter | None = None,
    size: tuple[float, float] = A4,
    password: str | None = None,
) -> bytes:
    """Lay `story` out in the boxes of the first and the later pages; the same input gives the same bytes.

    `paint` draws what repeats on a page (logo, footer) and gets the page number. A `password` encrypts the file with
    128-bit RC4, the strongest method whose bytes do not depend on chance.
    """
    buffer = io.BytesIO()
    document = BaseDocTemplate(
        buffer,
        pagesize=size,
        title=meta.title,
        author=meta.author,
        creator="docintel samples",
        invariant=1,
        encrypt=StandardEncryption(password, canPrint=1, strength=128) if password else None,
    )

    def on_page(canvas: Canvas, template: BaseDocTemplate) -> None:
        canvas.saveState()
        if paint is not None:
            paint(canvas, template.page)
        canvas.restoreState()

    document.addPageTemplates(
        [
            PageTemplate("first", _frames(first), onPage=on_page, pagesize=size, autoNextPageTemplate="later"),
            PageTemplate("later", _frames(later or first), onPage=on_page, pagesize=size),
        ]
    )
    document.build(list(story))
    return buffer.getvalue() if password else stamp(buffer.getvalue(), meta)


def stamp(pdf: bytes, meta: Meta) -> bytes:
    """Return the file with its language and dates; reportlab fixes those to the year 2000 and writes "unspecified"."""
    result = io.BytesIO()
    moment = f"D:{meta.created:%Y%m%d}090000Z"
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.docinfo["/CreationDate"] = pikepdf.String(moment)
        document.docinfo["/ModDate"] = pikepdf.String(moment)
        for unset in ("/Subject", "/Keywords", "/Trapped"):
            if unset in document.docinfo:
                del document.docinfo[unset]
        document.Root["/Lang"] = pikepdf.String(meta.language)
        document.save(result, deterministic_id=True)
    return result.getvalue()


def _frames(boxes: Sequence[Box]) -> list[Frame]:
    return [Frame(*(side * mm for side in box), 0, 0, 0, 0) for box in boxes]


def text_style(
    size: float = 9,
    *,
    font: str = "Helvetica",
    colour: str = INK,
    align: int = LEFT,
    leading: float | None = None,
    before: float = 0,
    after: float = 0,
    indent: float = 0,
) -> ParagraphStyle:
    """Return a paragraph style; all lengths are in points."""
    return ParagraphStyle(
        name=f"{font}-{size}",
        fontName=font,
        fontSize=size,
        leading=leading or size * 1.35,
        textColor=HexColor(colour),
        alignment=align,
        spaceBefore=before,
        spaceAfter=after,
        leftIndent=indent,
    )


def paragraphs(texts: Sequence[str], style: ParagraphStyle) -> list[Flowable]:
    """One paragraph for each text."""
    return [Paragraph(text, style) for text in texts]


def prose(text: str, body: ParagraphStyle, heading: ParagraphStyle) -> list[Flowable]:
    """Return the blocks of `text` as paragraphs; a block that begins with `## ` is a heading."""
    heading.keepWithNext = 1
    return [
        Paragraph(block.removeprefix("## "), heading if block.startswith("## ") else body) for block in blocks(text)
    ]


def table(
    rows: Sequence[Sequence[str | Flowable]],
    widths: Sequence[float],
    commands: Sequence[Command] = (),
    *,
    repeat: int = 0,
    align: str = "LEFT",
) -> Table:
    """Return a table with column `widths` in millimetres; the first `repeat` rows come again on every page."""
    base: list[Command] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ]
    return Table(
        [list(row) for row in rows],
        colWidths=[width * mm for width in widths],
        repeatRows=repeat,
        hAlign=align,
        style=TableStyle([*base, *coloured(commands)]),
    )


def coloured(commands: Sequence[Command]) -> list[Command]:
    """Return the table commands with hexadecimal strings turned into colours."""
    return [
        tuple(HexColor(part) if isinstance(part, str) and part.startswith("#") else part for part in command)
        for command in commands
    ]


def lines(
    canvas: Canvas,
    texts: Sequence[str],
    at: tuple[float, float],
    *,
    font: str = "Helvetica",
    size: float = 8,
    leading: float | None = None,
    colour: str = INK,
    align: int = LEFT,
) -> None:
    """Draw `texts` below each other; `at` is the first base line in millimetres from the lower left corner."""
    canvas.setFont(font, size)
    canvas.setFillColor(HexColor(colour))
    draw = {LEFT: canvas.drawString, CENTRE: canvas.drawCentredString, RIGHT: canvas.drawRightString}[align]
    for index, text in enumerate(texts):
        draw(at[0] * mm, at[1] * mm - index * (leading or size * 1.35), text)


def rule(canvas: Canvas, left: float, right: float, height: float, *, colour: str = GREY, width: float = 0.5) -> None:
    """Return a horizontal line between two places in millimetres, `width` points thick."""
    canvas.setStrokeColor(HexColor(colour))
    canvas.setLineWidth(width)
    canvas.line(left * mm, height * mm, right * mm, height * mm)
