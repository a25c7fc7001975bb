"""Papers as entries for BibTeX, people's words on their values included."""

from apps.documents.models import Document
from apps.extraction.engine.fields.papers.bibtex import bibtex
from apps.extraction.engine.fields.types import FieldReading
from apps.extraction.fields.selectors.values import values_for_document


def bibtex_of(*, document: Document) -> str:
    """Return a paper's entry; an empty text for a document without a title among its values."""
    values = [
        FieldReading(
            key=value.key,
            value=value.value,
            value_type="text",
            raw_text=value.raw_text,
            method="human" if value.is_human else "rule",
            producer=value.producer,
        )
        for value in values_for_document(document=document)
        if value.key in {"title", "authors", "year", "doi"}
    ]
    return bibtex(values)
