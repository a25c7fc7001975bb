"""An opened PDF: its pages' frames, readings, pictures and tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import ArgumentError, byref, c_float
from functools import cached_property

import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from apps.extraction.engine.edges import Edge
from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.geometry import PageFrame
from apps.extraction.engine.readers.base import OpenDocument, Source
from apps.extraction.engine.readers.pdf.conformance import is_signed
from apps.extraction.engine.readers.pdf.edges import ruling_edges
from apps.extraction.engine.readers.pdf.figures import figures_of
from apps.extraction.engine.readers.pdf.metadata import read_metadata
from apps.extraction.engine.readers.pdf.outline import read_outline
from apps.extraction.engine.readers.pdf.overlay import Overlay, with_values
from apps.extraction.engine.readers.pdf.repair import load
from apps.extraction.engine.readers.pdf.structure import Structure, attachment, structure_of
from apps.extraction.engine.readers.pdf.words import TextLayer, read_text_layer
from apps.extraction.engine.types import Block, DocumentInfo, PageReading

RECOGNITION_DPI = 200
MOST_PICTURE_PIXELS = 30_000_000  # A2 at 200 dpi; larger sheets are rendered more coarsely
_FEW_CHARACTERS = 200  # a stamp or a page number on a scan; more text than this is a text layer
_OBJECTS_LOOKED_AT = 400
_MOST_KEPT = 8  # pages: as many as are searched for tables at a time
_SMALL = 2_000  # objects of a page


class PdfFile(OpenDocument):
    """A PDF behind pdfium, which is not thread-safe: one process, one thread."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._pdf = load(source)
        self._overlay: Overlay | None = None
        self._kept: dict[int, pdfium.PdfPage] = {}
        count = len(self._pdf)
        if count > source.max_pages:
            self._pdf.close()
            raise ReadingError(ErrorCode.TOO_MANY_PAGES, f"The file has {count} pages, {source.max_pages} are allowed.")

    @property
    def page_count(self) -> int:
        """How many pages there are; most requests ask for no more and spare the rest of `info`, some 3 ms."""
        return len(self._pdf)

    @cached_property
    def _structure(self) -> Structure:
        return structure_of(self._source, self._pdf)

    @cached_property
    def info(self) -> DocumentInfo:  # type: ignore[override]  # read-only here
        """What the file says of itself."""
        metadata = read_metadata(self._pdf)
        if self._structure.pdf_a:
            metadata["pdf_a"] = self._structure.pdf_a
        if is_signed(self._pdf):
            metadata["signed"] = True
        if self._structure.notes:
            metadata["annotations"] = self._structure.notes
        return DocumentInfo(
            media_type=self._source.media_type,
            page_count=self.page_count,
            metadata=metadata,
            children=self._structure.children,
            outline=read_outline(self._pdf),
            form=self._structure.form,
            links=self._structure.links,
        )

    @contextmanager
    def page(self, number: int, *, is_for_more: bool = False) -> Iterator[pdfium.PdfPage]:
        """Return a page while it is needed: a parsed page holds much memory.

        A few small ones that are likely to be asked for once more stay parsed until then, which saves 1 ms.
        """
        page = self._kept.pop(number, None) or self._parsed(number)
        try:
            yield page
        except BaseException:
            page.close()
            raise
        if is_for_more and len(self._kept) < _MOST_KEPT and raw.FPDFPage_CountObjects(page.raw) <= _SMALL:
            self._kept[number] = page
        else:
            page.close()

    def _parsed(self, number: int) -> pdfium.PdfPage:
        try:
            return self._pdf[number - 1]
        except pdfium.PdfiumError as error:
            raise ReadingError(ErrorCode.PAGE_FAILED, detail=str(error)) from error

    def read_page(self, number: int) -> PageReading:
        """Return the text layer of a page; without a readable one the page asks for recognition."""
        with self.page(number, is_for_more=True) as page:
            frame = frame_of(page)
            layer = self._layer(page, frame, number)
            characters = sum(len(word.text) for word in layer.words[:_FEW_CHARACTERS])
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
                blocks=[Block(kind="figure", text="", box=box) for box in figures_of(page, frame)],
            )

    def is_garbage(self, number: int) -> bool:
        """Whether the page has a text layer that says nothing and is to be thrown away."""
        with self.page(number) as page:
            return self._layer(page, frame_of(page), number).is_garbage

    def _layer(self, page: pdfium.PdfPage, frame: PageFrame, number: int) -> TextLayer:
        """Return the page's text with what annotations show over it."""
        if number not in self._structure.overlaid:
            return read_text_layer(page, frame)
        if self._overlay is None:
            self._overlay = Overlay(self._source)
        flat = self._overlay.page(number)
        try:
            layer = read_text_layer(flat, frame)
        finally:
            flat.close()
        return with_values(layer, (field for field in self._structure.form if field.page == number))

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
        """Return the page's own straight lines: pdfium's, or stock pdfplumber's where those cannot be had."""
        with self.page(number) as page:
            try:
                return ruling_edges(page, frame_of(page))
            except (pdfium.PdfiumError, ArgumentError, ArithmeticError, ValueError):
                from apps.extraction.engine.readers.pdf.stock_edges import stock_edges  # noqa: PLC0415  (120 ms, 17 MB)

                return stock_edges(self._source, number)

    def child(self, key: str) -> bytes:
        """Return the bytes of an attached file."""
        return attachment(self._source, key)

    def close(self) -> None:
        """Close the file."""
        if self._overlay is not None:
            self._overlay.close()
        for page in self._kept.values():
            page.close()
        self._kept.clear()
        self._pdf.close()


def open_document(source: Source) -> PdfFile:
    """Open a PDF."""
    return PdfFile(source)


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
