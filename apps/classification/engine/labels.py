"""The document types known out of the box, read from `type_catalogue.toml`."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

OTHER = "other"
_CATALOGUE = Path(__file__).with_name("type_catalogue.toml")
_LONGEST_SLUG: Final = 60
_PLAIN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "é": "e", "è": "e", "ê": "e", "à": "a", "ç": "c"})


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
    """Make a slug of a name in words: `Delivery note` becomes `delivery_note`; "" where it has no letter or digit."""
    words = re.findall(r"[a-z0-9]+", name.casefold().replace("ß", "ss").translate(_PLAIN))
    return "_".join(words)[:_LONGEST_SLUG].strip("_")


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
