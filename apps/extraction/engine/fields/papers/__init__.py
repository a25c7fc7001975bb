"""Scientific papers: title, authors, DOI and year from the first page, and an entry for BibTeX."""

from apps.extraction.engine.fields.papers.bibtex import bibtex
from apps.extraction.engine.fields.types import FieldReading, FieldsInput

__all__ = ["bibtex", "paper_values"]


def paper_values(document: FieldsInput) -> list[FieldReading]:
    """Return what a paper says of itself, each value with its place."""
    from apps.extraction.engine.fields.papers.reading import read  # noqa: PLC0415  (patterns: only papers need them)

    return read(document)
