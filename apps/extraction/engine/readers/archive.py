"""ZIP archives: the names of the files inside, which are documents of their own."""

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import BlockDocument, LogicalPage, Source
from apps.extraction.engine.readers.names import media_type_by_name, safe_name
from apps.extraction.engine.readers.packages import opened_package
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import Block, ChildFile

_SPANNED = b"PK\x07\x08"
# What systems put beside the files of a person.
_NOISE = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})


class ArchiveDocument(BlockDocument):
    """An archive. The key of a file inside is its path."""

    def __init__(self, source: Source, children: list[ChildFile]) -> None:
        self._source = source
        shown = [Block(kind="list_item", text=clean(child.key).replace("\n", " ")) for child in children]
        super().__init__(source, [LogicalPage(blocks=shown)], {}, children=children)

    def child(self, key: str) -> bytes:
        """Return a file's bytes, unpacked."""
        with opened_package(self._source.path, password=self._source.password) as package:
            return package.read(key)


def open_document(source: Source) -> ArchiveDocument:
    """List the files; an archive that needs a password is opened with one."""
    with source.path.open("rb") as handle:
        if handle.read(4) == _SPANNED:
            message = "This is one part of an archive that was split into several. Join the parts to have it read."
            raise ReadingError(ErrorCode.UNSUPPORTED_TYPE, message)
    with opened_package(source.path, password=source.password) as package:
        names = [name for name, info in package.members.items() if not info.is_dir() and not _is_noise(name)]
        if package.is_encrypted:
            locked = next(name for name, info in package.members.items() if info.flag_bits & 1)
            next(package.chunks(locked), b"")  # raises, unless the password fits
        children = [
            ChildFile(
                key=name,
                name=safe_name(name) or "file",
                media_type=media_type_by_name(name),
                size=package.members[name].file_size,
            )
            for name in names
        ]
    if not children:
        raise ReadingError(ErrorCode.EMPTY)
    return ArchiveDocument(source, children)


def _is_noise(path: str) -> bool:
    return path.startswith("__MACOSX/") or path.rpartition("/")[2].lower() in _NOISE
