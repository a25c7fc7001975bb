"""The lines of a PDF page by stock pdfplumber, for a page whose lines pdfium does not give: slow, but independent."""

import pdfplumber

from apps.extraction.engine.edges import Edge
from apps.extraction.engine.readers.base import Source


def stock_edges(source: Source, number: int) -> list[Edge]:
    """Return the straight lines of a page in points of the shown page, origin top-left.

    Raises whatever pdfminer does on a damaged page; the page then has no tables, as a problem says.
    """
    with pdfplumber.open(source.path, pages=[number], password=source.password or "") as pdf:
        (page,) = pdf.pages
        x, y = page.cropbox[:2]
        found = (Edge.of(edge["x0"] - x, edge["top"] - y, edge["x1"] - x, edge["bottom"] - y) for edge in page.edges)
        return [edge for edge in found if edge is not None]
