"""Recognition of text in pictures by Tesseract, in process, one thread."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.geometry import clamped
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Word

_STRENGTH = ["", " ", "\n", "\n\n"]
_LEVEL_WORD = 5  # of Tesseract's TSV: page, block, paragraph, line, word
# Sheets of paper are 1.29 to 1.42 times as long as wide and may have columns; longer slips are one block of lines.
# Word-bag F1 of photographed receipts with automatic layout / one block: .835 / .848, of invoice pages .978 / .970.
_LONGEST_SHEET = 1.5
_SMALLEST_SIDE_PX = 3  # Tesseract refuses less
# Cut-outs of a screen have letters of 8 pixels: tables in nine such pictures, adjacency F1 at scale 1 / 2 / 3:
# .00 / .19 / .32. Receipts of 600 x 1200 pixels gain nothing.
_TINY_PX = 700
_TINY_SCALE = 3
_MOST_SIDE_PX = 32_000  # and more than 32,767


class Recognised(NamedTuple):
    """The words of a picture with their confidences, each with what separates it from the one before."""

    words: list[Word]
    separators: list[str]

    def text(self, keep: Callable[[Word], bool] = lambda _: True) -> str:
        """Return the text by lines, of the words to be kept."""
        parts: list[str] = []
        pending = ""
        for word, separator in zip(self.words, self.separators, strict=True):
            pending = max(pending, separator, key=_STRENGTH.index)
            if keep(word):
                parts += (pending, word.text) if parts else (word.text,)
                pending = ""
        return "".join(parts)


class Recogniser:
    """Tesseract with its models loaded, to be used again for every picture of a process.

    All languages must lie in one folder, which is how Tesseract reads them.
    """

    def __init__(self, *, folder: Path, languages: Sequence[str]) -> None:
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        import tesserocr  # noqa: PLC0415  (loads 20 MB of libraries: 40 ms)

        if not languages:
            raise ReadingError(ErrorCode.OCR_UNAVAILABLE)
        self._automatic, self._block = tesserocr.PSM.AUTO, tesserocr.PSM.SINGLE_BLOCK
        try:
            self._api = tesserocr.PyTessBaseAPI(path=str(folder), lang="+".join(languages))
        except RuntimeError as error:
            raise ReadingError(ErrorCode.OCR_UNAVAILABLE, detail=str(error)) from error

    def recognise(self, picture: Image.Image) -> Recognised:
        """Return the words of an upright picture, line by line."""
        if min(picture.size) < _SMALLEST_SIDE_PX:
            return Recognised([], [])
        picture = _acceptable(picture)
        self._api.SetPageSegMode(self._block if _is_slip(picture) else self._automatic)
        self._api.SetImage(picture)
        try:
            rows = self._api.GetTSVText(0)
        except RuntimeError as error:
            raise ReadingError(ErrorCode.PAGE_FAILED, detail=str(error)) from error
        finally:
            self._api.Clear()
        return _words_of(rows, picture.width, picture.height)

    def close(self) -> None:
        """Give the models' memory back."""
        self._api.End()


def _is_slip(picture: Image.Image) -> bool:
    return max(picture.size) > _LONGEST_SHEET * min(picture.size)


def _acceptable(picture: Image.Image) -> Image.Image:
    """Return the picture in a mode and size Tesseract takes."""
    if picture.mode not in {"1", "L", "RGB"}:
        picture = picture.convert("RGB")
    longest = max(picture.size)
    if longest < _TINY_PX:
        larger = (picture.width * _TINY_SCALE, picture.height * _TINY_SCALE)
        return picture.convert("L").resize(larger, Image.Resampling.BICUBIC)
    if longest > _MOST_SIDE_PX:
        share = _MOST_SIDE_PX / longest
        picture = picture.resize((max(1, int(picture.width * share)), max(1, int(picture.height * share))))
    return picture


def _words_of(rows: str, width: int, height: int) -> Recognised:
    """Words out of Tesseract's TSV; a new block or paragraph leaves an empty line."""
    words: list[Word] = []
    separators: list[str] = []
    last: tuple[str, ...] = ()
    for row in rows.splitlines():
        columns = row.split("\t", 11)
        if len(columns) < 12 or columns[0] != str(_LEVEL_WORD):
            continue
        text = clean(columns[11]).strip()
        if not text:
            continue
        left, top, wide, high = (int(value) for value in columns[6:10])
        box = clamped(left / width, top / height, (left + wide) / width, (top + high) / height)
        words.append(Word(*box, text, round(min(1.0, max(0.0, float(columns[10]) / 100)), 4)))
        place = tuple(columns[1:5])
        separators.append(" " if place == last else "\n" if place[:3] == last[:3] else "\n\n")
        last = place
    return Recognised(words, separators)
