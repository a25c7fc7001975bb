"""Typed values of documents, each with its place: `find_fields` asks the extractors that fit a document's type."""

from apps.extraction.engine.fields.types import FieldReading, FieldsInput

__all__ = ["find_fields"]


def find_fields(document: FieldsInput) -> list[FieldReading]:
    """Return a document's values: what the file says of itself first, then what its pages show."""
    from apps.extraction.engine.fields.extractors import extract  # noqa: PLC0415  (brings the models: 20 ms)

    return extract(document)
