"""The rows and cells of a DOCX table, with the cells that are merged."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from apps.extraction.engine.readers.grids import MOST_COLUMNS
from apps.extraction.engine.readers.office.opc import child_value, is_on, local_name, whole


@dataclass
class Cell:
    """A cell and how far it reaches; a gap before the first cell of a row is an empty one."""

    element: etree._Element
    row_span: int = 1
    column_span: int = 1


def rows_of(table: etree._Element) -> tuple[list[list[Cell]], int]:
    """Return the cells of each row, those that go on with the one above left out, and the number of header rows."""
    rows: list[list[Cell]] = []
    above: dict[int, Cell] = {}  # by the column it begins in: the cell that may go on below
    header_rows = 0
    for row in _named(table, "tr"):
        properties = row.find("{*}trPr")
        if properties is not None and properties.find("{*}del") is not None:
            continue
        if header_rows == len(rows) and is_on(properties, "tblHeader"):
            header_rows += 1
        cells, above = _cells(row, properties, above)
        rows.append(cells)
    return rows, header_rows


def _cells(
    row: etree._Element, properties: etree._Element | None, above: dict[int, Cell]
) -> tuple[list[Cell], dict[int, Cell]]:
    cells: list[Cell] = []
    going_on: dict[int, Cell] = {}
    column = min(whole(child_value(properties, "gridBefore")), MOST_COLUMNS)
    if column:
        cells.append(Cell(etree.Element("gap"), column_span=column))
    for element in _named(row, "tc"):
        settings = element.find("{*}tcPr")
        width = max(1, min(whole(child_value(settings, "gridSpan"), 1), MOST_COLUMNS))
        merge = child_value(settings, "vMerge")
        begun = above.get(column) if merge is not None and merge != "restart" else None
        if begun is not None and begun.column_span == width:
            begun.row_span += 1
            going_on[column] = begun
        else:
            cell = Cell(element, column_span=width)
            cells.append(cell)
            if merge is not None:
                going_on[column] = cell
        column += width
    return cells, going_on


def _named(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Give the rows of a table or the cells of a row, through content controls and the like."""
    for child in element:
        name = local_name(child)
        if name == wanted:
            yield child
        elif name in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
            yield from _named(child, wanted)
