"""Opens an OpenDocument file: content, styles, headers and footers, embedded files, properties."""

from typing import Final

from lxml import etree

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import BlockDocument, LogicalPage, Source
from apps.extraction.engine.readers.odf.body import BodyReader
from apps.extraction.engine.readers.odf.objects import member_of
from apps.extraction.engine.readers.odf.slides import slide_pages
from apps.extraction.engine.readers.odf.styles import Styles
from apps.extraction.engine.readers.office.embedded import PackageDocument, files_of
from apps.extraction.engine.readers.office.margins import with_margins
from apps.extraction.engine.readers.office.opc import Parts, attribute, local_name, opened_parts
from apps.extraction.engine.readers.paging import paged
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Block, BlockKind

_PROPERTIES: Final = {
    "title": "title",
    "initial-creator": "author",
    "creator": "author",
    "creation-date": "created_at",
    "language": "language",
}
_VALUE_CHARACTERS: Final = 1_000


def open_document(source: Source) -> BlockDocument:
    """Read the whole document; a locked one is told by its list of members."""
    with opened_parts(source.path, password=source.password) as parts:
        _refuse_locked(parts)
        content = parts.xml("content.xml")
        styles_root = parts.optional_xml("styles.xml")
        styles = Styles()
        styles.add(content.find("{*}automatic-styles"))
        styles.add(styles_root)
        reader = BodyReader(parts, styles, _insertions(content))
        pages = _pages(content, styles_root, reader)
        objects = (member_of(element) for element in content.iterfind(".//{*}object-ole"))
        children = files_of(parts, (name for name in objects if parts.size(name)))
        return PackageDocument(source, pages, _metadata(parts.optional_xml("meta.xml")), children=children)


def _refuse_locked(parts: Parts) -> None:
    manifest = parts.optional_xml("META-INF/manifest.xml")
    if manifest is not None and manifest.find(".//{*}encryption-data") is not None:
        message = "The office file is protected by a password. Remove the protection to have it read."
        raise ReadingError(ErrorCode.ENCRYPTED, message)


def _insertions(content: etree._Element) -> frozenset[str]:
    """Return the ids of the tracked insertions."""
    regions = content.iterfind(".//{*}tracked-changes/{*}changed-region")
    return frozenset(attribute(region, "id") or "" for region in regions if region.find("{*}insertion") is not None)


def _pages(content: etree._Element, styles: etree._Element | None, reader: BodyReader) -> list[LogicalPage]:
    body = content.find("{*}body")
    inner = next((child for child in body if local_name(child)), None) if body is not None else None
    if inner is None:
        raise ReadingError(ErrorCode.CORRUPT, detail="no body")
    if local_name(inner) in {"presentation", "drawing"}:
        return slide_pages(inner, reader)
    flow = reader.read(inner)
    notes = reader.notes()
    header, footer = _margins(styles, "header", reader), _margins(styles, "footer", reader)
    return paged(with_margins(header, [*flow.blocks, *notes], footer), flow.tables).pages


def _margins(styles: etree._Element | None, kind: BlockKind, reader: BodyReader) -> list[Block]:
    """Return the headers or the footers of all kinds of pages, each text once."""
    elements = [] if styles is None else list(styles.iterfind(".//{*}master-page/*"))
    ours = (element for element in elements if local_name(element).startswith(kind))
    texts = (block.text for element in ours for block in reader.read(element).blocks if not block.note)
    return [Block(kind=kind, text=text) for text in dict.fromkeys(texts)]


def _metadata(root: etree._Element | None) -> dict[str, object]:
    found: dict[str, object] = {}
    elements = [] if root is None else list(root.iterfind("{*}meta/*"))
    for wanted, name in _PROPERTIES.items():
        texts = ("".join(element.itertext()) for element in elements if local_name(element) == wanted)
        value = " ".join(clean(next(texts, "")).split())[:_VALUE_CHARACTERS]
        if value:
            found.setdefault(name, value)
    return found
