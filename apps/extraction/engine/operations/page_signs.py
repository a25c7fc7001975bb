"""What the pictures of some pages show: ink, empty sheets, barcodes."""

from typing import TYPE_CHECKING

import msgspec

from apps.extraction.engine.bundles.signs import PageSigns, signs_of
from apps.extraction.engine.readers.base import Source

if TYPE_CHECKING:
    from apps.extraction.engine.reading import Engine

_WIDTH_PX = 1240  # A4 at 150 dpi: barcodes of separator sheets are far larger than they need be


class Arguments(msgspec.Struct):
    """The numbers of the pages."""

    pages: list[int]


def run(engine: "Engine", source: Source, arguments: Arguments) -> list[PageSigns]:
    """Look at the pages."""
    document = engine.opened(source)
    return [signs_of(number, document.preview(number, _WIDTH_PX)) for number in arguments.pages]
