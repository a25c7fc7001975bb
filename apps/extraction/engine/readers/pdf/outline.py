"""A PDF's bookmarks."""

from itertools import islice

import pypdfium2 as pdfium

from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Bookmark

_MOST = 2_000
_DEEPEST = 8
_MOST_CHARACTERS = 500


def read_outline(pdf: pdfium.PdfDocument) -> list[Bookmark]:
    """Return the bookmarks in order; what has no title is left out."""
    found = []
    for entry in islice(pdf.get_toc(max_depth=_DEEPEST), _MOST):
        title = " ".join(clean(str(entry.get_title())).split())[:_MOST_CHARACTERS]
        if title:
            target = entry.get_dest()
            index = None if target is None else target.get_index()
            found.append(Bookmark(title=title, page=None if index is None else index + 1, level=int(entry.level)))
    return found
