"""Several sources in one file: the first that names a value gives it, and a later one that differs is told."""

from collections.abc import Iterable, Sequence

from msgspec import structs

from apps.extraction.engine.fields.types import FieldReading

_NAMES = {"payment-code-1": "the payment code", "mail-headers-1": "the mail's headers"}


def merged(sources: Iterable[Sequence[FieldReading]]) -> list[FieldReading]:
    """Return one value a key; the values of later sources that say something else are its alternatives."""
    values: dict[str, FieldReading] = {}
    for source in sources:
        for value in source:
            first = values.setdefault(value.key, value)
            if first.value != value.value:
                values[value.key] = structs.replace(
                    first,
                    checks=[*first.checks, f"failed: {_named(value)} says {value.value}"],
                    alternatives=[*first.alternatives, value],
                )
    return list(values.values())


def _named(value: FieldReading) -> str:
    source = _NAMES.get(value.producer, "the file")
    return f"{source} on page {value.page}" if value.page else source
