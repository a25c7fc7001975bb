"""pdfium's functions on page objects, by plain addresses.

The library's own wrappers check and convert each argument and result, which takes two thirds of a call's time; there
are thousands of calls for a page.
"""

from ctypes import PYFUNCTYPE, c_int, c_void_p, cast
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw


def _plain(function: Any, result: type, *arguments: type) -> Any:  # noqa: ANN401  (functions of C have no types)
    return PYFUNCTYPE(result, *arguments)(cast(function, c_void_p).value or 0)


object_of_page = _plain(raw.FPDFPage_GetObject, c_void_p, c_void_p, c_int)
object_of_form = _plain(raw.FPDFFormObj_GetObject, c_void_p, c_void_p, c_int)
count_of_form = _plain(raw.FPDFFormObj_CountObjects, c_int, c_void_p)
kind_of = _plain(raw.FPDFPageObj_GetType, c_int, c_void_p)
bounds_of = _plain(raw.FPDFPageObj_GetBounds, c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
matrix_of = _plain(raw.FPDFPageObj_GetMatrix, c_int, c_void_p, c_void_p)
count_of_path = _plain(raw.FPDFPath_CountSegments, c_int, c_void_p)
segment_of = _plain(raw.FPDFPath_GetPathSegment, c_void_p, c_void_p, c_int)
point_of = _plain(raw.FPDFPathSegment_GetPoint, c_int, c_void_p, c_void_p, c_void_p)
kind_of_segment = _plain(raw.FPDFPathSegment_GetType, c_int, c_void_p)
is_closed = _plain(raw.FPDFPathSegment_GetClose, c_int, c_void_p)


def address_of(page: pdfium.PdfPage) -> int | None:
    """Return the address of a page, which these functions take."""
    return cast(page.raw, c_void_p).value
