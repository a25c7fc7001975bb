"""What the library leaves out of an XLSX: number formats, charts, text boxes, diagrams, notes, embedded files."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from lxml import etree

from apps.extraction.engine.readers.grids import RawCell
from apps.extraction.engine.readers.office.embedded import embedded_files
from apps.extraction.engine.readers.office.graphics import graphic_texts
from apps.extraction.engine.readers.office.opc import Parts, attribute, local_name, opened_parts
from apps.extraction.engine.readers.office.tables import add_table
from apps.extraction.engine.readers.sheets.formats import Formats, formats_by_style, formats_of_cells
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Block, ChildFile, TableReading

_MOST_POINTS = 20_000  # of a chart: a bound of caution, nobody reads more as a table


@dataclass
class Beside:
    """Blocks and tables that follow the cells of a sheet, and how the figures in them are written."""

    formats: Formats = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    tables: list[TableReading] = field(default_factory=list)


@dataclass
class Extras:
    """By the names of sheets, what the library does not tell of them; and the files embedded in any of them."""

    sheets: dict[str, Beside] = field(default_factory=dict)
    children: list[ChildFile] = field(default_factory=list)


def extras_of(path: Path) -> Extras:
    """Read formats, drawings, notes and embedded files of a workbook; parts that are damaged are left out."""
    extras = Extras()
    with opened_parts(path) as parts:
        book = parts.main("xl/workbook.xml")
        root = parts.optional_xml(book)
        styles = formats_by_style(parts, book)
        holders = []
        for sheet in root.iterfind("{*}sheets/{*}sheet") if root is not None else ():
            relation = parts.relations(book).get(_relation_id(sheet))
            if relation is None or relation.is_external:
                continue
            holders.append(relation.target)
            beside = Beside(formats_of_cells(parts, relation.target, styles))
            for drawing in parts.related(relation.target, "drawing"):
                _add_drawing(beside, parts, drawing)
            for notes in parts.related(relation.target, "comments"):
                beside.blocks += _notes(parts.optional_xml(notes))
            if beside.blocks or beside.formats:
                extras.sheets[clean(sheet.get("name") or "")] = beside
        extras.children = embedded_files(parts, holders)
    return extras


def _relation_id(element: etree._Element) -> str:
    found = (value for key, value in element.attrib.items() if key.endswith("}id"))
    return str(next(found, ""))


def _add_drawing(beside: Beside, parts: Parts, part: str) -> None:
    root = parts.optional_xml(part)
    for element in root.iter("{*}sp", "{*}graphicFrame") if root is not None else ():
        if local_name(element) == "sp":
            text = "\n".join(filter(None, map(_paragraph, element.iterfind(".//{*}p"))))
            if text:
                beside.blocks.append(Block(kind="paragraph", text=text))
            continue
        chart = _chart_of(parts, part, element)
        if chart is None:
            texts = graphic_texts(parts, part, element)
            beside.blocks += [Block(kind="paragraph", text=text) for text in texts]
        else:
            _add_chart(beside, chart)


def _chart_of(parts: Parts, part: str, frame: etree._Element) -> etree._Element | None:
    found = frame.find(".//{*}chart")
    relation = parts.relations(part).get(attribute(found, "id") or "")
    return None if relation is None or relation.is_external else parts.optional_xml(relation.target)


def _add_chart(beside: Beside, root: etree._Element) -> None:
    """Add a chart's titles, and its figures as a table with a column a series."""
    for title in root.iterfind(".//{*}title"):
        if text := "\n".join(filter(None, map(_paragraph, title.iterfind(".//{*}p")))):
            beside.blocks.append(Block(kind="caption", text=text))
    series = list(root.iterfind(".//{*}ser"))
    categories = max((_points(each, "cat") or _points(each, "xVal") for each in series), key=len, default=[])
    columns = [categories, *(_points(each, "val") or _points(each, "yVal") for each in series)]
    names = ["", *(" ".join(_points(each, "tx")) for each in series)]
    rows = [names, *map(list, zip_longest(*columns, fillvalue=""))]
    if len(rows) > 1:
        cells = [[RawCell(text) for text in row] for row in rows]
        add_table(beside.blocks, beside.tables, cells, header_rows=1)


def _points(series: etree._Element, name: str) -> list[str]:
    """Return the values of a series by their place; places without a value are empty."""
    points = {int(point.get("idx") or 0): _value(point) for point in series.iterfind(f"{{*}}{name}//{{*}}pt")}
    if points:
        return [points.get(at, "") for at in range(min(max(points) + 1, _MOST_POINTS))]
    return [clean(value.text or "") for value in series.iterfind(f"{{*}}{name}/{{*}}v")]


def _value(point: etree._Element) -> str:
    text = clean(point.findtext("{*}v") or "").strip()
    try:
        return f"{float(text):.15g}"
    except ValueError:
        return text


def _paragraph(paragraph: etree._Element) -> str:
    return " ".join(clean("".join(text.text or "" for text in paragraph.iterfind(".//{*}t"))).split())


def _notes(root: etree._Element | None) -> Iterator[Block]:
    for note in root.iterfind(".//{*}comment") if root is not None else ():
        text = clean("".join(part.text or "" for part in note.iterfind(".//{*}t"))).strip()
        if text:
            yield Block(kind="paragraph", text=text, note="comment")
