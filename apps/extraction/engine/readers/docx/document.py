"""Opens a DOCX: body, foot- and endnotes, comments, headers and footers, embedded files, core properties."""

from lxml import etree

from apps.extraction.engine.readers.base import BlockDocument, Source
from apps.extraction.engine.readers.docx.body import BodyReader, Flow
from apps.extraction.engine.readers.docx.numbering import numbering_of
from apps.extraction.engine.readers.docx.styles import Style, styles_of
from apps.extraction.engine.readers.office.embedded import PackageDocument, embedded_files
from apps.extraction.engine.readers.office.margins import with_margins
from apps.extraction.engine.readers.office.opc import Parts, attribute, opened_parts
from apps.extraction.engine.readers.paging import paged
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Block, BlockKind

_USUAL_PART = "word/document.xml"


def open_document(source: Source) -> BlockDocument:
    """Read the whole document."""
    with opened_parts(source.path, password=source.password) as parts:
        part = parts.main(_USUAL_PART)
        blocks, flow = _read(parts, part)
        cut = paged(blocks, flow.tables)
        children = embedded_files(parts, [part, *_margins(parts, part)])
        return PackageDocument(source, cut.pages, parts.metadata(), children=children)


def _read(parts: Parts, part: str) -> tuple[list[Block], Flow]:
    root = parts.xml(part)
    styles = styles_of(parts.optional_xml(parts.first_related(part, "styles")))
    numbering = numbering_of(parts.optional_xml(parts.first_related(part, "numbering")))
    comments = _comments(parts.optional_xml(parts.first_related(part, "comments")))
    reader = BodyReader(parts, part, styles=styles, numbering=numbering, comments=comments)
    body = root.find("{*}body")
    flow = reader.read(root if body is None else body)
    headers = _margin_blocks(parts, part, "header", styles)
    footers = _margin_blocks(parts, part, "footer", styles)
    return with_margins(headers, [*flow.blocks, *_notes(parts, part, reader)], footers), flow


def _comments(root: etree._Element | None) -> dict[str, str]:
    """Return the comments by id, each led by its author."""
    found = {}
    for comment in root if root is not None else ():
        lines = ("".join(text.text or "" for text in line.iterfind(".//{*}t")) for line in comment.iterfind("{*}p"))
        text = clean("\n".join(lines)).strip()
        author = clean(attribute(comment, "author") or "").strip()
        if text:
            found[attribute(comment, "id") or ""] = f"{author}: {text}" if author else text
    return found


def _notes(parts: Parts, part: str, reader: BodyReader) -> list[Block]:
    """Return the foot- and endnotes that the body refers to, in the order of their numbers."""
    roots = {kind: parts.optional_xml(parts.first_related(part, f"{kind}s")) for kind in ("footnote", "endnote")}
    elements = {
        (kind, attribute(note, "id") or ""): note for kind, root in roots.items() if root is not None for note in root
    }
    blocks = []
    for number, key in enumerate(reader.notes(), start=1):
        if key not in elements:
            continue
        lines = [block.text for block in reader.read(elements[key]).blocks if not block.note]
        if lines:
            blocks.append(Block(kind="paragraph", text="\n".join(lines), marker=f"[{number}]"))
    return blocks


def _margins(parts: Parts, part: str) -> list[str]:
    return [*parts.related(part, "header"), *parts.related(part, "footer")]


def _margin_blocks(parts: Parts, part: str, kind: BlockKind, styles: dict[str, Style]) -> list[Block]:
    """Return the headers or the footers, each text once."""
    texts: dict[str, None] = {}
    for name in parts.related(part, kind):
        root = parts.optional_xml(name)
        if root is not None:
            reader = BodyReader(parts, name, styles=styles, numbering=numbering_of(None), comments={})
            texts.update(dict.fromkeys(block.text for block in reader.read(root).blocks if not block.note))
    return [Block(kind=kind, text=text) for text in texts]
