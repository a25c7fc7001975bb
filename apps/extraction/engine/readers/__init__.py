"""The readers, one module a format. A new format is a module with an `open_document(source)` and a row here."""

from importlib import import_module
from typing import Protocol, cast

from apps.extraction.engine import containers
from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import OpenDocument, Source

_IMAGES = ("image/png", "image/jpeg", "image/tiff", "image/webp", "image/bmp", "image/gif")
_TEXTS = ("text/plain", "application/json", "text/x-rst")
_SHEETS = (containers.XLSX, containers.XLSB, containers.XLS, containers.ODS)
_FOLDER = "apps.extraction.engine.readers"

READERS: dict[str, str] = {
    "application/pdf": f"{_FOLDER}.pdf",
    containers.DOCX: f"{_FOLDER}.docx",
    containers.PPTX: f"{_FOLDER}.pptx",
    containers.DOC: f"{_FOLDER}.doc",
    containers.PPT: f"{_FOLDER}.ppt",
    "application/rtf": f"{_FOLDER}.rtf",
    **dict.fromkeys((containers.ODT, containers.ODP), f"{_FOLDER}.odf"),
    **dict.fromkeys(_IMAGES, f"{_FOLDER}.images"),
    **dict.fromkeys(_TEXTS, f"{_FOLDER}.plain_text"),
    **dict.fromkeys(("text/csv", "text/tab-separated-values"), f"{_FOLDER}.csv_text"),
    **dict.fromkeys(_SHEETS, f"{_FOLDER}.sheets"),
    "text/markdown": f"{_FOLDER}.markdown",
    "text/html": f"{_FOLDER}.html",
    "application/xml": f"{_FOLDER}.xml_text",
    "message/rfc822": f"{_FOLDER}.mail",
    "application/mbox": f"{_FOLDER}.mail.mailbox",
    containers.MSG: f"{_FOLDER}.mail.outlook",
    containers.EPUB: f"{_FOLDER}.epub",
    containers.ZIP: f"{_FOLDER}.archive",
}
"""Media type to module. Modules are imported when first needed, so that a reading process starts at once."""

_ARCHIVE = "Archives of this kind cannot be read. Send the files by themselves, or in a ZIP archive."
REFUSALS: dict[str, tuple[ErrorCode, str]] = {
    containers.PROTECTED: (
        ErrorCode.ENCRYPTED,
        "The office file is protected by a password. Remove the protection to have it read.",
    ),
    "image/heic": (ErrorCode.UNSUPPORTED_TYPE, "HEIC pictures cannot be read. Send the picture as JPEG or PNG."),
    "image/svg+xml": (ErrorCode.UNSUPPORTED_TYPE, "SVG drawings cannot be read. Send the drawing as PDF or PNG."),
    **dict.fromkeys(
        (
            "application/gzip",
            "application/x-tar",
            "application/x-7z-compressed",
            "application/x-rar-compressed",
            "application/x-bzip2",
            "application/x-xz",
        ),
        (ErrorCode.UNSUPPORTED_TYPE, _ARCHIVE),
    ),
}
"""Formats known and not read, with the code and what to do about it."""


class _ReaderModule(Protocol):
    def open_document(self, source: Source) -> OpenDocument:
        """Open a file of the module's format."""


def open_document(source: Source) -> OpenDocument:
    """Open a file with the reader of its media type."""
    module = READERS.get(source.media_type)
    if module is None:
        message = f"Files of the type {source.media_type} cannot be read."
        code, message = REFUSALS.get(source.media_type, (ErrorCode.UNSUPPORTED_TYPE, message))
        raise ReadingError(code, message, media_type=source.media_type)
    return cast("_ReaderModule", import_module(module)).open_document(source)
