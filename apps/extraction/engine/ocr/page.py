"""A page recognised: set straight, read, and read again by other means where it was read badly."""

import gc
from pathlib import Path
from typing import NamedTuple

from msgspec import structs
from PIL import Image

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.ocr.accurate import TINY_PX, Accurate, Sheet
from apps.extraction.engine.ocr.calibration import probability
from apps.extraction.engine.ocr.languages import two_letters
from apps.extraction.engine.ocr.options import OcrOptions
from apps.extraction.engine.ocr.recognised import Recognised
from apps.extraction.engine.ocr.tesseract import OrientationFinder, Tesseract
from apps.extraction.engine.ocr.unread import unread_share
from apps.extraction.engine.ocr.upright import Upright, set_straight
from apps.extraction.engine.types import Recognition, Word

# Mean confidence of Tesseract's characters below which a page is read again. Every other one of 62 photographed
# receipts and of 30 invoices; word-bag F1 of both and share read again at .82 / .86 / .90: .949 .974 .53 /
# .959 .961 .66 / .960 .943 .79; of the others .945 .971 / .957 .969 / .960 .961. (The invoices' truth was made with
# Tesseract; where the two engines differ there, the accurate one was right in those looked at.)
_WELL_READ = 0.86
# Share of marks like letters outside all words above which a page is read again, however sure its words are: on every
# other of 62 receipts and every third of 42 invoices it is .09 at most, on a photograph read to a third .70.
_MOST_UNREAD = 0.2
# The same pages, 14 of them, turned by quarters: read the wrong way up they have .17 to .41, the right way .55 to .91.
_WRONG_WAY = 0.50
# Words that stand on end are read all the same where they run down (.63 to .94 on 5 pages), not where they run up (.18
# to .34).
_LIES_DOWN, _LIES_UP = 270, 90
_WELL_KNOWN = 0.80  # share of dictionary words above which a text is in the language it was read in
# By how much that share must rise for a page to be of another language. Rendered French and German letters and
# invoices rise by .32 to .50 when read with their own data (word-bag F1 .84 to 1.00); half-English invoices, of whose
# codes and names the English data reads more, by at most .25 (.978 to .932, other half .982 to .923).
_LEAST_RISE = 0.28
_LEAST_ACCURATE = 0.80  # mean confidence of the accurate engine; on all 92 pages it is above .94
_LEAST_SHARE = 0.6  # of what Tesseract read for sure, that the accurate engine must have found
_LETTERS_OF_A_LONG_WORD = 4
_MOST_GUESSED_WORDS = 1_000  # on a page whose upper edge cannot be told, above which it is not tried out: noise
_MOST_PIXELS = 30_000_000  # A2 at 200 dpi: 90 MB, of which there are up to four copies
_SKEW_OF_ROWS = 0.4  # degrees, above which words that stand beside each other are no longer of one height
_REQUESTS_WITHOUT_NEED = 40


class _Reading(NamedTuple):
    """What one engine read of one upright picture."""

    engine: str
    language: str
    found: Recognised
    upright: Upright


class _Seen(NamedTuple):
    """The lines that the accurate engine found in an upright picture."""

    upright: Upright
    sheet: Sheet


