"""Careful access to the objects of a PDF: nothing in a file need be what the standard says."""

from typing import TypeVar

import pikepdf

from apps.extraction.engine.geometry import PageFrame, clamped
from apps.extraction.engine.types import Box

DAMAGED = (
    pikepdf.PdfError,
    pikepdf.PasswordError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    RuntimeError,
    OverflowError,
)
"""What pikepdf raises where a file is not what it says."""

_Kind = TypeVar("_Kind", bound=pikepdf.Object)


def entry(holder: object, name: str, kind: type[_Kind]) -> _Kind | None:
    """Return an entry of a dictionary or stream if it is of that kind."""
    if not isinstance(holder, (pikepdf.Dictionary, pikepdf.Stream)):
        return None
    value = holder.get(name)
    return value if isinstance(value, kind) else None


def text_of(value: object) -> str:
    """Return a text, a name without its slash, or nothing."""
    if isinstance(value, pikepdf.String):
        return str(value)
    if isinstance(value, pikepdf.Name):
        return str(value)[1:]
    return ""


def frame_of(page: pikepdf.Page) -> PageFrame:
    """Return the visible box and the rotation of a page."""
    crop, media = _corners(page.cropbox), _corners(page.mediabox)
    rotation = page.obj.get("/Rotate", 0)
    turned = int(rotation) % 360 if isinstance(rotation, int) else 0
    low = (max(crop[0], media[0]), max(crop[1], media[1]))
    high = (min(crop[2], media[2]), min(crop[3], media[3]))
    return PageFrame(*low, *high, turned)


def box_of(annotation: pikepdf.Object, frame: PageFrame) -> Box | None:
    """Return the rectangle of an annotation on the shown page; None without a sound one."""
    corners = entry(annotation, "/Rect", pikepdf.Array)
    if corners is None or len(corners) != 4:
        return None
    try:
        x0, y0, x1, y1 = clamped(*frame.fractions(*_corners(corners)))
    except (TypeError, ValueError):
        return None
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def _corners(values: pikepdf.Array) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(value) for value in values.as_list())
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
