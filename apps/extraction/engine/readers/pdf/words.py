"""The text layer of a PDF page: the text pdfium reads, and the box of each word in it."""

import re
from ctypes import c_ushort
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

from apps.extraction.engine.geometry import PageFrame
from apps.extraction.engine.readers.pdf import characters as kind
from apps.extraction.engine.readers.pdf.arabic import turned_ligatures
from apps.extraction.engine.readers.pdf.boxes import Floats, clamped_all, loose_boxes, shown
from apps.extraction.engine.readers.pdf.garbage import is_garbage
from apps.extraction.engine.readers.pdf.hyphens import LINE_HYPHEN, join_hyphenated
from apps.extraction.engine.readers.pdf.order import Run, lines_in_reading_order
from apps.extraction.engine.readers.pdf.quality import is_poor
from apps.extraction.engine.text import clean, tidy_blanks
from apps.extraction.engine.types import Word

Units: TypeAlias = NDArray[np.uint16]
Places: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True)
class TextLayer:
    """A page's text in reading order, its words, and whether the codes in it stand for readable letters."""

    text: str
    words: list[Word]
    is_garbage: bool


_HYPHEN_AT_LINE_END = re.compile(f"(?:(?<=\\w)-|{LINE_HYPHEN})\n(?=[^\\W\\d_])")
_CHARACTERS_TRIED = 8
_NOTHING = TextLayer("", [], is_garbage=False)


def read_text_layer(page: pdfium.PdfPage, frame: PageFrame) -> TextLayer:
    """Text and words in one pass: one call for the text, two calls for each word's box."""
    text_page = raw.FPDFText_LoadPage(page.raw)
    if not text_page:
        return _NOTHING
    try:
        return _read(text_page, frame)
    finally:
        raw.FPDFText_ClosePage(text_page)


def _read(text_page: raw.FPDF_TEXTPAGE, frame: PageFrame) -> TextLayer:
    units, counts_agree = _units_of(text_page)
    if not len(units):
        return _NOTHING
    kinds = kind.kinds()[units]
    if counts_agree and (kinds & kind.RIGHT_TO_LEFT).any():
        units = turned_ligatures(text_page, units)
    starts, ends = _words_of(kinds)
    boxes, known = _boxes_of(text_page, starts, ends, frame, counts_agree=counts_agree)
    if not known.all():
        starts, ends, boxes = starts[known], ends[known], boxes[known]
    seen = (boxes[:, 2] > 0) & (boxes[:, 3] > 0) & (boxes[:, 0] < 1) & (boxes[:, 1] < 1)
    if not seen.all():
        units, kinds, starts, ends = _without(units, kinds, starts, ends, seen)
        boxes = boxes[seen]
    content = units.tobytes().decode("utf-16-le", "surrogatepass")
    texts = _texts_of(content, units, starts, ends)
    lines = lines_in_reading_order(texts, boxes * (frame.shown_size * 2))
    words = list(map(Word, *clamped_all(boxes).T.tolist(), texts)) if texts else []
    has_unclean = bool((kinds & kind.UNCLEAN).any())
    for index in _odd_words(kinds, starts, ends):
        words[index] = _cleaned(words[index])
    if lines is not None:
        content = _content_of(lines, units, starts, ends)
        words = [words[index] for line in lines for first, last in line for index in range(first, last + 1)]
    content = join_hyphenated(content)
    if has_unclean:
        words = [word for word in words if word.text]
        content = clean(content)
    else:
        content = content.replace("\r\n", "\n").replace("\r", "\n")
    texts = [word.text for word in words]
    useless = is_garbage(units, kinds, texts) or (_is_hidden(text_page) and is_poor(texts))
    return TextLayer(tidy_blanks(content), words, is_garbage=useless)


def _is_hidden(text_page: raw.FPDF_TEXTPAGE) -> bool:
    """Whether the page's text is not drawn, as the text that lies under a scan; one character tells."""
    middle = raw.FPDFText_CountChars(text_page) // 2
    for index in range(middle, max(-1, middle - _CHARACTERS_TRIED), -1):
        item = raw.FPDFText_GetTextObject(text_page, index)
        if item:  # blanks that pdfium put in belong to no object
            return bool(raw.FPDFTextObj_GetTextRenderMode(item) == raw.FPDF_TEXTRENDERMODE_INVISIBLE)
    return False


