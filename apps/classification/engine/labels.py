"""The document types known out of the box, read from `type_catalogue.toml`."""

import re
import tomllib
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

OTHER = "other"
_CATALOGUE = Path(__file__).with_name("type_catalogue.toml")
_LONGEST_SLUG: Final = 60
# Letters that are no other one with an accent, or are commonly written as two.
_PLAIN: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d"}
)


@dataclass(frozen=True, slots=True)
class TypeLabel:
    """One document type.

    `sentence` says what it is, as people would; `descriptions` are compared with a document by the encoder; `names` are
    lower-case phrases by which documents of this type name themselves or their parts, in any language, matched on whole
    words.
    """

    slug: str
    title: str
    sentence: str
    descriptions: tuple[str, ...]
    names: tuple[str, ...]


def slug_of_name(name: str) -> str:
    """Make a slug of a name in words: `Delivery note` becomes `delivery_note`; "" without a Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    words = re.findall(r"[a-z0-9]+", "".join(sign for sign in plain if not unicodedata.combining(sign)))
    return "_".join(words)[:_LONGEST_SLUG].strip("_")


def slug_of_own(name: str) -> str:
    """Make a slug of the name of a type of one's own; in another script one made of its letters' codes.

    "" where there is no letter or digit at all.
    """
    of_letters = f"type_{zlib.crc32(name.casefold().encode()):08x}" if any(sign.isalnum() for sign in name) else ""
    return slug_of_name(name) or of_letters


def _read_catalogue(path: Path) -> Iterator[TypeLabel]:
    for slug, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
        yield TypeLabel(
            slug=slug,
            title=slug.replace("_", " ").capitalize(),
            sentence=entry["sentence"],
            descriptions=tuple(entry["descriptions"]),
            names=tuple(entry["names"]),
        )


TYPE_LABELS: tuple[TypeLabel, ...] = tuple(_read_catalogue(_CATALOGUE))
