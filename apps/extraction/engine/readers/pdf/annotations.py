"""Form fields, links, notes and files of a PDF, read in one pass by pikepdf."""

import logging

import pikepdf

from apps.extraction.engine.geometry import PageFrame
from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.readers.pdf.attachments import read_attachments
from apps.extraction.engine.readers.pdf.conformance import pdf_a_of
from apps.extraction.engine.readers.pdf.form import field_of
from apps.extraction.engine.readers.pdf.objects import DAMAGED, box_of, entry, frame_of, text_of
from apps.extraction.engine.readers.pdf.structure import Structure
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import FormField, Link

_MOST_PAGES = 5_000
_MOST_ROWS = 5_000
_MOST_CHARACTERS = 2_000
_LARGEST_XMP = 1 << 20
_NOTES = frozenset({"/Text", "/FreeText", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Stamp", "/Caret"})
_WRITTEN_ON_THE_PAGE = frozenset({"/FreeText", "/Stamp", "/Widget"})
logging.getLogger("pikepdf").setLevel(logging.CRITICAL)  # a damaged file is not news


def opened(source: Source) -> pikepdf.Pdf:
    """Open a file by pikepdf."""
    return pikepdf.open(source.path, password=source.password or "")


def read_into(structure: Structure, source: Source) -> None:
    """Add what can be read; a damaged part leaves the others, a file that qpdf cannot open leaves it as it is."""
    try:
        with opened(source) as pdf:
            structure.pdf_a = structure.pdf_a or _pdf_a(pdf)
            if len(pdf.pages) <= _MOST_PAGES:
                _read_annotations(pdf, structure)
            structure.children = read_attachments(pdf)
    except DAMAGED:
        return


def _pdf_a(pdf: pikepdf.Pdf) -> str | None:
    stream = entry(pdf.Root, "/Metadata", pikepdf.Stream)
    if stream is None or len(stream.read_raw_bytes()) > _LARGEST_XMP:
        return None
    try:
        return pdf_a_of(stream.read_bytes())
    except pikepdf.PdfError:
        return None


def _read_annotations(pdf: pikepdf.Pdf, structure: Structure) -> None:
    form = pdf.acroform if entry(pdf.Root, "/AcroForm", pikepdf.Dictionary) is not None else None
    for number, page in enumerate(pdf.pages, start=1):
        annotations = entry(page.obj, "/Annots", pikepdf.Array)
        if annotations is None:
            continue
        frame = frame_of(page)
        for annotation in list(annotations)[:_MOST_ROWS]:
            try:
                _add(structure, annotation, form, number, frame)
            except DAMAGED:
                continue
    shown: dict[str, FormField] = {}
    for each in structure.form:  # a field that is shown more than once is told once
        shown.setdefault(each.name or f"{each.page} {each.box}", each)
    structure.form = list(shown.values())


def _add(
    structure: Structure, annotation: pikepdf.Object, form: pikepdf.AcroForm | None, number: int, frame: PageFrame
) -> None:
    if not isinstance(annotation, pikepdf.Dictionary):
        return
    kind = str(annotation.get("/Subtype", ""))
    if kind == "/Link" and len(structure.links) < _MOST_ROWS:
        action = entry(annotation, "/A", pikepdf.Dictionary)
        target = text_of(action.get("/URI")) if action is not None else ""
        if target:
            target = clean(target)[:_MOST_CHARACTERS]
            structure.links.append(Link(page=number, box=box_of(annotation, frame), target=target))
    elif kind == "/Widget" and form is not None and len(structure.form) < _MOST_ROWS:
        found = field_of(form, annotation, number, frame)
        if found is not None:
            structure.form.append(found)
            if found.value and found.kind in {"text", "choice"}:
                structure.overlaid.add(number)
    elif kind in _NOTES and len(structure.notes) < _MOST_ROWS:
        note = clean(text_of(annotation.get("/Contents"))).strip()[:_MOST_CHARACTERS]
        if note:
            structure.notes.append({"page": number, "kind": kind[1:].lower(), "text": note})
        if kind in _WRITTEN_ON_THE_PAGE:
            structure.overlaid.add(number)
