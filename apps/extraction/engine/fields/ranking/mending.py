"""What recognition confuses in addresses and numbers, put right where little else it could be."""

import re
import tomllib
from functools import cache
from pathlib import Path

# `PO 123` and the like begin with one capital and an O; after two it is hardly ever a letter, and Q never is.
_ZERO = re.compile(r"(?<=[A-Z]{2})O(?= ?\d)|(?<=[A-Z])Q(?=\d)")
_IN_DIGITS = re.compile(r"(?<=\d{3})[Oo](?=\d*\b)|(?<=\b\d)[Oo](?=\d{3}\b)")
_ALIKE = str.maketrans("1i!|05", "llllos")
_FEWEST = 3
_WORD = re.compile(r"[^\W_]{3,}")


def mended_number(text: str) -> str:
    """Return a number with a zero where an O or Q stands between capitals and digits."""
    return _ZERO.sub("0", text)


def mended_address(text: str) -> str:
    """Return an address with zeros in its postcode, and with words of streets and places that were one letter off.

    Only letters that look alike are changed (l, i, 1; o, 0; s, 5), and only where a known word comes out.
    """
    return _WORD.sub(_known, _IN_DIGITS.sub("0", text))


def _known(match: re.Match[str]) -> str:
    word = match[0]
    lower = word.lower()
    found = _words().get(lower.translate(_ALIKE))
    if found is None or found == lower:
        return word
    return found.upper() if word.isupper() else found.capitalize() if word[:1].isupper() else found


@cache
def _words() -> dict[str, str]:
    """Return words of streets and places by what they look like; those that look like another one are left out."""
    table = tomllib.loads(Path(__file__).with_name("party_words.toml").read_text())
    words = {part for key in ("street", "places") for entry in table[key] for part in entry.split()}
    found: dict[str, str] = {}
    for word in sorted(word for word in words if word.isalpha() and len(word) >= _FEWEST):
        found.setdefault(word.translate(_ALIKE), word)
    return found
