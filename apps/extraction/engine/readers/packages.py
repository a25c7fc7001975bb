"""Zip packages (office files, e-books, archives) opened with bounds, and the one hardened XML parser."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lxml import etree

from apps.extraction.engine.containers import MOST_DIRECTORY_BYTES, directory_bytes
from apps.extraction.engine.errors import ErrorCode, ReadingError

# Bounds of caution against ZIP bombs, not measured; the process is bounded in memory and time besides.
MOST_MEMBERS: Final = 10_000
MOST_BYTES: Final = 512 << 20  # of all members together, unpacked
_CHUNK: Final = 1 << 20
_ENCRYPTED_FLAG = 0x1


class Package:
    """A zip file whose members are read with a common budget of bytes: the sizes a file declares may be lies."""

    def __init__(self, archive: zipfile.ZipFile, *, password: str | None = None) -> None:
        self._archive = archive
        self._left = MOST_BYTES
        self._password = password.encode() if password else None
        self.members: dict[str, zipfile.ZipInfo] = {info.filename: info for info in archive.infolist()}

    @property
    def is_encrypted(self) -> bool:
        """Whether any member needs a password."""
        return any(info.flag_bits & _ENCRYPTED_FLAG for info in self.members.values())

    def read(self, name: str) -> bytes:
        """Return a member's bytes; raises ReadingError where it is missing, damaged, locked or too large."""
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Give a member's bytes piece by piece; raises as `read` does."""
        if name not in self.members:
            raise ReadingError(ErrorCode.CORRUPT, detail=f"no member {name!r}")
        info = self.members[name]
        try:
            with self._archive.open(info, pwd=self._password) as handle:
                while part := handle.read(_CHUNK):
                    self._left -= len(part)
                    if self._left < 0:
                        raise ReadingError(ErrorCode.TOO_LARGE, "The file unpacks to more than can be read.")
                    yield part
        except RuntimeError as error:  # what zipfile raises for a member that is encrypted, or by another method
            if isinstance(error, NotImplementedError) and not info.flag_bits & _ENCRYPTED_FLAG:
                raise ReadingError(ErrorCode.CORRUPT, detail=repr(error)) from error
            code = ErrorCode.WRONG_PASSWORD if self._password else ErrorCode.ENCRYPTED
            raise ReadingError(code, detail=str(error)) from error
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, zlib.error) as error:
            raise ReadingError(ErrorCode.CORRUPT, detail=repr(error)) from error

    def xml(self, name: str) -> etree._Element:
        """Return the root element of an XML member."""
        return parsed_xml(self.read(name))


@contextmanager
def opened_package(path: Path, *, password: str | None = None) -> Iterator[Package]:
    """Open a zip file; raises ReadingError for a broken one and for one that holds or declares too much."""
    if directory_bytes(path) > MOST_DIRECTORY_BYTES:
        raise ReadingError(ErrorCode.TOO_LARGE, f"The file holds more than {MOST_MEMBERS:,} files.")
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_MEMBERS:
                raise ReadingError(ErrorCode.TOO_LARGE, f"The file holds more than {MOST_MEMBERS:,} files.")
            if sum(info.file_size for info in infos) > MOST_BYTES:
                raise ReadingError(ErrorCode.TOO_LARGE, "The file unpacks to more than can be read.")
            yield Package(archive, password=password)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, struct.error) as error:
        raise ReadingError(ErrorCode.CORRUPT, detail=repr(error)) from error


def check_package(path: Path) -> None:
    """Raise ReadingError for a zip file that should not be handed to a library, which would unpack it unchecked.

    Every member is unpacked once, and thrown away, within the budget.
    """
    with opened_package(path) as package:
        for name in package.members:
            for _ in package.chunks(name):
                pass


def parsed_xml(data: bytes, *, recover: bool = False) -> etree._Element:
    """Return the root of an XML document; entities, external files and the network stay out of it.

    With `recover` a document with defects is read as far as they allow.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=recover)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadingError(ErrorCode.CORRUPT, detail=str(error)) from error
    if root is None:
        raise ReadingError(ErrorCode.CORRUPT)
    return root
