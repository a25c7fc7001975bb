"""A page recognised: set straight, read, and read again by other means where it was read badly."""

import gc
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.ocr.accurate import Accurate
from apps.extraction.engine.ocr.languages import two_letters
from apps.extraction.engine.ocr.options import OcrOptions
from apps.extraction.engine.ocr.recognised import OcrEngine, Recognised
from apps.extraction.engine.ocr.tesseract import OrientationFinder, Tesseract
from apps.extraction.engine.ocr.upright import Upright, set_straight
from apps.extraction.engine.types import Recognition

_WELL_READ = 0.86
_DOUBTFUL = 0.70
_WELL_KNOWN = 0.80
_LEAST_ACCURATE = 0.80
_LEAST_SHARE = 0.6
_REQUESTS_WITHOUT_NEED = 40


class _Reading(NamedTuple):
    """What one engine read of one upright picture."""

    engine: str
    language: str
    found: Recognised
    upright: Upright


class PageRecogniser:
    """Engines with their models loaded when first needed, to be used again for every picture of a process."""

    def __init__(self, options: OcrOptions) -> None:
        self._options = options
        self._by_language: dict[str, Tesseract] = {}
        self._orientation: OrientationFinder | None = None
        self._accurate: Accurate | None = None
        self._without_need = 0

    def recognise(self, picture: Image.Image) -> tuple[Recognised, Recognition]:
        """Return the words with their boxes on the picture as shown, and how they were read."""
        if not self._options.data:
            raise ReadingError(ErrorCode.OCR_UNAVAILABLE)
        reading = self._read(next(iter(self._options.data)), set_straight(picture))
        if reading.found.confidence < _DOUBTFUL:
            reading = self._turned(picture, reading)
        reading = self._in_its_language(reading)
        if self._options.accurate and reading.found.confidence < _WELL_READ:
            reading = self._read_again(reading)
        else:
            self._rest_after(_REQUESTS_WITHOUT_NEED)
        return _as_shown(reading)

    def rest(self) -> None:
        """Give back the memory of what is seldom needed."""
        self._without_need = 0
        if self._accurate is not None:
            self._accurate.close()
            self._accurate = None
            gc.collect()

    def close(self) -> None:
        """Give all models' memory back."""
        self.rest()
        for tesseract in self._by_language.values():
            tesseract.close()
        self._by_language.clear()
        if self._orientation is not None:
            self._orientation.close()
            self._orientation = None

    def _read(self, language: str, upright: Upright) -> _Reading:
        tesseract = self._by_language.get(language)
        if tesseract is None:
            tesseract = self._by_language[language] = Tesseract(Path(self._options.data[language]))
        return _Reading(tesseract.name, language, tesseract.recognise(upright.picture), upright)

    def _turned(self, picture: Image.Image, reading: _Reading) -> _Reading:
        """Return the reading of the picture turned upright, if that is better."""
        if self._options.orientation is None:
            return reading
        if self._orientation is None:
            self._orientation = OrientationFinder(Path(self._options.orientation))
        orientation = self._orientation.find(picture)
        if orientation is None or not orientation.turn:
            return reading
        turned = self._read(reading.language, set_straight(picture, orientation.turn))
        return max(turned, reading, key=_sure_characters)

    def _in_its_language(self, reading: _Reading) -> _Reading:
        """Return the reading with the data of the language the text is in, if that is better."""
        others = {two_letters(language): language for language in self._options.data if language != reading.language}
        if not others or reading.found.dictionary_share >= _WELL_KNOWN:
            return reading
        from apps.extraction.engine.layout.language import language_of  # noqa: PLC0415  (.5 s and 76 MB)

        language = others.get(language_of(reading.found.text()) or "")
        return reading if language is None else max(reading, self._read(language, reading.upright), key=_known_words)

    def _read_again(self, reading: _Reading) -> _Reading:
        """Return the accurate engine's reading, if that is better."""
        engine: OcrEngine
        if self._accurate is None:
            self._accurate = Accurate()
        self._without_need = 0
        engine = self._accurate
        found = engine.recognise(reading.upright.picture)
        again = _Reading(engine.name, reading.language, found, reading.upright)
        return again if _is_better(found, reading.found) else reading

    def _rest_after(self, requests: int) -> None:
        self._without_need += 1
        if self._without_need >= requests:
            self.rest()


def _is_better(accurate: Recognised, first: Recognised) -> bool:
    """Whether to believe the accurate engine, whose confidences are of another scale than Tesseract's."""
    if not accurate.words:
        return first.confidence < _DOUBTFUL  # it finds no text: neither did Tesseract, whatever it made of it
    if accurate.confidence < _LEAST_ACCURATE:
        return first.confidence < _DOUBTFUL / 2
    return accurate.characters >= _LEAST_SHARE * first.characters * first.confidence


def _sure_characters(reading: _Reading) -> float:
    return reading.found.characters * reading.found.confidence


def _known_words(reading: _Reading) -> float:
    return reading.found.confidence * reading.found.dictionary_share


def _as_shown(reading: _Reading) -> tuple[Recognised, Recognition]:
    found, upright = reading.found, reading.upright
    words = [upright.as_shown(word) for word in found.words]
    recognition = Recognition(
        engine=reading.engine,
        confidence=round(found.confidence, 4),
        dictionary_share=round(found.dictionary_share, 4),
        language=reading.language,
        skew=upright.skew,
        turned=upright.turned,
    )
    return found._replace(words=words), recognition
