"""Texts of the objects in an OpenDocument: formulas and charts, each a document of its own in the package."""

import posixpath
from typing import Final

from lxml import etree

from apps.extraction.engine.readers.office.opc import Parts, attribute, local_name
from apps.extraction.engine.text import clean

_LEAVES: Final = frozenset({"mi", "mn", "mo", "mtext", "ms"})


def object_text(parts: Parts, element: etree._Element) -> str:
    """Return the text of an object; "" for pictures and objects of other programs."""
    inline = element.find("{*}math")
    if inline is not None:
        return _formula(inline)
    root = parts.optional_xml(f"{member_of(element)}/content.xml")
    if root is None:
        return ""
    if local_name(root) == "math":
        return _formula(root)
    lines = ("".join(line.itertext()) for line in root.iterfind(".//{*}p"))
    return clean("\n".join(filter(None, (line.strip() for line in lines))))


def member_of(element: etree._Element) -> str:
    """Return the member, or the folder, of the package that an object refers to."""
    return posixpath.normpath(attribute(element, "href") or "").lstrip("/")


def _formula(root: etree._Element) -> str:
    words = ("".join(leaf.itertext()).strip() for leaf in root.iter() if local_name(leaf) in _LEAVES)
    return clean(" ".join(filter(None, words)))
