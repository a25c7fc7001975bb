"""The document types known out of the box, read from `type_catalogue.toml`."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OTHER = "other"
_CATALOGUE = Path(__file__).with_name("type_catalogue.toml")


@dataclass(frozen=True, slots=True)
class TypeLabel:
    """One document type.

    `descriptions` are compared with a document by the encoder; `names` are lower-case phrases by which documents of
    this type name themselves or their parts, in any language, matched on whole words.
    """

    slug: str
    title: str
    descriptions: tuple[str, ...]
    names: tuple[str, ...]


def _read_catalogue(path: Path) -> Iterator[TypeLabel]:
    for slug, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
        yield TypeLabel(
            slug=slug,
            title=slug.replace("_", " ").capitalize(),
            descriptions=tuple(entry["descriptions"]),
            names=tuple(entry["names"]),
        )


TYPE_LABELS: tuple[TypeLabel, ...] = tuple(_read_catalogue(_CATALOGUE))
