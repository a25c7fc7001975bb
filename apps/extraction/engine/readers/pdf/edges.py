"""The straight horizontal and vertical lines drawn on a PDF page, from pdfium's path objects."""

from collections.abc import Iterator
from ctypes import byref, c_float
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from apps.extraction.engine.edges import Edge
from apps.extraction.engine.geometry import PageFrame

_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 200  # longer paths are drawings
_MOST_DEPTH = 4
_STRAIGHT_PT = 1.0  # how far a line may be from horizontal or vertical; also a bar this thin is a line
_BAR_PT = 3.0
_SHORTEST_PT = 1.0


class _Matrix(NamedTuple):
    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def apply(self, x: float, y: float) -> tuple[float, float]:
        return (self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f)

    def after(self, inner: "_Matrix") -> "_Matrix":
        """Return this matrix applied to the result of an inner one."""
        a, b = self.a * inner.a + self.c * inner.b, self.b * inner.a + self.d * inner.b
        c, d = self.a * inner.c + self.c * inner.d, self.b * inner.c + self.d * inner.d
        return _Matrix(a, b, c, d, *self.apply(inner.e, inner.f))


_IDENTITY = _Matrix(1, 0, 0, 1, 0, 0)
_Point = tuple[float, float]


def ruling_edges(page: pdfium.PdfPage, frame: PageFrame) -> list[Edge]:
    """Return the page's ruling lines in points of the shown page, origin top-left."""
    width, height = frame.shown_size
    edges = []
    for start, end in _segments(page):
        x0, y0, x1, y1 = frame.fractions(
            min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])
        )
        if x1 < 0 or y1 < 0 or x0 > 1 or y0 > 1:
            continue
        edge = Edge.of(x0 * width, y0 * height, x1 * width, y1 * height)
        if edge is not None:
            edges.append(edge)
    return edges


def _segments(page: pdfium.PdfPage) -> Iterator[tuple[_Point, _Point]]:
    """Start and end of every straight segment, in the page's user space."""
    for item, matrix in _paths(page):
        points = _straight_parts(item, matrix)
        bar = _as_bar(points)
        if bar is not None:
            yield bar
            continue
        for start, end in points:
            dx, dy = abs(end[0] - start[0]), abs(end[1] - start[1])
            if min(dx, dy) <= _STRAIGHT_PT and max(dx, dy) >= _SHORTEST_PT:
                yield start, end


def _as_bar(parts: list[tuple[_Point, _Point]]) -> tuple[_Point, _Point] | None:
    """Return a thin filled rectangle, which many programs draw in place of a line, as its middle line."""
    if not 3 <= len(parts) <= 5:
        return None
    xs = [point[0] for part in parts for point in part]
    ys = [point[1] for part in parts for point in part]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    if min(x1 - x0, y1 - y0) > _BAR_PT or max(x1 - x0, y1 - y0) < _SHORTEST_PT:
        return None
    if x1 - x0 >= y1 - y0:
        middle = (y0 + y1) / 2
        return (x0, middle), (x1, middle)
    middle = (x0 + x1) / 2
    return (middle, y0), (middle, y1)


def _paths(page: pdfium.PdfPage) -> Iterator[tuple[raw.FPDF_PAGEOBJECT, _Matrix]]:
    """Path objects with the matrix to user space, also of the forms a page draws."""
    stack: list[tuple[raw.FPDF_PAGEOBJECT, int, _Matrix]] = []
    budget = _MOST_OBJECTS
    count = min(raw.FPDFPage_CountObjects(page.raw), budget)
    stack += [(raw.FPDFPage_GetObject(page.raw, index), 0, _IDENTITY) for index in range(count)]
    while stack and budget > 0:
        item, depth, outer = stack.pop()
        budget -= 1
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield item, outer.after(_matrix_of(item))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MOST_DEPTH:
            inner = outer.after(_matrix_of(item))
            count = min(raw.FPDFFormObj_CountObjects(item), budget)
            stack += [(raw.FPDFFormObj_GetObject(item, index), depth + 1, inner) for index in range(count)]


def _matrix_of(item: raw.FPDF_PAGEOBJECT) -> _Matrix:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, byref(matrix)):
        return _IDENTITY
    return _Matrix(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _straight_parts(item: raw.FPDF_PAGEOBJECT, matrix: _Matrix) -> list[tuple[_Point, _Point]]:
    """Return the straight segments of a path; none where it is long, curved or not painted."""
    count = raw.FPDFPath_CountSegments(item)
    if not 2 <= count <= _MOST_SEGMENTS:
        return []
    x, y = c_float(), c_float()
    pointers = (byref(x), byref(y))
    parts: list[tuple[_Point, _Point]] = []
    first: _Point | None = None
    current: _Point | None = None
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        if not raw.FPDFPathSegment_GetPoint(segment, *pointers):
            continue
        kind = raw.FPDFPathSegment_GetType(segment)
        point = matrix.apply(x.value, y.value)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == raw.FPDF_SEGMENT_LINETO and current is not None:
            parts.append((current, point))
        current = point
        if first is not None and raw.FPDFPathSegment_GetClose(segment):
            parts.append((point, first))
            current = first
    return parts
