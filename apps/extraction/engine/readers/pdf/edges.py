"""The straight horizontal and vertical lines drawn on a PDF page, from pdfium's path objects."""

from collections.abc import Iterator
from ctypes import addressof, c_float
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from apps.extraction.engine.edges import Edge
from apps.extraction.engine.geometry import PageFrame
from apps.extraction.engine.readers.pdf import object_calls as pdf

_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 200  # longer paths are drawings
_MOST_DEPTH = 4
_STRAIGHT_PT = 1.0  # how far a line may be from horizontal or vertical; also a bar this thin is a line
_BAR_PT = 3.0
_SHORTEST_PT = 1.0
_PATH, _FORM = raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM
_MOVE, _LINE = raw.FPDF_SEGMENT_MOVETO, raw.FPDF_SEGMENT_LINETO


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


def _paths(page: pdfium.PdfPage) -> Iterator[tuple[int | None, _Matrix]]:
    """Addresses of path objects with the matrix to user space, also of the forms a page draws."""
    budget = _MOST_OBJECTS
    count, address = min(raw.FPDFPage_CountObjects(page.raw), budget), pdf.address_of(page)
    stack: list[tuple[int | None, int, _Matrix]] = [
        (pdf.object_of_page(address, index), 0, _IDENTITY) for index in range(count)
    ]
    kind_of = pdf.kind_of
    while stack and budget > 0:
        item, depth, outer = stack.pop()
        budget -= 1
        kind = kind_of(item)
        if kind == _PATH:
            matrix = _matrix_of(item)
            yield item, matrix if outer is _IDENTITY else outer.after(matrix)
        elif kind == _FORM and depth < _MOST_DEPTH:
            inner = outer.after(_matrix_of(item))
            count = min(pdf.count_of_form(item), budget)
            stack += [(pdf.object_of_form(item, index), depth + 1, inner) for index in range(count)]


def _matrix_of(item: int | None) -> _Matrix:
    matrix = raw.FS_MATRIX()
    if not pdf.matrix_of(item, addressof(matrix)):
        return _IDENTITY
    return _Matrix(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _straight_parts(item: int | None, matrix: _Matrix) -> list[tuple[_Point, _Point]]:
    """Return the straight segments of a path; none where it is long, curved or not painted."""
    count = pdf.count_of_path(item)
    if not 2 <= count <= _MOST_SEGMENTS:
        return []
    x, y = c_float(), c_float()
    to_x, to_y = addressof(x), addressof(y)
    segment_of, point_of, kind_of, is_closed = pdf.segment_of, pdf.point_of, pdf.kind_of_segment, pdf.is_closed
    a, b, c, d, e, f = matrix
    parts: list[tuple[_Point, _Point]] = []
    first: _Point | None = None
    current: _Point | None = None
    for index in range(count):
        segment = segment_of(item, index)
        if not point_of(segment, to_x, to_y):
            continue
        kind = kind_of(segment)
        here_x, here_y = x.value, y.value
        point = (a * here_x + c * here_y + e, b * here_x + d * here_y + f)
        if kind == _MOVE:
            first = point
        elif kind == _LINE and current is not None:
            parts.append((current, point))
        current = point
        if first is not None and is_closed(segment):
            parts.append((point, first))
            current = first
    return parts