def _content_of(lines: list[tuple[Run, ...]], units: Units, starts: Places, ends: Places) -> str:
    """Return the text of lines put in another order."""
    parts = [
        b" \0".join(units[starts[first] : ends[last]].tobytes() for first, last in line).decode(
            "utf-16-le", "surrogatepass"
        )
        for line in lines
    ]
    return _HYPHEN_AT_LINE_END.sub(LINE_HYPHEN, "\n".join(parts))


def _odd_words(kinds: NDArray[np.uint8], starts: Places, ends: Places) -> list[int]:
    """Return the places of the words in which a character has to be cleaned."""
    odd = np.concatenate(([0], np.cumsum((kinds & (kind.UNCLEAN | kind.HYPHEN)) != 0)))
    found: list[int] = np.flatnonzero(odd[ends] - odd[starts]).tolist()
    return found


def _cleaned(word: Word) -> Word:
    letters = clean(word.text.replace(LINE_HYPHEN, "-"))
    return Word(word.x0, word.y0, word.x1, word.y1, letters)


def _units_of(text_page: raw.FPDF_TEXTPAGE) -> tuple[Units, bool]:
    """Return the page's text as UTF-16 units, and whether the unit at a place is the character of that number."""
    count = raw.FPDFText_CountChars(text_page)
    if count <= 0:
        return np.zeros(0, dtype=np.uint16), True
    # pdfium may write more units than it counts characters, but never more than the last one's text index says.
    last = max(raw.FPDFText_GetTextIndexFromCharIndex(text_page, index) for index in range(max(0, count - 8), count))
    buffer = (c_ushort * (max(count, last + 1) + 2))()
    written = raw.FPDFText_GetText(text_page, 0, count, buffer) - 1
    return np.frombuffer(buffer, dtype=np.uint16)[: max(0, written)], written == count


def _words_of(kinds: NDArray[np.uint8]) -> tuple[Places, Places]:
    """Return where words start and end: at blanks, and after the hyphen that ends a line."""
    inside = np.zeros(len(kinds) + 2, dtype=np.bool_)
    inside[1:-1] = (kinds & kind.BLANK) == 0
    hyphen = np.zeros(len(kinds) + 1, dtype=np.bool_)
    hyphen[1:] = (kinds & kind.HYPHEN) != 0
    starts = np.flatnonzero(inside[1:-1] & (~inside[:-2] | hyphen[:-1]))
    ends = np.flatnonzero(inside[1:-1] & (~inside[2:] | hyphen[1:])) + 1
    lone = (ends - starts == 1) & hyphen[ends]
    return starts[~lone], ends[~lone]


def _boxes_of(
    text_page: raw.FPDF_TEXTPAGE,
    starts: Places,
    ends: Places,
    frame: PageFrame,
    *,
    counts_agree: bool,
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the words' boxes on the shown page, from those of their first and last characters."""
    indices = [*starts.tolist(), *(ends - 1).tolist()]
    if not counts_agree:
        indices = [max(0, raw.FPDFText_GetCharIndexFromTextIndex(text_page, index)) for index in indices]
    rows, known = loose_boxes(text_page, indices, len(indices))
    half = len(starts)
    return shown(rows[:half], rows[half:], frame), known[:half] & known[half:]


def _without(
    units: Units,
    kinds: NDArray[np.uint8],
    starts: Places,
    ends: Places,
    seen: NDArray[np.bool_],
) -> tuple[Units, NDArray[np.uint8], Places, Places]:
    """Return the page without the words that are not seen on it."""
    keep = np.ones(len(units), dtype=np.bool_)
    for start, end in zip(starts[~seen].tolist(), ends[~seen].tolist(), strict=True):
        keep[start:end] = False
    moved = np.concatenate(([0], np.cumsum(keep)))
    return units[keep], kinds[keep], moved[starts[seen]], moved[ends[seen]]


def _texts_of(content: str, units: Units, starts: Places, ends: Places) -> list[str]:
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    if len(content) == len(units):
        return [content[start:end] for start, end in spans]
    return [units[start:end].tobytes().decode("utf-16-le", "surrogatepass") for start, end in spans]
