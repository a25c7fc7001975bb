"""The packages of Office Open XML: parts, the relations between them, and the core properties."""

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.packages import Package, opened_package
from apps.extraction.engine.text import clean

# A tree takes some eight times the bytes of its XML, and a reading process has 1 GB.
MOST_XML_BYTES: Final = 96 << 20
_PROPERTIES: Final = {"title": "title", "creator": "author", "created": "created_at", "language": "language"}
_VALUE_CHARACTERS: Final = 1_000  # of a title or an author: a bound of caution


@dataclass(frozen=True)
class Relation:
    """A relation of a part: the last word of its type, and the part or address it leads to."""

    kind: str
    target: str
    is_external: bool


class Parts:
    """The parts of a package by their names, in which case does not count."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._names = {name.replace("\\", "/").lstrip("/").lower(): name for name in package.members}
        self._relations: dict[str, dict[str, Relation]] = {}

    def read(self, part: str) -> bytes:
        """Return a part's bytes; raises ReadingError where it is missing or damaged."""
        return self.package.read(self._names.get(part.lower(), part))

    def xml(self, part: str) -> etree._Element:
        """Return the root element of a part; raises ReadingError where it is missing, damaged or too large."""
        name = self._names.get(part.lower(), part)
        if name in self.package.members and self.package.members[name].file_size > MOST_XML_BYTES:
            raise ReadingError(ErrorCode.TOO_LARGE)
        return self.package.xml(name)

    def optional_xml(self, part: str | None) -> etree._Element | None:
        """Return the root element of a part the document can be read without; None where it cannot be had."""
        if part is None:
            return None
        try:
            return self.xml(part)
        except ReadingError as error:
            if error.code == ErrorCode.CORRUPT:
                return None
            raise

    def size(self, part: str) -> int | None:
        """Return the declared size of a part; None where there is none."""
        name = self._names.get(part.lower())
        return None if name is None else self.package.members[name].file_size

    def relations(self, part: str) -> dict[str, Relation]:
        """Return a part's relations by their ids; the package's own for an empty name."""
        if part not in self._relations:
            folder, name = posixpath.split(part)
            root = self.optional_xml(posixpath.join(folder, "_rels", f"{name}.rels"))
            self._relations[part] = {} if root is None else dict(_relations(root, folder))
        return self._relations[part]

    def related(self, part: str, kind: str) -> list[str]:
        """Return the parts a part is related to in a way, in the order of the file."""
        return [row.target for row in self.relations(part).values() if row.kind == kind and not row.is_external]

    def first_related(self, part: str, kind: str) -> str | None:
        """Return the first part a part is related to in a way."""
        return next(iter(self.related(part, kind)), None)

    def main(self, usual: str) -> str:
        """Return the name of the main part, `usual` where the package does not say."""
        found = self.first_related("", "officeDocument")
        return found if found and self.size(found) is not None else usual

    def metadata(self) -> dict[str, object]:
        """Return the core properties under the names of the analysis."""
        root = self.optional_xml(self.first_related("", "core-properties") or "docProps/core.xml")
        found: dict[str, object] = {}
        for element in root if root is not None else ():
            name = _PROPERTIES.get(local_name(element))
            value = " ".join(clean("".join(element.itertext())).split())[:_VALUE_CHARACTERS]
            if name and value:
                found.setdefault(name, value)
        return found


def _relations(root: etree._Element, folder: str) -> Iterator[tuple[str, Relation]]:
    for row in root.iterfind("{*}Relationship"):
        target = row.get("Target", "")
        is_external = row.get("TargetMode") == "External"
        if not is_external:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        yield row.get("Id", ""), Relation(row.get("Type", "").rpartition("/")[2], target, is_external)


@contextmanager
def opened_parts(path: Path, *, password: str | None = None) -> Iterator[Parts]:
    """Open a package within the bounds of zip files; nesting that no office program writes is damage."""
    try:
        with opened_package(path, password=password) as package:
            yield Parts(package)
    except RecursionError:
        raise ReadingError(ErrorCode.CORRUPT, "The file is nested too deeply to be read.") from None


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace, which differs between the forms of a format; "" for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element | None, name: str) -> str | None:
    """Return an attribute by its local name, whatever its namespace."""
    if element is None:
        return None
    plain = element.get(name)
    if plain is not None:
        return str(plain)
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith(f"}}{name}")), None)


def child_value(element: etree._Element | None, name: str) -> str | None:
    """Return the `val` of a child; None where there is no child, "" where it has no value."""
    child = None if element is None else element.find(f"{{*}}{name}")
    return None if child is None else attribute(child, "val") or ""


def is_on(element: etree._Element | None, name: str) -> bool:
    """Whether a switch is on: the child is there and does not say no."""
    return child_value(element, name) not in {None, "0", "false", "off", "none"}


def whole(value: str | None, default: int = 0) -> int:
    """Return a count or a level that a file gives, within 0 and a million; the default for anything else."""
    return min(int(value), 1_000_000) if value and value.isascii() and value.isdigit() else default
