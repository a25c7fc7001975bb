"""A paper's values as an entry for BibTeX."""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from apps.extraction.engine.fields.patterns import table
from apps.extraction.engine.fields.types import FieldReading

_SPECIAL: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_WORDS: Final = Path(__file__).with_name("words.toml")


def bibtex(values: Sequence[FieldReading]) -> str:
    """Return the entry of a paper with the values there are; an empty text where there is no title.

    Its key is the first author's last name, the year and the title's first word that says something.
    """
    title, doi, year = (_first(values, key) for key in ("title", "doi", "year"))
    authors = [str(value.value) for value in values if value.key == "authors"]
    if not title:
        return ""
    fields = {"title": f"{{{_escaped(title)}}}", "author": _escaped(" and ".join(authors)), "year": year, "doi": doi}
    rows = [f"  {name} = {{{text}}}" for name, text in fields.items() if text]
    return f"@article{{{_key(authors, year, title)},\n" + ",\n".join(rows) + "\n}\n"


def _first(values: Sequence[FieldReading], key: str) -> str:
    return next((str(value.value) for value in values if value.key == key), "")


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in text)


def _key(authors: Sequence[str], year: str, title: str) -> str:
    name = authors[0].split()[-1] if authors else ""
    words = [word for word in re.findall(r"\w+", title.lower()) if word not in table(_WORDS)["small"]]
    return "".join(map(_ascii, (name, year, words[0] if words else ""))) or "paper"


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain)
