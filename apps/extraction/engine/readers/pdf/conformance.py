"""What a PDF claims about itself that others check: the PDF/A standard it follows, and signatures."""

import re

import pypdfium2 as pdfium
from pypdfium2 import raw

_PART = re.compile(rb"pdfaid:part\s*(?:=\s*[\"']|[^<>]*>)\s*(\d)")
_LEVEL = re.compile(rb"pdfaid:conformance\s*(?:=\s*[\"']|[^<>]*>)\s*([A-Za-z])")


def pdf_a_of(xmp: bytes) -> str | None:
    """Return the claimed standard such as "3B" from a metadata packet (ISO 19005, identification schema)."""
    part = _PART.search(xmp)
    if not part:
        return None
    level = _LEVEL.search(xmp)
    return part[1].decode() + (level[1].decode().upper() if level else "")


def is_signed(pdf: pdfium.PdfDocument) -> bool:
    """Whether a signature field holds a signature; whether that is valid is not looked at."""
    for index in range(min(raw.FPDF_GetSignatureCount(pdf.raw), 100)):
        signature = raw.FPDF_GetSignatureObject(pdf.raw, index)
        if signature and raw.FPDFSignatureObj_GetContents(signature, None, 0) > 0:
            return True
    return False
