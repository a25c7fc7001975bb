"""The XML of e-invoices: parsed with guards, walked by local names, because versions differ in their namespaces."""

import codecs
import re
from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from apps.extraction.engine.errors import ReadingError
from apps.extraction.engine.readers.packages import parsed_xml
from apps.extraction.engine.text import clean

MOST_BYTES: Final = 32 << 20  # an invoice may hold pictures of its papers, as base64
_BLANKS: Final = re.compile(r"\s+")
_DECLARATION: Final = re.compile(rb"^\s*<\?xml[^>]*\?>")


def root_of(data: bytes) -> etree._Element | None:
    """Return the root of an XML document, None for what is none, is too large or defines entities of its own.

    Wrong declarations of the encoding, blanks before the declaration and a missing end are forgiven.
    """
    if len(data) > MOST_BYTES or b"<" not in data[:256] or b"<!ENTITY" in data:
        return None
    for attempt in _attempts(data):
        try:
            root = attempt()
        except ReadingError:
            continue
        if root is not None and root.getroottree().docinfo.internalDTD is None:
            return root
    return None


def _attempts(data: bytes) -> Iterator[Callable[[], etree._Element | None]]:
    """Give ways to parse, the strictest first."""
    plain = data.removeprefix(codecs.BOM_UTF8).lstrip()
    yield lambda: parsed_xml(plain)
    if not _is_utf8(plain):
        western = _DECLARATION.sub(b"", plain).decode("cp1252", "replace").encode()
        yield lambda: parsed_xml(western)
    yield lambda: parsed_xml(plain, recover=True)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def name_of(element: etree._Element) -> str:
    """Return an element's name without its namespace; comments and the like have none."""
    return re.split("[}:]", element.tag)[-1] if isinstance(element.tag, str) else ""


def every(element: etree._Element | None, path: str) -> list[etree._Element]:
    """Return the elements at a path of local names such as `Header|Head/ID`; none below no element."""
    found = [] if element is None else [element]
    for step in path.split("/"):
        names = step.split("|")
        found = [child for parent in found for child in parent if name_of(child) in names]
    return found


def one(element: etree._Element | None, path: str) -> etree._Element | None:
    """Return the first element at a path."""
    return next(iter(every(element, path)), None)


def text(element: etree._Element | None, *paths: str) -> str:
    """Return the text at the first path that leads to any, with single blanks; without a path the element's own."""
    places = [found for path in paths for found in every(element, path)] if paths else [element]
    for place in places:
        if place is not None and (words := _BLANKS.sub(" ", clean("".join(place.itertext(etree.Element)))).strip()):
            return words
    return ""


def amount_in(amounts: list[etree._Element], currency: str) -> str:
    """Return the amount in the document's currency: some are told in that of the tax office as well."""
    told = [amount for amount in amounts if amount.get("currencyID", currency) == currency]
    return next((text(amount) for amount in [*told, *amounts] if text(amount)), "")


def currency_of(totals: etree._Element | None) -> str:
    """Return the currency that totals are told in, for a document that names none itself."""
    told = [amount.get("currencyID") or "" for amount in totals] if totals is not None else []
    return next((currency for currency in told if currency), "")
