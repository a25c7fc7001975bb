"""The extractors by document type, in one place, and how their answers become one."""

from collections.abc import Callable
from typing import Final

from apps.extraction.engine.fields.types import FieldReading, FieldsInput

Extractor = Callable[[FieldsInput], list[FieldReading]]

BY_TYPE: Final[dict[str, Extractor]] = {}
EVERY_TYPE: Final[tuple[Extractor, ...]] = ()


def extract(document: FieldsInput) -> list[FieldReading]:
    """Return the values of a document. What the file says of itself comes before what is read off its pages."""
    found = list(document.machine.values)
    known = {value.key for value in found}
    own = BY_TYPE.get(document.type_label or "")
    for extractor in (*((own,) if own else ()), *EVERY_TYPE):
        found += [value for value in extractor(document) if value.key not in known]
    return found
