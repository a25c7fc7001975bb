"""Cleaning of text as it comes out of files, so that it can be stored, searched and compared."""

import re
import unicodedata

# C0 and C1 controls but tab and newline, lone surrogates, and the byte order mark; form feeds are handled by readers.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# Letters in a shape of their own: Latin ligatures, Hebrew and Arabic letters as they look within a word.
_SHAPES = ((0xFB00, 0xFB07), (0xFB1D, 0xFB50), (0xFB50, 0xFE00), (0xFE70, 0xFEFD))
_LETTERS_OF_SHAPES = {
    code: unicodedata.normalize("NFKC", chr(code)).strip() or None
    for first, end in _SHAPES
    for code in range(first, end)
}
_SOFT_HYPHEN_AT_LINE_END = re.compile("\u00ad[ \t]*\n[ \t]*")
_MANY_BREAKS = re.compile(r"\n{3,}")
# Characters that stand for no letter: what fonts without a usable encoding give.
GARBAGE_CODE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffd]")


def clean(text: str) -> str:
    """Text with plain newlines and letters instead of ligatures, without control characters and soft hyphens."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\u2028", "\n")
    if text.isascii() and text.isprintable():
        return text
    text = _UNWANTED.sub("", text).translate(_LETTERS_OF_SHAPES)
    if "\u00ad" in text:
        text = _SOFT_HYPHEN_AT_LINE_END.sub("", text).replace("\u00ad", "")
    return text


def tidy_blanks(text: str) -> str:
    """Text without blanks at line ends and with at most one empty line in a row."""
    return _MANY_BREAKS.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()
