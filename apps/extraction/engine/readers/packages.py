"""Zip packages (office files, e-books, archives) opened with bounds, and the one hardened XML parser."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lxml import etree

from apps.extraction.engine.errors import ErrorCode, ReadingError

MOST_MEMBERS: Final = 10_000
MOST_BYTES: Final = 512 << 20  # of all members together, unpacked
_CHUNK: Final = 1 << 20


class Package:
    """A zip file whose members are read with a common budget of bytes: the sizes a file declares may be lies."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = MOST_BYTES
        self.members: dict[str, zipfile.ZipInfo] = {info.filename: info for info in archive.infolist()}

    def read(self, name: str) -> bytes:
        """Return a member's bytes; raises ReadingError where it is missing, damaged, locked or too large."""
        if name not in self.members:
            raise ReadingError(ErrorCode.CORRUPT, detail=f"no member {name!r}")
        parts = []
        try:
            with self._archive.open(self.members[name]) as handle:
                while part := handle.read(_CHUNK):
                    self._left -= len(part)
                    if self._left < 0:
                        raise ReadingError(ErrorCode.TOO_LARGE, "The file unpacks to more than can be read.")
                    parts.append(part)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
            raise ReadingError(ErrorCode.CORRUPT, detail=repr(error)) from error
        except RuntimeError as error:  # what zipfile raises for a member that is encrypted
            raise ReadingError(ErrorCode.ENCRYPTED, detail=str(error)) from error
        return b"".join(parts)

    def xml(self, name: str) -> etree._Element:
        """Return the root element of an XML member."""
        return parsed_xml(self.read(name))


@contextmanager
def opened_package(path: Path) -> Iterator[Package]:
    """Open a zip file; raises ReadingError for a broken one and for one that holds or declares too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_MEMBERS:
                raise ReadingError(ErrorCode.TOO_LARGE, f"The file holds more than {MOST_MEMBERS:,} files.")
            if sum(info.file_size for info in infos) > MOST_BYTES:
                raise ReadingError(ErrorCode.TOO_LARGE, "The file unpacks to more than can be read.")
            yield Package(archive)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
        raise ReadingError(ErrorCode.CORRUPT, detail=repr(error)) from error


def check_package(path: Path) -> None:
    """Raise ReadingError for a zip file that should not be handed to a library, which would unpack it unchecked.

    Every member is unpacked once, and thrown away, within the budget.
    """
    with opened_package(path) as package:
        for name in package.members:
            package.read(name)


def parsed_xml(data: bytes) -> etree._Element:
    """Return the root of an XML document; entities, external files and the network stay out of it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadingError(ErrorCode.CORRUPT, detail=str(error)) from error
    return root
