"""What a PDF holds beside its pages' contents, and whether it is worth a second reading by pikepdf."""

import mmap
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.readers.pdf.conformance import pdf_a_of
from apps.extraction.engine.types import ChildFile, FormField, Link

_XMP_START = b"<x:xmpmeta"
_LARGEST_XMP = 1 << 20


@dataclass
class Structure:
    """`overlaid` are the pages on which annotations show text of their own; a note is a dict of page, kind, text."""

    form: list[FormField] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    children: list[ChildFile] = field(default_factory=list)
    overlaid: set[int] = field(default_factory=set)
    pdf_a: str | None = None


def structure_of(source: Source, pdf: pdfium.PdfDocument) -> Structure:
    """Return what the file holds; a file that cannot have any of it is not read again, a damaged one has none."""
    structure = Structure()
    if _may_hold_more(source, pdf, structure):
        from apps.extraction.engine.readers.pdf.annotations import read_into  # noqa: PLC0415  (brings pikepdf)

        read_into(structure, source)
    return structure


def attachment(source: Source, key: str) -> bytes:
    """Return the bytes of an attached file; raises ReadingError for a damaged one."""
    from apps.extraction.engine.readers.pdf.annotations import opened  # noqa: PLC0415  (brings pikepdf)
    from apps.extraction.engine.readers.pdf.attachments import attachment_bytes  # noqa: PLC0415
    from apps.extraction.engine.readers.pdf.objects import DAMAGED  # noqa: PLC0415

    try:
        with opened(source) as pdf:
            return attachment_bytes(pdf, key)
    except DAMAGED as error:
        raise ReadingError(ErrorCode.CORRUPT, detail=str(error)) from error


def _may_hold_more(source: Source, pdf: pdfium.PdfDocument, structure: Structure) -> bool:
    """Whether there is a form, an attachment or an annotation; takes note of a metadata packet on the way."""
    with source.path.open("rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as content:
        packet = content.find(_XMP_START)
        if packet >= 0:
            structure.pdf_a = pdf_a_of(content[packet : packet + _LARGEST_XMP])
        is_compressed = content.find(b"/ObjStm") >= 0
        return (
            is_compressed
            or content.find(b"/Annots") >= 0
            or content.find(b"/EF") >= 0
            or raw.FPDFDoc_GetAttachmentCount(pdf.raw) > 0
            or raw.FPDF_GetFormType(pdf.raw) != raw.FORMTYPE_NONE
        )
