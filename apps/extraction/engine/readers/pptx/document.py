"""Opens a PPTX: the slides in their order, notes, comments, embedded files, core properties."""

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import BlockDocument, LogicalPage, Source, text_of
from apps.extraction.engine.readers.office.embedded import PackageDocument, embedded_files
from apps.extraction.engine.readers.office.margins import with_margins
from apps.extraction.engine.readers.office.opc import Parts, attribute, local_name, opened_parts
from apps.extraction.engine.readers.pptx.placeholders import BODY_KINDS, Inheritance, placeholder_of
from apps.extraction.engine.readers.pptx.slides import SlideReader, text_of_paragraph
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Block

_USUAL_PART = "ppt/presentation.xml"


def open_document(source: Source) -> BlockDocument:
    """Read all slides."""
    with opened_parts(source.path, password=source.password) as parts:
        slides = _slides(parts)
        if len(slides) > source.max_pages:
            raise ReadingError(ErrorCode.TOO_MANY_PAGES)
        pages = pages_of(parts, slides)
        children = embedded_files(parts, slides)
        return PackageDocument(source, pages, parts.metadata(), children=children)


def pages_of(parts: Parts, slides: list[str]) -> list[LogicalPage]:
    """Return the slides as logical pages; a slide that is missing or damaged is an empty one."""
    layouts: dict[str | None, Inheritance] = {}
    pages = []
    for slide in slides:
        layout = parts.first_related(slide, "slideLayout")
        if layout not in layouts:
            layouts[layout] = Inheritance(parts, layout)
        pages.append(_page(parts, slide, layouts[layout]))
    if not any(text_of(page.blocks).strip() for page in pages):
        return [replace(page, blocks=with_margins(page.blocks, [], [])) for page in pages]
    return pages


def _slides(parts: Parts) -> list[str]:
    """Return the slides' parts in the order of the show."""
    main = parts.main(_USUAL_PART)
    relations = parts.relations(main)
    listed = parts.xml(main).iterfind("{*}sldIdLst/{*}sldId")
    rows = (relations.get(_relation_id(element)) for element in listed)
    return [row.target for row in rows if row is not None and row.kind == "slide" and not row.is_external]


def _relation_id(element: etree._Element) -> str:
    """Return the id of a relation, which stands beside an id of the slide's own without a namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), "")


def _page(parts: Parts, slide: str, inherited: Inheritance) -> LogicalPage:
    root = parts.optional_xml(slide)
    if root is None:
        return LogicalPage(blocks=[])
    page = SlideReader(parts, slide, inherited).read(root)
    notes = [Block(kind="paragraph", text=text, note="speaker") for text in _notes(parts, slide)]
    comments = [Block(kind="paragraph", text=text, note="comment") for text in _comments(parts, slide)]
    return replace(page, blocks=[*page.blocks, *notes, *comments])


def _notes(parts: Parts, slide: str) -> Iterator[str]:
    root = parts.optional_xml(parts.first_related(slide, "notesSlide"))
    for shape in root.iterfind("{*}cSld/{*}spTree/{*}sp") if root is not None else ():
        place = placeholder_of(shape)
        if place is not None and place.kind in BODY_KINDS:
            yield from filter(None, (text_of_paragraph(line) for line in shape.iterfind("{*}txBody/{*}p")))


def _comments(parts: Parts, slide: str) -> Iterator[str]:
    """Give the comments of a slide, of the old kind and of the new one, each led by its author."""
    for name in parts.related(slide, "comments"):
        authors = _authors(parts)
        root = parts.optional_xml(name)
        for comment in root.iter() if root is not None else ():
            if local_name(comment) not in {"cm", "reply"}:
                continue
            texts = [*comment.iterfind("{*}text"), *comment.iterfind("{*}txBody//{*}t")]
            text = clean("".join(text.text or "" for text in texts)).strip()
            author = authors.get(comment.get("authorId", ""), "")
            if text:
                yield f"{author}: {text}" if author else text


def _authors(parts: Parts) -> dict[str, str]:
    main = parts.main(_USUAL_PART)
    names = [*parts.related(main, "commentAuthors"), *parts.related(main, "authors")]
    roots = [root for name in names if (root := parts.optional_xml(name)) is not None]
    return {attribute(row, "id") or "": clean(row.get("name", "")).strip() for root in roots for row in root}
