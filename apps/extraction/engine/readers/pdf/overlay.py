"""Text that annotations put over a page: what was filled into a form, typewritten notes, stamps."""

import re
from collections.abc import Iterable
from contextlib import suppress

import pypdfium2 as pdfium
from pypdfium2 import raw

from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.readers.pdf.repair import load
from apps.extraction.engine.readers.pdf.words import TextLayer
from apps.extraction.engine.types import FormField, Word

_NO_LETTERS = re.compile(r"\W+")


class Overlay:
    """A second handle of the file whose pages have their annotations drawn into their contents.

    It is apart from the one that is shown, because pdfium changes the page itself.
    """

    def __init__(self, source: Source) -> None:
        self._pdf = load(source)
        self._done: set[int] = set()

    def page(self, number: int) -> pdfium.PdfPage:
        """Return the page with what lies over it; it is the caller's to close."""
        if number not in self._done:
            page = self._pdf[number - 1]
            with suppress(pdfium.PdfiumError):
                raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY)
            page.close()
            self._done.add(number)
        return self._pdf[number - 1]

    def close(self) -> None:
        """Close the file."""
        self._pdf.close()


def with_values(layer: TextLayer, fields: Iterable[FormField]) -> TextLayer:
    """Return the page with the values of fields that have no appearance of their own, in the fields' places."""
    known = _NO_LETTERS.sub("", layer.text)
    text, words = layer.text, list(layer.words)
    for field in fields:
        if field.kind not in {"text", "choice"} or _NO_LETTERS.sub("", field.value) in known:
            continue
        text = f"{text}\n{field.value}"
        if field.box is not None:
            words += _spread(field)
    return TextLayer(text.strip(), words, layer.is_garbage)


def _spread(field: FormField) -> list[Word]:
    """Return the words of a value side by side in its box, each as wide as its share of the characters."""
    x0, y0, x1, y1 = field.box or (0.0, 0.0, 0.0, 0.0)
    parts = field.value.split()
    length = sum(map(len, parts)) + len(parts) - 1
    place, found = 0, []
    for part in parts:
        start, end = x0 + (x1 - x0) * place / length, x0 + (x1 - x0) * (place + len(part)) / length
        found.append(Word(round(start, 5), y0, round(end, 5), y1, part))
        place += len(part) + 1
    return found
