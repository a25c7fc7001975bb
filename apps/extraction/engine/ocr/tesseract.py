"""Recognition of text in pictures by Tesseract, in process, one thread, one language at a time."""

import os
from pathlib import Path
from typing import Any

from PIL import Image

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.geometry import clamped
from apps.extraction.engine.ocr.recognised import Recognised
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Word

# Sheets of paper are 1.29 to 1.42 times as long as wide and may have columns; longer slips are one block of lines.
# Word-bag F1 of photographed receipts with automatic layout / one block: .835 / .848, of invoice pages .978 / .970.
_LONGEST_SHEET = 1.5
_SMALLEST_SIDE_PX = 3  # Tesseract refuses less
# Cut-outs of a screen have letters of 8 pixels: tables in nine such pictures, adjacency F1 at scale 1 / 2 / 3:
# .00 / .19 / .32. Receipts of 600 x 1200 pixels gain nothing.
_TINY_PX = 700
_TINY_SCALE = 3
_MOST_SIDE_PX = 32_000  # and more than 32,767
_FEWEST_LETTERS = 2  # of a word that a dictionary can have an opinion about
_LEAST_ORIENTATION = 0.3  # of Tesseract's scale: 14 pages in four turns gave right answers only, with .5 to 16


class Tesseract:
    """Tesseract with one language's model loaded, to be used again for every picture of a process."""

    def __init__(self, data: Path) -> None:
        self.name = "tesseract"
        self.language = data.stem
        self._library, self._api = _opened(data)

    def recognise(self, picture: Image.Image) -> Recognised:
        """Return the words of an upright picture, line by line."""
        if min(picture.size) < _SMALLEST_SIDE_PX:
            return Recognised([], [])
        modes = self._library.PSM
        picture = _acceptable(picture)
        self._api.SetPageSegMode(modes.SINGLE_BLOCK if _is_slip(picture) else modes.AUTO)
        self._api.SetImage(picture)
        try:
            self._api.Recognize()
            return self._words(*picture.size)
        except RuntimeError as error:
            raise ReadingError(ErrorCode.PAGE_FAILED, detail=str(error)) from error
        finally:
            self._api.Clear()

    def _words(self, width: int, height: int) -> Recognised:
        """Read the words off Tesseract's result; a new block or paragraph leaves an empty line."""
        level = self._library.RIL
        words: list[Word] = []
        separators: list[str] = []
        letters = known = 0
        separator = ""
        results = self._api.GetIterator()
        for found in self._library.iterate_level(results, level.WORD) if results else ():
            if found.IsAtBeginningOf(level.PARA):
                separator = "\n\n"
            elif found.IsAtBeginningOf(level.TEXTLINE):
                separator = max(separator, "\n", key=len)
            text = _text_of(found, level.WORD)
            box = found.BoundingBox(level.WORD)
            if not text or box is None:
                continue
            if sum(map(str.isalpha, text)) >= _FEWEST_LETTERS:
                letters += 1
                known += bool(found.WordIsFromDictionary())
            confidence = min(1.0, max(0.0, found.Confidence(level.WORD) / 100))
            place = clamped(box[0] / width, box[1] / height, box[2] / width, box[3] / height)
            words.append(Word(*place, text, round(confidence, 4)))
            separators.append(separator or " ")
            separator = ""
        return Recognised(words, separators, known / letters if letters else 0.0)

    def close(self) -> None:
        """Give the models' memory back."""
        self._api.End()


class OrientationFinder:
    """Tells where the upper edge of a picture of text is."""

    def __init__(self, data: Path) -> None:
        _, self._api = _opened(data)

    def find(self, picture: Image.Image) -> int | None:
        """Return by how many degrees to turn the picture clockwise; None where there is too little text to tell."""
        if min(picture.size) < _SMALLEST_SIDE_PX:
            return None
        self._api.SetImage(_acceptable(picture))
        try:
            found = self._api.DetectOrientationScript()
        except RuntimeError:
            return None
        finally:
            self._api.Clear()
        if not found or found["orient_conf"] < _LEAST_ORIENTATION:
            return None
        return -int(found["orient_deg"]) % 360

    def close(self) -> None:
        """Give the model's memory back."""
        self._api.End()


def _opened(data: Path) -> tuple[Any, Any]:
    """Return the library and Tesseract with a data file loaded."""
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    import tesserocr  # noqa: PLC0415  (loads 20 MB of libraries: 40 ms)

    try:
        return tesserocr, tesserocr.PyTessBaseAPI(path=str(data.parent), lang=data.stem)
    except RuntimeError as error:
        raise ReadingError(ErrorCode.OCR_UNAVAILABLE, detail=str(error)) from error


def _text_of(found: Any, level: int) -> str:  # noqa: ANN401  (the library has no types)
    try:
        return clean(found.GetUTF8Text(level)).strip()
    except RuntimeError:  # a word of no characters
        return ""


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
