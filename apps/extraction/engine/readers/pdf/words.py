"""The text layer of a PDF page: the text pdfium reads, and the box of each word in it."""

import re
from bisect import bisect_left
from ctypes import byref, c_ushort
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from apps.extraction.engine.geometry import PageFrame, clamped
from apps.extraction.engine.text import clean, looks_like_garbage, tidy_blanks
from apps.extraction.engine.types import Word

LINE_HYPHEN = "\ufffe"  # pdfium's mark for a hyphen at a line's end; it takes the line break away
_WORD = re.compile(f"[^\\s{LINE_HYPHEN}]+{LINE_HYPHEN}?")
_HYPHENATED = re.compile(f"([^\\W\\d_]+){LINE_HYPHEN}([^\\W\\d_]+)")
# Halves of English compounds that are written with a hyphen far more often than they end or begin a divided word.
_COMPOUND_STARTS = frozenset(
    {"cross", "cutting", "data", "end", "full", "high", "in", "large", "long", "low", "machine", "near", "non", "off"}
    | {"one", "open", "self", "short", "small", "third", "time", "two", "three", "user", "well"}
)
_COMPOUND_ENDS = frozenset(
    {"aware", "based", "compatible", "dimensional", "driven", "formatted", "free", "friendly", "independent", "level"}
    | {
        "oriented",
        "quality",
        "related",
        "scale",
        "source",
        "speaking",
        "specific",
        "term",
        "time",
        "to",
        "type",
        "wide",
    }
)
_SHORTEST_WORD = 4
_LETTERS = re.compile(r"[^\W\d_]+")


class TextLayer(NamedTuple):
    """A page's text in reading order, its words, and whether the codes in it stand for readable letters."""

    text: str
    words: list[Word]
    is_garbage: bool


def read_text_layer(page: pdfium.PdfPage, frame: PageFrame) -> TextLayer:
    """Text and words in one pass: one call for the text, two calls for each word's box."""
    text_page = raw.FPDFText_LoadPage(page.raw)
    if not text_page:
        return TextLayer("", [], is_garbage=False)
    try:
        return _read(text_page, frame)
    finally:
        raw.FPDFText_ClosePage(text_page)


def _read(text_page: raw.FPDF_TEXTPAGE, frame: PageFrame) -> TextLayer:
    text, character_of = _text_of(text_page)
    words: list[Word] = []
    outside: list[tuple[int, int]] = []
    a, b = raw.FS_RECTF(), raw.FS_RECTF()
    pointer_a, pointer_b = byref(a), byref(b)
    loose_box, fractions = raw.FPDFText_GetLooseCharBox, frame.fractions
    for found in _WORD.finditer(text):
        start, end = found.span()
        first, last = (start, end - 1) if character_of is None else (character_of(start), character_of(end - 1))
        if not (loose_box(text_page, first, pointer_a) and loose_box(text_page, last, pointer_b)):
            continue
        x0, y0, x1, y1 = fractions(
            min(a.left, b.left), min(a.bottom, b.bottom), max(a.right, b.right), max(a.top, b.top)
        )
        if x1 <= 0 or y1 <= 0 or x0 >= 1 or y0 >= 1:
            outside.append((start, end))
            continue
        letters = found[0]
        if not letters.isascii() or not letters.isprintable():
            letters = clean(letters.replace(LINE_HYPHEN, "-"))
        if letters:
            words.append(Word(*clamped(x0, y0, x1, y1), letters))
    shown = _without(text, outside)
    return TextLayer(tidy_blanks(clean(join_hyphenated(shown))), words, looks_like_garbage(shown))


class _CharacterIndex:
    """From a place in the Python text to pdfium's character, where the two count differently."""

    def __init__(self, text_page: raw.FPDF_TEXTPAGE, text: str, *, same_count: bool) -> None:
        self._text_page = text_page
        self._same_count = same_count
        self._astral = [place for place, character in enumerate(text) if character > "\uffff"]

    def __call__(self, place: int) -> int:
        units = place + bisect_left(self._astral, place)
        if self._same_count:
            return units
        return max(0, int(raw.FPDFText_GetCharIndexFromTextIndex(self._text_page, units)))


def _text_of(text_page: raw.FPDF_TEXTPAGE) -> tuple[str, _CharacterIndex | None]:
    """Return the page's text, and how its places map to characters (None: one to one)."""
    count = raw.FPDFText_CountChars(text_page)
    if count <= 0:
        return "", None
    # pdfium may write more units than it counts characters, but never more than the last one's text index says.
    last = max(raw.FPDFText_GetTextIndexFromCharIndex(text_page, index) for index in range(max(0, count - 8), count))
    buffer = (c_ushort * (max(count, last + 1) + 2))()
    written = raw.FPDFText_GetText(text_page, 0, count, buffer) - 1
    text = bytes(memoryview(buffer)[:written]).decode("utf-16-le", "surrogatepass")
    if written == count and len(text) == count:
        return text, None
    return text, _CharacterIndex(text_page, text, same_count=written == count)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """Return the text without spans that lie outside the visible page."""
    if not spans:
        return text
    parts = []
    place = 0
    for start, end in spans:
        parts.append(text[place:start])
        place = end
    parts.append(text[place:])
    return "".join(parts)


def _is_compound(left: str, right: str) -> bool:
    """Whether two halves look like a compound: "high-dimensional", but not "high-est"."""
    return right.lower() in _COMPOUND_ENDS or (left.lower() in _COMPOUND_STARTS and len(right) > _SHORTEST_WORD)


def join_hyphenated(text: str) -> str:
    """Words divided at a line's end made whole again.

    A real hyphen ("high-level") is kept: told by the same page writing it so or using both halves as words, or by
    halves that usually make compounds.
    """
    if LINE_HYPHEN not in text:
        return text
    vocabulary = {word.lower() for word in _LETTERS.findall(_HYPHENATED.sub(" ", text))}
    compounds = {word.lower() for word in re.findall(r"[^\W\d_]+-[^\W\d_]+", text)}

    def joined(found: re.Match[str]) -> str:
        left, right = found[1], found[2]
        whole, compound = (left + right).lower(), f"{left}-{right}".lower()
        if compound in compounds:
            return f"{left}-{right}"
        halves_are_words = (left.lower() in vocabulary and right.lower() in vocabulary) or _is_compound(left, right)
        divided = right.islower() and (whole in vocabulary or not halves_are_words)
        return left + right if divided else f"{left}-{right}"

    return _HYPHENATED.sub(joined, text).replace(LINE_HYPHEN, "-")
