"""A paper's values as a file for reference managers."""

from django.http import HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from apps.core.errors import NotFoundError
from apps.extraction.engine.fields.papers.bibtex import bibtex
from apps.extraction.engine.fields.types import FieldReading
from apps.extraction.fields.selectors.values import values_for_document
from apps.extraction.models import FieldValue
from apps.web.documents.access import DocumentRequest, on_document

PAPER = "scientific_paper"


@require_safe
@on_document()
def document_bibtex(request: DocumentRequest) -> HttpResponse:
    """Give a paper's entry for BibTeX, from the values that count; 404 where there is no title."""
    values = values_for_document(document=request.document)
    entry = bibtex([_reading(value) for value in values])
    if request.document.type_label != PAPER or not entry:
        raise NotFoundError("There is no entry for this document.")
    answer = HttpResponse(entry, content_type="application/x-bibtex; charset=utf-8")
    name = slugify(request.document.title) or "paper"
    answer["Content-Disposition"] = f'attachment; filename="{name}.bib"'
    return answer


def _reading(value: FieldValue) -> FieldReading:
    return FieldReading(
        key=value.key,
        value=value.value,
        value_type="text",
        raw_text=value.raw_text,
        method="human" if value.is_human else "model",
        producer=value.producer,
    )
