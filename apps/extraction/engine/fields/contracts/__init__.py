"""Contracts: parties, dates, terms and governing law by a learned ranker, further values and clauses by rules."""

from apps.extraction.engine.fields.types import FieldReading, FieldsInput

__all__ = ["contract_values", "opens_like_a_contract"]


def contract_values(document: FieldsInput) -> list[FieldReading]:
    """Return what a contract says of itself, each value with its place."""
    from apps.extraction.engine.fields.contracts.reading import read  # noqa: PLC0415  (patterns and weights: 60 ms)

    return read(document)


def opens_like_a_contract(document: FieldsInput) -> bool:
    """Whether a document of another type begins as contracts do; see `opening`."""
    from apps.extraction.engine.fields.contracts.opening import is_opening  # noqa: PLC0415  (patterns, as above)

    return bool(document.pages) and is_opening(document.pages[0].text)
