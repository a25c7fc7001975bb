"""Where a PDF page shows pictures and drawings, from pdfium's page objects; what is drawn is not looked at.

The sizes below are bounds of caution, checked on generated pages only.
"""

from collections.abc import Iterable, Iterator
from ctypes import addressof, c_float
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from apps.extraction.engine.geometry import PageFrame, clamped, union
from apps.extraction.engine.readers.pdf import object_calls as pdf
from apps.extraction.engine.types import Box

_MOST_OBJECTS = 3_000  # of a page that are looked at
_MOST_SEGMENTS = 40  # of a path, among which a curve or a slope shows soon
_MOST_PARTS = 400  # that are joined with each other
_GAP_PT = 6.0  # between parts of one figure
_SMALLEST_PT = 30.0  # of the shorter side: below, it is a mark, a bullet or a line of outlined letters
_FEWEST_STROKES = 3  # curved or sloping, of a drawing: fewer are frames and ornaments
_LARGEST = 0.8  # share of the page: a scan or a background
_STRAIGHT_PT = 1.0

_PICTURES = frozenset({raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING})


class _Part(NamedTuple):
    """Something drawn, in points of the shown page, with how many strokes of a drawing it is; a picture is enough."""

    box: Box
    strokes: int


def figures_of(page: pdfium.PdfPage, frame: PageFrame) -> list[Box]:
    """Return the boxes of the page's pictures and drawings from the top, as fractions of the shown page.

    Rules and frames alone, as tables have them, are no drawing; a picture that fills the page is a scan of it.
    """
    width, height = frame.shown_size
    if not (width > 0 and height > 0):
        return []
    figures = []
    for part in _joined(_parts(page, frame)):
        x0, y0, x1, y1 = part.box
        if part.strokes < _FEWEST_STROKES or min(x1 - x0, y1 - y0) < _SMALLEST_PT:
            continue
        if (x1 - x0) * (y1 - y0) <= _LARGEST * width * height:
            figures.append(clamped(x0 / width, y0 / height, x1 / width, y1 / height))
    return sorted(figures, key=lambda box: (box[1], box[0]))


def _parts(page: pdfium.PdfPage, frame: PageFrame) -> Iterator[_Part]:
    """Yield what may be part of a figure, as far as it lies on the page."""
    width, height = frame.shown_size
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    pointers = (addressof(left), addressof(bottom), addressof(right), addressof(top))
    found = 0
    get, kind_of, text, address = pdf.object_of_page, pdf.kind_of, raw.FPDF_PAGEOBJ_TEXT, pdf.address_of(page)
    for index in range(min(raw.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        item = get(address, index)
        kind = kind_of(item)
        if kind == text or not pdf.bounds_of(item, *pointers):
            continue
        if min(right.value - left.value, top.value - bottom.value) <= _STRAIGHT_PT:
            continue  # a rule, as most paths of tables are
        strokes = _strokes(item, kind)
        x0, y0, x1, y1 = clamped(*frame.fractions(left.value, bottom.value, right.value, top.value))
        if strokes and x0 < x1 and y0 < y1:
            yield _Part((x0 * width, y0 * height, x1 * width, y1 * height), strokes)
            found += 1
        if found >= _MOST_PARTS:
            return


def _strokes(item: int | None, kind: int) -> int:
    """Return for how much of a drawing an object counts: a picture for all of it, rules and frames for nothing."""
    if kind in _PICTURES:
        return _FEWEST_STROKES
    if kind == raw.FPDF_PAGEOBJ_FORM:
        count = min(pdf.count_of_form(item), _MOST_SEGMENTS)
        inner = (pdf.object_of_form(item, index) for index in range(count))
        kinds = ((part, pdf.kind_of(part)) for part in inner)
        return sum(_strokes(part, kind) for part, kind in kinds if kind != raw.FPDF_PAGEOBJ_FORM)
    return int(kind == raw.FPDF_PAGEOBJ_PATH and _is_drawn(item))


def _is_drawn(item: int | None) -> bool:
    """Whether a path has a curve or a slope."""
    x, y = c_float(), c_float()
    pointers = (addressof(x), addressof(y))
    last: tuple[float, float] | None = None
    for index in range(min(pdf.count_of_path(item), _MOST_SEGMENTS)):
        segment = pdf.segment_of(item, index)
        kind = pdf.kind_of_segment(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return True
        if not pdf.point_of(segment, *pointers):
            continue
        here = (x.value, y.value)
        is_line = kind == raw.FPDF_SEGMENT_LINETO and last is not None
        if is_line and last and min(abs(here[0] - last[0]), abs(here[1] - last[1])) > _STRAIGHT_PT:
            return True
        last = here
    return False


def _joined(parts: Iterable[_Part]) -> list[_Part]:
    """Return the parts, those that touch or nearly touch made one."""
    groups: list[_Part] = []
    for new in parts:
        part = new
        while near := [other for other in groups if _is_near(part.box, other.box)]:
            groups = [other for other in groups if other not in near]
            together = [part, *near]
            part = _Part(union([each.box for each in together]), sum(each.strokes for each in together))
        groups.append(part)
    return groups


def _is_near(one: Box, other: Box) -> bool:
    return (
        one[0] <= other[2] + _GAP_PT
        and other[0] <= one[2] + _GAP_PT
        and one[1] <= other[3] + _GAP_PT
        and other[1] <= one[3] + _GAP_PT
    )
