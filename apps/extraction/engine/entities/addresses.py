"""Postal addresses as English, German and French write them: a street with a number, and the town behind it."""

import re
from collections.abc import Iterator
from typing import Final

from apps.extraction.engine.entities.types import Found

_UPPER: Final = "A-Z\u00c0-\u00d6\u00d8-\u00de"
# A point belongs to short names only: "St. Gallen", not "München. Next".
_NAME: Final = rf"[{_UPPER}](?:\w{{0,2}}\.|[\w'\u2019-]{{0,30}})"
_NUMBER: Final = r"\d{1,5}(?: ?[-\u2013/] ?\d{1,5})?(?: ?[a-zA-Z](?![\w-]))?"
_GAP: Final = r"(?:\s?[,|\u2022\u00b7]\s?|[ \t]{0,3}\n[ \t]{0,3}|,?[ \t]{1,3}|\s?[-\u2013]\s)"
_TOWN: Final = rf"{_NAME}(?:[ -](?:{_NAME}|am|an|der|a\.|M\.|im|in|bei|de|la|le|les|sur|en|upon|of)){{0,4}}"

# "Hauptstraße 12", "Am Alten Markt 3": the kind of street ends the word, or a word of place begins the name.
_GERMAN_KIND: Final = r"(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer|markt|graben|chaussee|steig|pfad)"
_GERMAN_STREET: Final = (
    rf"(?:{_NAME}[ -]){{0,3}}(?:[{_UPPER}][\w-]{{1,30}}(?i:{_GERMAN_KIND})"
    rf"|(?:Stra(?:ß|ss)e|Str\.|Weg|Platz|Allee|Ring)(?=\s))\s{{0,2}}{_NUMBER}"
)
_GERMAN_TOWN: Final = rf"(?:[DA]-\s?|CH-\s?)?\d{{4,5}}\s{_TOWN}"
_ENGLISH_KIND: Final = (
    r"(?:(?:Street|Avenue|Road|Boulevard|Drive|Lane|Court|Way|Place|Square|Parkway|Highway|Terrace|Crescent|Close|"
    r"Broadway|Plaza|Circle|Quay)\b|(?:St|Ave|Rd|Blvd|Dr|Ln|Ct|Pl|Sq|Pkwy|Hwy)\b\.?)"
)
_ENGLISH_STREET: Final = (
    rf"\d{{1,5}}[A-Za-z]?\s(?:(?:[NSEW]|North|South|East|West)\.?\s)?(?:(?:{_NAME}|\d{{1,3}}(?:st|nd|rd|th))\s){{1,4}}"
    rf"(?i:{_ENGLISH_KIND})(?:\s(?:[NSEW]{{1,2}}|North|South|East|West)\b\.?)?"
    rf"(?:,?\s(?:Suite|Ste|Floor|Apt|Unit|Room|\#)\.?\s?[\w-]{{1,6}}|,?\s\d{{1,2}}(?:st|nd|rd|th)\s[Ff]loor)?"
)
_US_TOWN: Final = rf"{_TOWN},?\s(?:[A-Z]{{2}}|{_NAME}(?:\s{_NAME})?),?\s\d{{5}}(?:-\d{{4}})?"
_UK_TOWN: Final = rf"{_TOWN}{_GAP}(?:{_TOWN}{_GAP})?[A-Z]{{1,2}}\d[A-Z\d]?\s\d[A-Z]{{2}}"
_FRENCH_STREET: Final = (
    r"\d{1,4}(?:\s?(?:bis|ter|quater))?,?\s"
    r"(?i:rue|avenue|av\.|boulevard|bd|place|chemin|all\u00e9e|impasse|quai|route|cours|square|passage)\s"
    rf"(?:(?:de|du|des|la|le|les|l['\u2019]|d['\u2019])\s?){{0,2}}{_NAME}(?:[ -](?:{_NAME}|de|du|des|la|le|les)){{0,5}}"
)
_ADDRESS: Final = re.compile(
    rf"(?<![\w./-])(?:{_FRENCH_STREET}(?:{_GAP}(?:F-)?\d{{5}}\s{_TOWN})?"
    rf"|{_ENGLISH_STREET}(?:{_GAP}(?:{_US_TOWN}|{_UK_TOWN}))?"
    rf"|{_GERMAN_STREET}(?:{_GAP}{_GERMAN_TOWN})?)(?!\w)"
)
# A street needs a number, and few lines hold both: all others are passed over.
_DIGIT: Final = re.compile(r"\d")


def addresses_in(text: str) -> Iterator[Found]:
    """Give the addresses of a text; the value is one line, its parts with commas between them."""
    if not _DIGIT.search(text):
        return
    for match in _ADDRESS.finditer(text):
        lines = [line.strip(" ,") for line in match[0].split("\n")]
        yield Found("address", *match.span(), ", ".join(" ".join(line.split()) for line in lines if line))