class PageRecogniser:
    """Engines with their models loaded when first needed, to be used again for every picture of a process.

    Languages are tried one after the other and not at once: with three together Tesseract is slower and reads worse
    (5 French invoices .956 against .983 at twice the time).
    """

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
        picture = _bounded(picture)
        reading = self._read(next(iter(self._options.data)), set_straight(picture))
        seen = None
        if self._options.accurate and max(picture.size) < TINY_PX:
            seen = self._look(picture, 0)
            small = _better_of(seen, reading) if not seen.sheet.turn() else reading
            if small is not reading:
                return _as_shown(small)
        if not _is_upright(reading) and (reading.found.words or self._options.accurate):
            reading, seen = self._turned(picture, reading, seen)
        reading = self._in_its_language(reading)
        if self._options.accurate and _is_read_badly(reading):
            turn = reading.upright.turned
            reading = _better_of(seen if seen and seen.upright.turned == turn else self._look(picture, turn), reading)
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

    def _turned(self, picture: Image.Image, reading: _Reading, seen: _Seen | None) -> tuple[_Reading, _Seen | None]:
        """Return the reading of the picture turned upright, if that is better, and what was seen on the way.

        Words that stand tell nearly always; else the accurate engine tells by a few lines, which are read for good;
        without it or them Tesseract does.
        """
        is_told = reading.found.confidence >= _WRONG_WAY or len(reading.found.words) <= _MOST_GUESSED_WORDS
        stands = is_told and _lies(reading)
        turned = self._tried_out(picture, reading, _way_it_lies(reading)) if stands else None
        if turned is None and self._options.accurate:
            seen = seen or self._look(picture, 0)
            turn = seen.sheet.turn()
            if turn is not None:
                return self._turned_as_seen(picture, reading, seen, turn)
        if not stands:
            likely = self._told_by_tesseract(picture, reading)
            if likely or (likely is None and len(reading.found.words) <= _MOST_GUESSED_WORDS):
                turned = self._tried_out(picture, reading, likely)
        return turned or reading, seen

    def _tried_out(self, picture: Image.Image, reading: _Reading, likely: int | None) -> _Reading | None:
        """Return the reading of the picture turned, the likely way first, where that is upright."""
        for candidate in sorted((90, 180, 270), key=lambda turn: turn != likely):
            turned = self._read(reading.language, set_straight(picture, candidate))
            if _is_upright(turned):
                return turned
        return None

    def _turned_as_seen(
        self, picture: Image.Image, reading: _Reading, seen: _Seen, turn: int
    ) -> tuple[_Reading, _Seen]:
        if turn == 0:
            return reading, seen
        turned = self._read(reading.language, set_straight(picture, turn))
        if _is_upright(turned):
            return turned, seen
        again = self._look(picture, turn)
        return (turned, again) if again.sheet.turn() == 0 else (reading, seen)

    def _told_by_tesseract(self, picture: Image.Image, reading: _Reading) -> int | None:
        """Return the turn that Tesseract's orientation model tells; None where it tells nothing."""
        if self._options.orientation is None or not reading.found.words:
            return 0
        if self._orientation is None:
            self._orientation = OrientationFinder(Path(self._options.orientation))
        return self._orientation.find(picture)

    def _in_its_language(self, reading: _Reading) -> _Reading:
        """Return the reading with the data of the language the text is in, if that is better."""
        others = {two_letters(language): language for language in self._options.data if language != reading.language}
        if not others or reading.found.dictionary_share >= _WELL_KNOWN:
            return reading
        from apps.extraction.engine.layout.language import language_of  # noqa: PLC0415  (.5 s and 76 MB)

        language = others.get(language_of(reading.found.text()) or "")
        if language is None:
            return reading
        again = self._read(language, reading.upright)
        rise = again.found.dictionary_share - reading.found.dictionary_share
        return again if rise >= _LEAST_RISE and again.found.confidence >= reading.found.confidence else reading

    def _look(self, picture: Image.Image, turn: int) -> _Seen:
        """Find the lines of a picture turned clockwise, by the accurate engine."""
        if self._accurate is None:
            self._accurate = Accurate()
        self._without_need = 0
        upright = set_straight(picture, turn, least_skew=_SKEW_OF_ROWS)
        return _Seen(upright, self._accurate.look(upright.picture))

    def _rest_after(self, requests: int) -> None:
        self._without_need += 1
        if self._without_need >= requests:
            self.rest()


def _bounded(picture: Image.Image) -> Image.Image:
    share = (_MOST_PIXELS / (picture.width * picture.height)) ** 0.5
    if share >= 1:
        return picture
    return picture.resize((max(1, int(picture.width * share)), max(1, int(picture.height * share))))


def _better_of(seen: _Seen, reading: _Reading) -> _Reading:
    """Return the accurate engine's reading, if that is better."""
    found = seen.sheet.recognised()
    if _is_better(found, reading.found):
        return _Reading(Accurate.name, "", found, seen.upright)  # its model knows many languages and tells none
    return reading


def _is_better(accurate: Recognised, first: Recognised) -> bool:
    """Whether to believe the accurate engine, whose confidences are of another scale than Tesseract's."""
    if not accurate.words or accurate.confidence < _LEAST_ACCURATE:
        return first.confidence < _WRONG_WAY  # there is no text, whatever Tesseract made of the picture
    return accurate.characters >= _LEAST_SHARE * first.characters * first.confidence


def _is_read_badly(reading: _Reading) -> bool:
    """Whether an engine is not sure of what it read, or has left writing out."""
    if reading.found.confidence < _WELL_READ:
        return True
    return unread_share(reading.upright.picture, reading.found.words) > _MOST_UNREAD


def _is_upright(reading: _Reading) -> bool:
    return reading.found.confidence >= _WRONG_WAY and not _lies(reading)


def _lies(reading: _Reading) -> bool:
    """Whether the words stand on end, which Tesseract reads all the same when their beginning is at the top."""
    width, height = reading.upright.picture.size
    long = [word for word in reading.found.words if len(word.text) >= _LETTERS_OF_A_LONG_WORD]
    standing = sum((word.y1 - word.y0) * height > (word.x1 - word.x0) * width for word in long)
    return 2 * standing > len(long)


def _way_it_lies(reading: _Reading) -> int:
    return _LIES_DOWN if reading.found.confidence >= _WRONG_WAY else _LIES_UP


def _as_likely(word: Word, engine: str) -> Word:
    return structs.replace(word, confidence=probability(engine, word.confidence or 0.0))


def _as_shown(reading: _Reading) -> tuple[Recognised, Recognition]:
    found, upright = reading.found, reading.upright
    words = [_as_likely(upright.as_shown(word), reading.engine) for word in found.words]
    recognition = Recognition(
        engine=reading.engine,
        confidence=round(found.confidence, 4),
        dictionary_share=round(found.dictionary_share, 4),
        language=reading.language,
        skew=upright.skew,
        turned=upright.turned,
    )
    return found._replace(words=words), recognition
