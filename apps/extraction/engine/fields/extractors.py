"""The extractors by document type, in one place, and how their answers become one."""

from collections.abc import Callable
from typing import Final

from apps.extraction.engine.fields.checks import checked
from apps.extraction.engine.fields.contracts import contract_values
from apps.extraction.engine.fields.embedded.comparing import compared
from apps.extraction.engine.fields.embedded.placing import placed
from apps.extraction.engine.fields.embedded.schema import by_its_data, with_total
from apps.extraction.engine.fields.every_document import every_document_values
from apps.extraction.engine.fields.lines.reading import line_items
from apps.extraction.engine.fields.papers import paper_values
from apps.extraction.engine.fields.ranking.reading import ranked_fields
from apps.extraction.engine.fields.types import FieldReading, FieldsInput

Extractor = Callable[[FieldsInput], list[FieldReading]]

BY_TYPE: Final[dict[str, Extractor]] = {"contract": contract_values, "scientific_paper": paper_values}
EVERY_TYPE: Final[tuple[Extractor, ...]] = (ranked_fields, line_items)  # each knows itself which documents it is for


def extract(document: FieldsInput) -> list[FieldReading]:
    """Return the values of a document. What the file says of itself comes before what is read off its pages."""
    document = by_its_data(document)
    own = BY_TYPE.get(document.type_label or "")
    extractors = (*((own,) if own else ()), *EVERY_TYPE)
    read = [value for extractor in extractors for value in extractor(document)]
    embedded = compared(placed(document.machine.values, document.pages), read, document.pages)
    known = {value.key for value in embedded}
    values = [*embedded, *(value for value in read if value.key not in known)]
    values += [value for value in every_document_values(document, values) if value.key not in known]
    return checked(with_total(values, document.type_label))
