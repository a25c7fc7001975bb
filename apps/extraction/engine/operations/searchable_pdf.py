"""A PDF of the file in which recognised words can be searched: the original's pages, or an image's frames."""

from io import BytesIO
from typing import TYPE_CHECKING

import msgspec
import pikepdf
from PIL import Image

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import OpenDocument, Source
from apps.extraction.engine.text_layer import add_text_layer, invisible_font
from apps.extraction.engine.types import PageReading

if TYPE_CHECKING:
    from apps.extraction.engine.reading import Engine

_LONG_SIDE_IN = 11.69  # images do not tell their paper's size for sure: A4 it is
_JPEG_QUALITY = 85
_PDF = "application/pdf"


class Arguments(msgspec.Struct):
    """The pages' readings; those without recognised words are left as they are."""

    readings: list[PageReading]


def run(engine: "Engine", source: Source, arguments: Arguments) -> bytes:
    """Return the PDF. An encrypted original stays so; a signature does not hold for the copy."""
    document = engine.opened(source)
    readings = {reading.number: reading for reading in arguments.readings}
    with _original(source) if source.media_type == _PDF else _of_images(document) as pdf:
        font = invisible_font(pdf)
        for number, page in enumerate(pdf.pages, start=1):
            reading = readings.get(number)
            if reading is not None and reading.text_source in {"ocr", "mixed"}:
                # A word of the page's own text layer has no confidence: it is there already.
                words = [word for word in reading.words if word.confidence is not None]
                turned = reading.recognition.turned if reading.recognition else 0
                add_text_layer(pdf, page, font, words, turned=turned)
        buffer = BytesIO()
        pdf.save(buffer, encryption=True if pdf.is_encrypted else None)
    return buffer.getvalue()


def _original(source: Source) -> pikepdf.Pdf:
    try:
        return pikepdf.open(source.path, password=source.password or "", inherit_page_attributes=True)
    except pikepdf.PasswordError as error:
        code = ErrorCode.WRONG_PASSWORD if source.password else ErrorCode.ENCRYPTED
        raise ReadingError(code) from error
    except pikepdf.PdfError as error:
        raise ReadingError(ErrorCode.CORRUPT, detail=str(error)) from error


def _of_images(document: OpenDocument) -> pikepdf.Pdf:
    """Return a PDF with a page for each frame; formats without pictures raise `unsupported_type`."""
    pdf = pikepdf.new()
    for number in range(1, document.page_count + 1):
        picture = document.picture(number)
        with pikepdf.open(BytesIO(_as_pdf(picture))) as single:
            pdf.pages.extend(single.pages)
    return pdf


def _as_pdf(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    resolution = max(picture.size) / _LONG_SIDE_IN
    quality = {} if picture.mode == "1" else {"quality": _JPEG_QUALITY}  # black and white is kept as it is
    picture.save(buffer, "PDF", resolution=resolution, **quality)
    return buffer.getvalue()
