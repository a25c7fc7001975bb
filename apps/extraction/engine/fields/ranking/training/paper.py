"""A page that is written word by word: what a reader would give, without the way over a file and its recognition."""

import random
import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from msgspec import structs
from reportlab.pdfbase.pdfmetrics import stringWidth

from apps.extraction.engine.types import PageReading, Word

Align: TypeAlias = Literal["left", "right", "centre"]
FONTS = ("Helvetica", "Times-Roman", "Courier", "Helvetica-Bold", "Times-Bold")
_ASCENT, _DESCENT = 0.75, 0.22
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


@dataclass
class Paper:
    """A page in points, origin top-left; `font` and `size` hold for what is written next."""

    width: float
    height: float
    font: str = "Helvetica"
    size: float = 10.0
    words: list[tuple[float, float, float, float, str]] = field(default_factory=list)

    def write(self, x: float, y: float, text: str, *, align: Align = "left", size: float | None = None) -> float:
        """Write a line with its baseline at y and return its width; words that run off the page are left out."""
        size = size or self.size
        width = float(stringWidth(text, self.font, size))
        at = x if align == "left" else x - width if align == "right" else x - width / 2
        blank = float(stringWidth(" ", self.font, size))
        for part in text.split(" "):
            length = float(stringWidth(part, self.font, size))
            if part and at >= 0 and at + length <= self.width and y <= self.height:
                self.words.append((at, y - _ASCENT * size, at + length, y + _DESCENT * size, part))
            at += length + blank
        return width

    def reading(self) -> PageReading:
        """Return the page as a reader gives it, its words row by row."""
        ordered = sorted(self.words, key=lambda word: (round(word[1] / 4), word[0]))
        words = [
            Word(x0 / self.width, max(0.0, y0 / self.height), x1 / self.width, min(1.0, y1 / self.height), text)
            for x0, y0, x1, y1, text in ordered
        ]
        return PageReading(
            number=1,
            width=self.width,
            height=self.height,
            rotation=0,
            text="\n".join(word.text for word in words),
            text_source="native",
            words=words,
        )


_CONFUSED = {
    "0": "O", "O": "0", "1": "l", "l": "1", "I": "l", "5": "S", "S": "5", "8": "B", "B": "8", "e": "c", "c": "e",
    "m": "rn", "u": "v", "n": "h", "é": "e", "è": "e", "ü": "u", "ä": "a", "ö": "o",
    "°": "o", "i": "l", "t": "f", "g": "q", "6": "G", ",": ".", ".": ",", ":": ".", "€": "E",
}  # fmt: skip


def noisy(page: PageReading, rng: random.Random, level: float) -> PageReading:
    """Return a page as recognition might read it: letters confused, words lost, joined and cut, boxes shaken."""
    words: list[Word] = []
    height = 0.012
    for word in page.words:
        if rng.random() < 0.15 * level:
            continue
        text = "".join(
            _CONFUSED.get(character, character) if rng.random() < 0.6 * level else character for character in word.text
        )
        shift = [rng.gauss(0, 0.06 * height) for _ in range(4)]
        shaken = Word(
            max(0.0, word.x0 + shift[0]),
            max(0.0, word.y0 + shift[1]),
            min(1.0, word.x1 + shift[2]),
            min(1.0, word.y1 + shift[3]),
            text,
            round(min(1.0, max(0.2, rng.gauss(0.95 - level, 0.06))), 3),
        )
        last = words[-1] if words else None
        if (
            last
            and rng.random() < 0.5 * level
            and 0 <= shaken.x0 - last.x1 < 0.012
            and abs(shaken.y0 - last.y0) < 0.004
        ):
            words[-1] = Word(last.x0, last.y0, shaken.x1, shaken.y1, last.text + shaken.text, shaken.confidence)
        elif rng.random() < 0.4 * level and len(text) > 4 and ("." in text[1:-1] or "," in text[1:-1]):
            cut = max(text.rfind("."), text.rfind(",")) + 1
            middle = shaken.x0 + (shaken.x1 - shaken.x0) * cut / len(text)
            words.append(Word(shaken.x0, shaken.y0, middle, shaken.y1, text[:cut], shaken.confidence))
            words.append(Word(middle + 0.002, shaken.y0, shaken.x1, shaken.y1, text[cut:] or ".", shaken.confidence))
        else:
            words.append(shaken)
    kept = [word for word in words if word.x1 > word.x0]
    text = "\n".join(word.text for word in kept)
    return PageReading(
        number=page.number,
        width=page.width,
        height=page.height,
        rotation=0,
        text=text,
        text_source="ocr",
        words=kept,
    )


def misread(page: PageReading, rng: random.Random, share: float) -> PageReading:
    """Return a page with one digit wrong in such a share of its numbers, and in three times as many of its years."""
    words: list[Word] = []
    for word in page.words:
        text = word.text
        digits = [place for place, character in enumerate(text) if character.isdecimal()]
        chance = 3 * share if _YEAR.search(text) else share
        if len(digits) > 1 and rng.random() < chance:
            place = rng.choice(digits)
            text = text[:place] + rng.choice("0123456789".replace(text[place], "")) + text[place + 1 :]
        words.append(Word(word.x0, word.y0, word.x1, word.y1, text, word.confidence))
    return structs.replace(page, words=words, text="\n".join(word.text for word in words))
