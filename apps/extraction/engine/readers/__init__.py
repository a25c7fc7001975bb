"""The readers, one module a format. A new format is a module with an `open_document(source)` and a row here."""

from importlib import import_module
from typing import Protocol, cast

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import OpenDocument, Source

_IMAGES = ("image/png", "image/jpeg", "image/tiff", "image/webp", "image/bmp", "image/gif")
_TEXTS = ("text/plain", "text/markdown", "text/csv", "text/tab-separated-values", "application/json", "text/x-rst")

READERS: dict[str, str] = {
    "application/pdf": "apps.extraction.engine.readers.pdf",
    **dict.fromkeys(_IMAGES, "apps.extraction.engine.readers.images"),
    **dict.fromkeys(_TEXTS, "apps.extraction.engine.readers.plain_text"),
    "text/html": "apps.extraction.engine.readers.html",
    "message/rfc822": "apps.extraction.engine.readers.mail",
}
"""Media type to module. Modules are imported when first needed, so that a reading process starts at once."""


class _ReaderModule(Protocol):
    def open_document(self, source: Source) -> OpenDocument:
        """Open a file of the module's format."""


def open_document(source: Source) -> OpenDocument:
    """Open a file with the reader of its media type."""
    module = READERS.get(source.media_type)
    if module is None:
        message = f"Files of the type {source.media_type} cannot be read."
        raise ReadingError(ErrorCode.UNSUPPORTED_TYPE, message, media_type=source.media_type)
    return cast("_ReaderModule", import_module(module)).open_document(source)
