"""EPUB: the chapters in the order of the spine, each one or more logical pages."""

import posixpath
from pathlib import PurePosixPath
from urllib.parse import unquote

from lxml import etree

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import BlockDocument, LogicalPage, Source
from apps.extraction.engine.readers.html import decoded, links_of
from apps.extraction.engine.readers.markup import read_markup
from apps.extraction.engine.readers.packages import Package, opened_package
from apps.extraction.engine.readers.paging import paged
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Block, Bookmark, Link

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = frozenset({".xhtml", ".html", ".htm", ".xml"})
_NAMES = {"title": "title", "creator": "author", "language": "language", "date": "created_at"}
_DATE_CHARACTERS = 10


def open_document(source: Source) -> BlockDocument:
    """Read the book; raises ReadingError where its text is locked."""
    with opened_package(source.path, password=source.password) as package:
        opf_name = _opf_name(package)
        opf = package.xml(opf_name)
        names = _spine(opf, posixpath.dirname(opf_name), package)
        _check_readable(package, names)
        pages: list[LogicalPage] = []
        links: list[Link] = []
        outline: list[Bookmark] = []
        for name in names:
            chapter = read_markup(decoded(package.read(name)))
            if not chapter.text:
                continue
            if heading := _heading(chapter.blocks):
                outline.append(Bookmark(title=heading, page=len(pages) + 1, level=0))
            cut = paged(chapter.blocks, chapter.tables, text=chapter.text)
            links += links_of(chapter, cut.page_of, before=len(pages))
            pages += cut.pages
    return BlockDocument(source, pages, _metadata(opf), links=links, outline=outline)


def _opf_name(package: Package) -> str:
    """Return the path of the package document."""
    for element in package.xml(_CONTAINER).iter("{*}rootfile"):
        if path := element.get("full-path"):
            return str(path)
    raise ReadingError(ErrorCode.CORRUPT, detail="the container names no package document")


def _spine(opf: etree._Element, folder: str, package: Package) -> list[str]:
    """Return the paths of the chapters that are there; those of the manifest where the spine is of no use."""
    items = {item.get("id"): item.get("href") or "" for item in opf.iter("{*}item")}
    wanted = [items.get(reference.get("idref")) or "" for reference in opf.iter("{*}itemref")]
    paths = _present(wanted, folder, package)
    return paths or _present([href for href in items.values() if PurePosixPath(href).suffix in _PAGES], folder, package)


def _present(hrefs: list[str], folder: str, package: Package) -> list[str]:
    paths = (posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0]))) for href in hrefs if href)
    return [path for path in dict.fromkeys(paths) if path in package.members]


def _check_readable(package: Package, names: list[str]) -> None:
    """Raise ReadingError where chapters are encrypted; fonts may be."""
    if _ENCRYPTION not in package.members:
        return
    locked = {unquote(each.get("URI") or "") for each in package.xml(_ENCRYPTION).iter("{*}CipherReference")}
    if locked.intersection(names):
        message = "The book is protected against copying and cannot be read."
        raise ReadingError(ErrorCode.ENCRYPTED, message)


def _heading(blocks: list[Block]) -> str:
    return next((" ".join(block.text.split()) for block in blocks if block.kind == "heading"), "")


def _metadata(opf: etree._Element) -> dict[str, object]:
    metadata: dict[str, object] = {}
    for element in opf.iter("{http://purl.org/dc/elements/1.1/}*"):
        name = _NAMES.get(element.tag.rpartition("}")[2])
        value = " ".join(clean("".join(element.itertext())).split())
        if name is None or not value or name in metadata:
            continue
        if name == "created_at":
            value = value[:_DATE_CHARACTERS]
            if not _is_date(value):
                continue
        metadata[name] = value
    return metadata


def _is_date(value: str) -> bool:
    parts = value.split("-")
    return [len(part) for part in parts] in ([4], [4, 2], [4, 2, 2]) and all(part.isdigit() for part in parts)
