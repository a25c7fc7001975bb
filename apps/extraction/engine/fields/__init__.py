"""Typed values of documents, each with its place: `find_fields` asks the extractors that fit a document's type."""

from apps.extraction.engine.fields.types import FieldReading, FieldsInput
from apps.extraction.engine.types import Problem

__all__ = ["find_fields"]


def find_fields(document: FieldsInput, problems: list[Problem] | None = None) -> list[FieldReading]:
    """Return a document's values: what the file says of itself first, then what its pages show.

    Where one kind of values could not be read, the others are returned and `problems` says so.
    """
    from apps.extraction.engine.fields.extractors import extract  # noqa: PLC0415  (brings the models: 20 ms)

    return extract(document, [] if problems is None else problems)
