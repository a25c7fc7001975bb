"""The extractors by document type, in one place, and how their answers become one."""

import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from apps.extraction.engine.fields.checks import checked
from apps.extraction.engine.fields.contracts import contract_values, opens_like_a_contract
from apps.extraction.engine.fields.embedded.comparing import compared
from apps.extraction.engine.fields.embedded.placing import placed
from apps.extraction.engine.fields.embedded.schema import as_read, by_its_data, with_total
from apps.extraction.engine.fields.every_document import every_document_values
from apps.extraction.engine.fields.lines.reading import line_items
from apps.extraction.engine.fields.papers import paper_values
from apps.extraction.engine.fields.ranking.reading import ranked_fields
from apps.extraction.engine.fields.types import FieldReading, FieldsInput
from apps.extraction.engine.types import Problem

Extractor = Callable[[FieldsInput], list[FieldReading]]

BY_TYPE: Final[dict[str, Extractor]] = {"contract": contract_values, "scientific_paper": paper_values}
EVERY_TYPE: Final[tuple[Extractor, ...]] = (ranked_fields, line_items)  # each knows itself which documents it is for
# Types that have fields of their own; a contract that bears its name is told from other types by its words.
_WITH_FIELDS: Final = frozenset({*BY_TYPE, "invoice", "receipt"})
_SURE: Final = 0.98  # probability of a type from which on its words are not asked whether it is another one
INCOMPLETE: Final = "fields_incomplete"
logger = logging.getLogger(__name__)


def extract(document: FieldsInput, problems: list[Problem]) -> list[FieldReading]:
    """Return the values of a document. What the file says of itself comes before what is read off its pages.

    An extractor that fails costs its own values; that it did is added to `problems`.
    """
    document = by_its_data(document)
    read: list[FieldReading] = []
    for extractor in _extractors(document):
        read += _kept(extractor, document, problems)
        document = as_read(document, read)
    embedded = compared(placed(document.machine.values, document.pages), read, document.pages)
    known = {value.key for value in embedded}
    values = [*embedded, *(value for value in read if value.key not in known)]
    more = _kept(partial(every_document_values, own=values), document, problems)
    values += [value for value in more if value.key not in known]
    return checked(with_total(values, document.type_label))


def _extractors(document: FieldsInput) -> Iterator[Extractor]:
    label = document.type_label
    if label in BY_TYPE:
        yield BY_TYPE[label]
    elif _may_be_a_contract(document):
        yield contract_values
    yield from EVERY_TYPE


def _may_be_a_contract(document: FieldsInput) -> bool:
    label = document.type_label
    is_sure = document.type_shares.get(label or "", 0.0) >= _SURE
    return label not in _WITH_FIELDS and not is_sure and opens_like_a_contract(document)


def _kept(extractor: Extractor, document: FieldsInput, problems: list[Problem]) -> list[FieldReading]:
    """Return what an extractor reads, nothing where it fails: whatever a page makes it raise, others' values stay."""
    try:
        return extractor(document)
    except MemoryError:
        raise
    except Exception:
        logger.exception("an extractor failed: %s", INCOMPLETE)
        if not any(problem.code == INCOMPLETE for problem in problems):
            problems.append(Problem(code=INCOMPLETE, message="Some of the fields could not be determined."))
        return []
