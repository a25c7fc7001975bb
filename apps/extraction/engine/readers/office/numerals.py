"""Numbers as letters and Roman numerals, for the items of lists."""

from typing import Final

_ROMAN: Final = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_LARGEST_ROMAN: Final = 4_999
_MOST_LETTERS: Final = 20


def numeral(number: int, form: str) -> str:
    """Return a number in a form of Office Open XML (`lowerLetter`, `upperRoman`, ...), in digits in all others."""
    if form in {"lowerLetter", "upperLetter"}:
        letters = _letters(number)
    elif form in {"lowerRoman", "upperRoman"}:
        letters = _roman(number)
    else:
        return f"{number:02d}" if form == "decimalZero" else str(number)
    return letters.upper() if form.startswith("upper") else letters


def _letters(number: int) -> str:
    """Return a to z, then aa to zz, as word processors count."""
    if not 1 <= number <= 26 * _MOST_LETTERS:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    if not 1 <= number <= _LARGEST_ROMAN:
        return str(number)
    parts = []
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        parts.append(letters * times)
    return "".join(parts)
