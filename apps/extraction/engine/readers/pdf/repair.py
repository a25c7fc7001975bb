"""Opening a PDF, also one that pdfium alone cannot: with junk before its header, or with damaged cross-references."""

from io import BytesIO

import pypdfium2 as pdfium
from pypdfium2 import raw

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.identify import PDF_HEADER_WITHIN
from apps.extraction.engine.readers.base import Source

# qpdf holds a damaged file's objects in memory, several times the file's size.
_LARGEST_REPAIRED = 100 << 20


def load(source: Source) -> pdfium.PdfDocument:
    """Open a file by pdfium, if need be from its header on or as qpdf rewrites it."""
    try:
        return pdfium.PdfDocument(source.path, password=source.password)
    except pdfium.PdfiumError as error:
        code = _why(source)
        if code == ErrorCode.CORRUPT:
            for content in (_without_junk(source), repaired(source)):
                if content is None:
                    continue
                try:
                    return pdfium.PdfDocument(content, password=source.password)
                except pdfium.PdfiumError:
                    continue
        raise ReadingError(code, detail=str(error)) from error


def repaired(source: Source) -> bytes | None:
    """Return the file as qpdf understands it, without encryption; None where that finds no page either."""
    import pikepdf  # noqa: PLC0415  (60 ms and 15 MB, for damaged files only)

    if source.path.stat().st_size > _LARGEST_REPAIRED:
        return None
    try:
        with pikepdf.open(source.path, password=source.password or "") as pdf:
            if not len(pdf.pages):
                return None
            buffer = BytesIO()
            pdf.save(buffer, encryption=False)
            return buffer.getvalue()
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, TypeError, RuntimeError):
        return None


def _without_junk(source: Source) -> bytes | None:
    """Return the file from its header on, where so much stands before it that pdfium does not look there."""
    with source.path.open("rb") as handle:
        start = handle.read(PDF_HEADER_WITHIN + 8).find(b"%PDF-")
        if start <= 0:
            return None
        handle.seek(start)
        return handle.read()


def _why(source: Source) -> ErrorCode:
    """Return why pdfium does not open a file. It names a missing and a wrong password alike.

    A document without pages leaves no error of its own behind, so that an older one would be taken for it: first a
    file that does not exist leaves its own.
    """
    raw.FPDF_LoadDocument(b"/dev/null/none", None)
    try:
        pdfium.PdfDocument(source.path, password=source.password).close()
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            return ErrorCode.WRONG_PASSWORD if source.password else ErrorCode.ENCRYPTED
        if error.err_code == raw.FPDF_ERR_SECURITY:
            return ErrorCode.ENCRYPTED
        if error.err_code == raw.FPDF_ERR_FILE:
            return ErrorCode.EMPTY
    return ErrorCode.CORRUPT
