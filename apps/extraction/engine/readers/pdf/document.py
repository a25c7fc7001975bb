"""An opened PDF: its pages' frames, readings, pictures and tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import byref, c_float

import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from apps.extraction.engine.edges import Edge
from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.geometry import PageFrame
from apps.extraction.engine.identify import PDF_HEADER_WITHIN
from apps.extraction.engine.readers.base import OpenDocument, Source
from apps.extraction.engine.readers.pdf.edges import ruling_edges
from apps.extraction.engine.readers.pdf.metadata import read_metadata
from apps.extraction.engine.readers.pdf.words import read_text_layer
from apps.extraction.engine.types import DocumentInfo, PageReading

RECOGNITION_DPI = 200
MOST_PICTURE_PIXELS = 30_000_000  # A2 at 200 dpi; larger sheets are rendered more coarsely
_FEW_CHARACTERS = 200  # a stamp or a page number on a scan; more text than this is a text layer
_OBJECTS_LOOKED_AT = 400


class PdfFile(OpenDocument):
    """A PDF behind pdfium, which is not thread-safe: one process, one thread."""

    def __init__(self, source: Source) -> None:
        self._pdf = _load(source)
        count = len(self._pdf)
        if count > source.max_pages:
            raise ReadingError(ErrorCode.TOO_MANY_PAGES, f"The file has {count} pages, {source.max_pages} are allowed.")
        self.info = DocumentInfo(media_type=source.media_type, page_count=count, metadata=read_metadata(self._pdf))

    @contextmanager
    def page(self, number: int) -> Iterator[pdfium.PdfPage]:
        """Return a page while it is needed: a parsed page holds much memory."""
        try:
            page = self._pdf[number - 1]
        except pdfium.PdfiumError as error:
            raise ReadingError(ErrorCode.PAGE_FAILED, detail=str(error)) from error
        try:
            yield page
        finally:
            page.close()

    def read_page(self, number: int) -> PageReading:
        """Return the text layer of a page; without a readable one the page asks for recognition."""
        with self.page(number) as page:
            frame = frame_of(page)
            layer = read_text_layer(page, frame)
            characters = sum(len(word.text) for word in layer.words)
            needs_ocr = layer.is_garbage or (characters < _FEW_CHARACTERS and _shows_more(page, frame, characters))
            width, height = frame.shown_size
            return PageReading(
                number=number,
                width=round(width, 3),
                height=round(height, 3),
                rotation=frame.rotation,
                text=layer.text,
                text_source="native" if layer.text.strip() else "none",
                words=layer.words,
                needs_ocr=needs_ocr,
            )

    def is_garbage(self, number: int) -> bool:
        """Whether the page has a text layer that says nothing and is to be thrown away."""
        with self.page(number) as page:
            return read_text_layer(page, frame_of(page)).is_garbage

    def picture(self, number: int) -> Image.Image:
        """Return the page in grey at about 200 dpi."""
        with self.page(number) as page:
            width, height = page.get_size()
            scale = RECOGNITION_DPI / 72
            return _rendered(page, min(scale, (MOST_PICTURE_PIXELS / max(1.0, width * height)) ** 0.5), grayscale=True)

    def preview(self, number: int, width_px: int) -> Image.Image:
        """Return the page in colour at a given width; very tall pages are bounded in pixels."""
        with self.page(number) as page:
            width, height = page.get_size()
            scale = width_px / max(1e-3, width)
            bound = (MOST_PICTURE_PIXELS / max(1e-3, width * height)) ** 0.5
            return _rendered(page, min(scale, bound), grayscale=False)

    def edges(self, number: int) -> list[Edge]:
        """Return the page's own straight lines."""
        with self.page(number) as page:
            return ruling_edges(page, frame_of(page))

    def close(self) -> None:
        """Close the file."""
        self._pdf.close()


def open_document(source: Source) -> PdfFile:
    """Open a PDF."""
    return PdfFile(source)


def _load(source: Source) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(source.path, password=source.password)
    except pdfium.PdfiumError as error:
        code = _code_of(error, source)
        if code == ErrorCode.CORRUPT and (content := _without_junk(source)):
            try:
                return pdfium.PdfDocument(content, password=source.password)
            except pdfium.PdfiumError as second:
                code = _code_of(second, source)
        raise ReadingError(code, detail=str(error)) from error


def _without_junk(source: Source) -> bytes | None:
    """Return the file from its header on, where so much stands before it that pdfium does not look there."""
    with source.path.open("rb") as handle:
        start = handle.read(PDF_HEADER_WITHIN + 8).find(b"%PDF-")
        if start <= 0:
            return None
        handle.seek(start)
        return handle.read()


def _code_of(error: pdfium.PdfiumError, source: Source) -> ErrorCode:
    """Pdfium names a missing and a wrong password alike; a document without pages leaves no error behind."""
    if error.err_code == raw.FPDF_ERR_PASSWORD:
        return ErrorCode.WRONG_PASSWORD if source.password else ErrorCode.ENCRYPTED
    if error.err_code == raw.FPDF_ERR_SECURITY:
        return ErrorCode.ENCRYPTED
    return ErrorCode.EMPTY if error.err_code == raw.FPDF_ERR_SUCCESS else ErrorCode.CORRUPT


def frame_of(page: pdfium.PdfPage) -> PageFrame:
    """Return the visible box (crop box within media box, as pdfium shows it) and the page's rotation."""
    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page.raw, byref(box))
    return PageFrame(box.left, box.bottom, box.right, box.top, page.get_rotation())


def _shows_more(page: pdfium.PdfPage, frame: PageFrame, characters: int) -> bool:
    """Whether a page with little text shows something that may be text: a large image, or anything without text."""
    count = raw.FPDFPage_CountObjects(page.raw)
    if not characters:
        return bool(count > 0)
    area = 0.0
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    pointers = (byref(left), byref(bottom), byref(right), byref(top))
    for index in range(min(count, _OBJECTS_LOOKED_AT)):
        item = raw.FPDFPage_GetObject(page.raw, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind in {raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM} and raw.FPDFPageObj_GetBounds(item, *pointers):
            area += max(0.0, right.value - left.value) * max(0.0, top.value - bottom.value)
    return area > 0.5 * (frame.right - frame.left) * (frame.top - frame.bottom)


def _rendered(page: pdfium.PdfPage, scale: float, *, grayscale: bool) -> Image.Image:
    bitmap = page.render(scale=scale, grayscale=grayscale, rev_byteorder=True)
    picture: Image.Image = bitmap.to_pil()
    copied = picture.copy()  # the bitmap's memory goes with the bitmap
    bitmap.close()
    return copied
