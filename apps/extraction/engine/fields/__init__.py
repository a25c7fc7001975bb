"""Typed values of documents, each with its place: `find_fields` asks the extractors that fit a document's type."""

from collections.abc import Sequence

from apps.extraction.engine.fields.types import Anomaly, FieldReading, FieldsInput

__all__ = ["find_anomalies", "find_fields"]


def find_fields(document: FieldsInput) -> list[FieldReading]:
    """Return a document's values: what the file says of itself first, then what its pages show."""
    from apps.extraction.engine.fields.extractors import extract  # noqa: PLC0415  (brings the models: 20 ms)

    return extract(document)


def find_anomalies(values: Sequence[FieldReading]) -> list[Anomaly]:
    """Return what does not fit together in the values that `find_fields` gave."""
    from apps.extraction.engine.fields.anomalies import anomalies_of  # noqa: PLC0415  (as above)

    return anomalies_of(values)
