"""Character sets of RTF: those of the file, of its fonts, and how a run of bytes is decoded."""

import codecs
from typing import Final

_OF_CHARSETS: Final = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    255: "cp437",
}
DEFAULT: Final = "cp1252"
OF_WORDS: Final = {b"ansi": DEFAULT, b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}


def of_charset(charset: int | None) -> str | None:
    """Return the encoding of a font's character set; None where the file's own holds."""
    return _OF_CHARSETS.get(charset if charset is not None else 1)


def of_page(number: int | None) -> str:
    """Return the encoding of a Windows code page."""
    for name in (f"cp{number}", {10000: "mac_roman", 936: "gbk", 950: "big5", 65001: "utf-8"}.get(number or 0, "")):
        try:
            return codecs.lookup(name).name
        except LookupError:
            continue
    return DEFAULT


def decoded(data: bytes, encoding: str) -> str:
    """Return a run of bytes as text; bytes without a meaning are left out."""
    return data.decode(encoding, "ignore" if encoding != DEFAULT else "replace").replace("\ufffd", "")
