"""XML of any kind: its text, an element without structure inside a line of its own."""

import re
from collections.abc import Iterator

from lxml import etree

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import BlockDocument, Source
from apps.extraction.engine.readers.grids import RawCell, grid_of, text_of_table
from apps.extraction.engine.readers.paging import paged
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Block, BlockKind, TableReading

MOST_BYTES = 64 << 20  # of XML, whose tree takes ten times as much
_HEADINGS = frozenset(
    {"title", "heading", "head", "article-title", "invention-title", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_WHOLE = frozenset({"p", "para", "simpara", "label", "term", "caption", "td", "th", "entry", "li"})
_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "entry"})
_NAMESPACE = re.compile(r"^(?:xmlns|xsi|xml)\b|^https?://\S+$|^urn:")
_BLANKS = re.compile(r"\s+")


def open_document(source: Source) -> BlockDocument:
    """Read the text; XML that says everything in attributes is read by their values."""
    if source.path.stat().st_size > MOST_BYTES:
        raise ReadingError(ErrorCode.TOO_LARGE, "XML files of this size cannot be read.")
    root = _root(source.path.read_bytes())
    walk = _Walk()
    walk.read(root)
    if not walk.blocks:
        walk.blocks = [Block(kind="paragraph", text=text) for text in _attributes(root)]
    metadata: dict[str, object] = {}
    return BlockDocument(source, paged(walk.blocks, walk.tables).pages, metadata)


def _root(data: bytes) -> etree._Element:
    """Return the root; a document with defects is read as far as they allow."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadingError(ErrorCode.CORRUPT, detail=str(error)) from error
    if root is None:
        raise ReadingError(ErrorCode.CORRUPT)
    return root


class _Walk:
    """Collects blocks and tables."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.tables: list[TableReading] = []

    def read(self, root: etree._Element) -> None:
        """Read an element and all below, without recursion."""
        waiting = [root]
        while waiting:
            element = waiting.pop()
            if not isinstance(element.tag, str):
                continue
            name = _name(element)
            if name in {"table", "tgroup"} and self._table(element):
                continue
            if name in _HEADINGS or name in _WHOLE or _is_mixed(element):
                self._block(element, name)
            else:
                waiting.extend(reversed(element))

    def _block(self, element: etree._Element, name: str) -> None:
        text = _text(element)
        if text:
            kind: BlockKind = "heading" if name in _HEADINGS else "list_item" if name == "li" else "paragraph"
            self.blocks.append(Block(kind=kind, text=text, level=int(kind == "heading")))

    def _table(self, element: etree._Element) -> bool:
        """Read rows and cells as HTML and CALS have them; False where there are none."""
        rows = [row for row in element.iter("{*}*") if _name(row) in _ROWS]
        cells = [[_cell(each) for each in row if _name(each) in _CELLS] for row in rows]
        if sum(map(len, cells)) < 2:
            return False
        headers = sum(1 for row in rows if _name(row.getparent()) == "thead")
        table = grid_of(cells, header_rows=headers)
        if table is None:
            return False
        if text := text_of_table(table):
            self.blocks.append(Block(kind="table", text=text, table=len(self.tables)))
            self.tables.append(table)
        return True


def _name(element: etree._Element | None) -> str:
    if element is None or not isinstance(element.tag, str):
        return ""
    return re.split("[}:]", element.tag)[-1].lower()  # a recovered tree may hold names that lxml itself refuses


def _cell(element: etree._Element) -> RawCell:
    spans = [element.get(name) or "" for name in ("rowspan", "colspan")]
    more_rows = element.get("morerows") or ""
    down, right = (int(span) if re.fullmatch(r"[0-9]{1,4}", span) else 1 for span in spans)
    if re.fullmatch(r"[0-9]{1,4}", more_rows):
        down = int(more_rows) + 1
    return RawCell(_text(element), down, right)


def _is_mixed(element: etree._Element) -> bool:
    """Whether text stands in the element itself, between its children or without any."""
    if element.text and element.text.strip():
        return True
    return any(child.tail and child.tail.strip() for child in element)


def _text(element: etree._Element) -> str:
    return _BLANKS.sub(" ", clean("".join(element.itertext()))).strip()


def _attributes(root: etree._Element) -> Iterator[str]:
    """Give the values of each element's attributes, less the addresses of namespaces."""
    for element in root.iter():
        if isinstance(element.tag, str):
            values = (clean(str(value)).strip() for value in element.attrib.values())
            if text := " ".join(value for value in values if value and not _NAMESPACE.match(value)):
                yield text
