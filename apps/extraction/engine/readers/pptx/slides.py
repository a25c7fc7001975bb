"""Makes the blocks and tables of one slide."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from apps.extraction.engine.readers.base import LogicalPage
from apps.extraction.engine.readers.grids import RawCell
from apps.extraction.engine.readers.office.formula import latex_of
from apps.extraction.engine.readers.office.graphics import graphic_texts
from apps.extraction.engine.readers.office.numerals import numeral
from apps.extraction.engine.readers.office.opc import Parts, attribute, local_name, whole
from apps.extraction.engine.readers.office.tables import add_table
from apps.extraction.engine.readers.pptx.placeholders import TITLE_KINDS, Inheritance, placeholder_of
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Block, BlockKind, TableReading

_APART: Final[dict[str, BlockKind]] = {"ftr": "footer", "hdr": "header", "dt": "footer", "sldNum": "page_number"}
_BULLET: Final = "-"
_FORMS: Final = {
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
    "arabic": "decimal",
}


class SlideReader:
    """Reads the shapes of a slide: titles first, the others in the order in which screen readers take them."""

    def __init__(self, parts: Parts, slide: str, inherited: Inheritance) -> None:
        self._parts = parts
        self._slide = slide
        self._inherited = inherited
        self._blocks: list[Block] = []
        self._tables: list[TableReading] = []

    def read(self, root: etree._Element) -> LogicalPage:
        """Return the slide as a logical page, without notes and comments."""
        tree = root.find("{*}cSld/{*}spTree")
        shapes = [] if tree is None else list(_shapes(tree))
        if root.get("showMasterSp") != "0":
            self._blocks.extend(Block(kind="header", text=text) for text in self._furniture())
        for shape in sorted(shapes, key=lambda shape: not _is_title(shape)):
            self._shape(shape)
        return LogicalPage(blocks=self._blocks, tables=self._tables)

    def _furniture(self) -> Iterator[str]:
        """Give the texts that the master and the layout put on the slide; those in places to be filled are prompts."""
        for shape in (shape for tree in self._inherited.trees for shape in _shapes(tree)):
            body = shape.find("{*}txBody")
            if body is not None and placeholder_of(shape) is None:
                yield from _lines(body)

    def _shape(self, shape: etree._Element) -> None:
        table = shape.find("{*}graphic/{*}graphicData/{*}tbl")
        if table is not None:
            self._table(table)
        elif local_name(shape) == "graphicFrame":
            texts = graphic_texts(self._parts, self._slide, shape)
            self._blocks.extend(Block(kind="figure", text=text) for text in texts)
        else:
            self._text(shape)

    def _text(self, shape: etree._Element) -> None:
        body = shape.find("{*}txBody")
        if body is None:
            return
        place = placeholder_of(shape)
        kind = place.kind if place else ""
        if kind in TITLE_KINDS:
            if text := "\n".join(_lines(body)):
                self._blocks.append(Block(kind="heading", text=text, level=1))
        elif kind in _APART:
            self._blocks.extend(Block(kind=_APART[kind], text=text) for text in _lines(body))
        else:
            self._paragraphs(body, shape)

    def _paragraphs(self, body: etree._Element, shape: etree._Element) -> None:
        counts: dict[int, int] = {}
        for paragraph in body.iterfind("{*}p"):
            properties = paragraph.find("{*}pPr")
            level = min(whole(None if properties is None else properties.get("lvl")), 8)
            counts = {depth: count for depth, count in counts.items() if depth <= level}
            text = text_of_paragraph(paragraph)
            if not text:
                continue
            mark = self._inherited.bullet(properties, shape, level)
            name = "" if mark is None else local_name(mark)
            if mark is None or name in {"", "buNone"}:
                counts.pop(level, None)
                self._blocks.append(Block(kind="paragraph", text=text))
                continue
            marker = _BULLET
            if name == "buAutoNum":
                counts[level] = counts[level] + 1 if level in counts else whole(mark.get("startAt"), 1)
                marker = _numbered(counts[level], mark.get("type", ""))
            else:
                counts.pop(level, None)
            self._blocks.append(Block(kind="list_item", text=text, level=level, marker=marker))

    def _table(self, table: etree._Element) -> None:
        rows = [
            [_cell(cell) for cell in row.iterfind("{*}tc") if not _is_covered(cell)] for row in table.iterfind("{*}tr")
        ]
        properties = table.find("{*}tblPr")
        has_header = properties is not None and properties.get("firstRow") in {"1", "true"}
        add_table(self._blocks, self._tables, rows, header_rows=int(has_header and len(rows) > 1))


def text_of_paragraph(paragraph: etree._Element) -> str:
    """Return the text of a paragraph of a shape: runs, fields, breaks and formulas."""
    return clean("".join(_pieces(paragraph))).strip()


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        name = local_name(child)
        if name in {"r", "fld"}:
            yield "".join(text.text or "" for text in child.iterfind("{*}t"))
        elif name == "br":
            yield "\n"
        elif name in {"m", "oMathPara"}:
            yield from _pieces(child)
        elif name == "oMath":
            yield f" ${latex_of(child).strip()}$ "
        elif name == "AlternateContent" and len(child):
            yield from _pieces(child[0])


def _lines(body: etree._Element) -> list[str]:
    return [text for paragraph in body.iterfind("{*}p") if (text := text_of_paragraph(paragraph))]


def _shapes(tree: etree._Element) -> Iterator[etree._Element]:
    """Give the shapes in the file's order, those of groups in the place of the group."""
    for shape in tree:
        name = local_name(shape)
        if name in {"sp", "graphicFrame", "cxnSp", "pic"}:
            yield shape
        elif name == "grpSp":
            yield from _shapes(shape)
        elif name == "AlternateContent" and len(shape):
            yield from _shapes(shape[0])  # the others say the same for older programs


def _is_title(shape: etree._Element) -> bool:
    place = placeholder_of(shape)
    return place is not None and place.kind in TITLE_KINDS


def _cell(cell: etree._Element) -> RawCell:
    body = cell.find("{*}txBody")
    text = "" if body is None else "\n".join(_lines(body))
    return RawCell(text=text, row_span=whole(cell.get("rowSpan"), 1), column_span=whole(attribute(cell, "gridSpan"), 1))


def _is_covered(cell: etree._Element) -> bool:
    return any(cell.get(name) in {"1", "true"} for name in ("hMerge", "vMerge"))


def _numbered(number: int, kind: str) -> str:
    """Return a number as a scheme of automatic numbers (`arabicPeriod`, `alphaLcParenBoth`, ...) writes it."""
    text = numeral(number, next((form for name, form in _FORMS.items() if kind.startswith(name)), "decimal"))
    if kind.endswith("ParenBoth"):
        return f"({text})"
    return f"{text})" if kind.endswith("ParenR") else text if kind.endswith("Plain") else f"{text}."
