"""The values the memory speaks: a place on a page, and what a person said of it."""

import msgspec

from apps.extraction.engine.types import Box


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a value stood: its box, the words before it on its line and those above it, the shape of its text.

    Words beside it are bare (letters and digits in lower case), in their order. Without a box there are words only:
    of a rule in a schema.
    """

    page: int = 1
    box: Box | None = None
    left: list[str] = []
    left_box: Box | None = None
    above: list[str] = []
    above_box: Box | None = None
    shape: str = ""
    line_count: int = 1


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """A yes (or, with `is_right` off, a no) of a person to a place of a field on a document of a template."""

    key: str
    value_type: str
    place: Place
    template: list[int] = []
    is_right: bool = True
