"""E-invoices: told by their root, found among the files inside a PDF or as a file of their own."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from apps.extraction.engine.errors import ReadingError
from apps.extraction.engine.fields.embedded import cii, ubl
from apps.extraction.engine.fields.embedded.statement import Statement
from apps.extraction.engine.fields.embedded.values import values_of
from apps.extraction.engine.fields.embedded.xml import MOST_BYTES, name_of, root_of
from apps.extraction.engine.fields.types import MachineData
from apps.extraction.engine.identify import PDF, XML
from apps.extraction.engine.readers.base import OpenDocument, Source
from apps.extraction.engine.types import ChildFile

# As their standards name them; a file of another name is looked into after these.
NAMES: Final = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml", "order-x.xml")
_MOST_FILES: Final = 20
_DEEPEST: Final = 3  # an invoice may come in an envelope


def invoice_in(source: Source, document: OpenDocument) -> MachineData | None:
    """Return what the e-invoice in a PDF or XML file says, None where there is none."""
    found: MachineData | None = None
    for data in _files(source, document):
        statement = statement_in(data)
        values = values_of(statement) if statement else []
        if statement and values and (found is None or len(values) > len(found.values)):
            found = MachineData(values=values, profile=statement.profile)
    return found


def statement_in(data: bytes) -> Statement | None:
    """Return what an XML file states, None for what is no e-invoice."""
    root = root_of(data)
    for element in _near(root) if root is not None else ():
        name = name_of(element)
        if name in cii.INVOICES | cii.ORDERS:
            return cii.statement_of(element, is_order=name in cii.ORDERS)
        if name in ubl.ROOTS and ubl.NAMESPACE in str(element.tag):
            return ubl.statement_of(element)
    return None


def _near(root: etree._Element) -> Iterator[etree._Element]:
    """Give the root and what lies not far below it, level by level."""
    level = [root]
    for _ in range(_DEEPEST):
        yield from level
        level = [child for element in level for child in element]


def _files(source: Source, document: OpenDocument) -> Iterator[bytes]:
    if source.media_type == XML:
        if source.path.stat().st_size <= MOST_BYTES:
            yield source.path.read_bytes()
    elif source.media_type == PDF:
        children = sorted(filter(_may_be_xml, document.info.children), key=_rank)
        for child in children[:_MOST_FILES]:
            try:
                yield document.child(child.key)
            except ReadingError:
                continue


def _may_be_xml(child: ChildFile) -> bool:
    is_unknown = child.media_type == "application/octet-stream" and "." not in child.name
    return child.size <= MOST_BYTES and (
        child.media_type.endswith("xml") or child.name.lower().endswith(".xml") or is_unknown
    )


def _rank(child: ChildFile) -> int:
    name = child.name.lower()
    return NAMES.index(name) if name in NAMES else len(NAMES)
