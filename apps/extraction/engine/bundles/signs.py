"""What the picture of a page shows without being read: an empty sheet, or a separator sheet with a barcode."""

from collections.abc import Sequence

import msgspec
import numpy as np
from PIL import Image

# A pixel counts as ink when it is this much darker than the paper, of 255.
_INK_BELOW_PAPER = 60
# Scanners leave shadows and punched holes along the edges.
_MARGIN = 0.04
# A short line of print on A4 has about twice this share of its pixels in ink, a few specks of dust a tenth.
_BLANK_INK = 0.0004
_SEPARATOR_WIDTH_PX = 1240
_PATCH_CODES = frozenset({"PATCHT", "PATCH1", "PATCH2", "PATCH3", "PATCH4", "PATCH6"})


class PageSigns(msgspec.Struct, frozen=True, kw_only=True):
    """What a page's picture shows; `ink` is the share of dark pixels."""

    number: int
    ink: float
    is_blank: bool
    barcodes: list[str] = []


def signs_of(number: int, picture: Image.Image) -> PageSigns:
    """Look at the picture of a page."""
    grey = picture.convert("L")
    if grey.width > _SEPARATOR_WIDTH_PX:
        grey = grey.resize((_SEPARATOR_WIDTH_PX, round(grey.height * _SEPARATOR_WIDTH_PX / grey.width)))
    ink = _ink(grey)
    is_blank = ink < _BLANK_INK
    return PageSigns(number=number, ink=ink, is_blank=is_blank, barcodes=[] if is_blank else _barcodes(grey))


def separators(signs: Sequence[PageSigns], word_counts: dict[int, int], *, most_words: int = 25) -> set[int]:
    """Return the separator sheets: patch codes, or one barcode with hardly a word that comes back on several sheets."""
    sheets = [sign for sign in signs if sign.barcodes and word_counts.get(sign.number, 0) <= most_words]
    values = [value for sign in sheets for value in set(sign.barcodes)]
    return {
        sign.number
        for sign in sheets
        if any(value.upper().replace(" ", "") in _PATCH_CODES or values.count(value) > 1 for value in sign.barcodes)
    }


def _ink(grey: Image.Image) -> float:
    pixels = np.asarray(grey, dtype=np.int16)
    rows, columns = round(pixels.shape[0] * _MARGIN), round(pixels.shape[1] * _MARGIN)
    inner = pixels[rows : pixels.shape[0] - rows, columns : pixels.shape[1] - columns]
    if inner.size == 0:
        return 0.0
    paper = float(np.percentile(inner, 90))
    return float((inner < paper - _INK_BELOW_PAPER).mean())


def _barcodes(grey: Image.Image) -> list[str]:
    import zxingcpp  # noqa: PLC0415  (a native library that few files need)

    # Only codes that check themselves: lines of print look like some of the others.
    kinds = zxingcpp.BarcodeFormat
    formats = zxingcpp.BarcodeFormats([kinds.Code128, kinds.Code39, kinds.QRCode, kinds.DataMatrix, kinds.PDF417])
    return [found.text for found in zxingcpp.read_barcodes(np.asarray(grey), formats) if found.text]
